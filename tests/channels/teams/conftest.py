"""A gateway with Teams switched on, and a Microsoft beside it."""

import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
import pytest_asyncio

from bot.store.tables import Contract
from tests.support.fake_microsoft import CUSTOMER_TENANT, FakeMicrosoft, Sent
from tests.support.gateway_fixture import Gateway, eventually, open_gateway

FIXTURES = Path(__file__).parent / "fixtures"
ADDRESS = "/channels/teams/messages"
Json = dict[str, Any]


@pytest.fixture
def microsoft() -> Iterator[FakeMicrosoft]:
    running = FakeMicrosoft()
    yield running
    running.close()
    assert not running.refused, running.refused


class Teams:
    """Teams, as it calls our gateway on behalf of people."""

    def __init__(self, gateway: Gateway, microsoft: FakeMicrosoft) -> None:
        self.gateway, self.microsoft = gateway, microsoft
        self.browser = gateway.browser()

    def activity(self, name: str, **changes: Any) -> Json:
        """A captured activity with its placeholders filled in; ``changes`` replace its fields."""
        raw = (FIXTURES / f"{name}.json").read_text(encoding="utf-8")
        activity: Json = json.loads(raw.replace("{{SERVICE_URL}}", self.microsoft.service_url))
        return {**activity, **changes}

    async def post(self, activity: object, token: str | None = "", raw: bytes | None = None) -> httpx.Response:
        """Send it, signed as Microsoft does unless another ``token`` is given (None: none at all)."""
        headers = {"Content-Type": "application/json"}
        if token is not None:
            headers["Authorization"] = f"Bearer {token or self.microsoft.sign()}"
        content = raw if raw is not None else json.dumps(activity).encode()
        return await self.browser.post(ADDRESS, content=content, headers=headers)

    async def says(self, name: str, **changes: Any) -> None:
        """Send a captured activity and see it accepted."""
        answer = await self.post(self.activity(name, **changes))
        assert answer.status_code == 200, answer.text

    async def hears(self, conversation: str, words: str, seconds: float = 15) -> Sent:
        """Wait until we have said these words there."""
        found: list[Sent] = []

        async def said() -> bool:
            found.extend(one for one in self.microsoft.said_in(conversation) if words in json.dumps(one.activity))
            return bool(found)

        await eventually(said, seconds)
        return found[0]


@pytest_asyncio.fixture
async def gateway(home: Path, microsoft: FakeMicrosoft) -> AsyncIterator[Gateway]:
    async with open_gateway(home, microsoft.environ) as opened:
        async with opened.ctx.db.write() as session:
            session.add(
                Contract(
                    number="C-100",
                    company="Brightson Ltd",
                    status="active",
                    starts_on=date(2026, 1, 1),
                    teams_tenant_id=CUSTOMER_TENANT.upper(),
                )
            )
        yield opened


@pytest_asyncio.fixture
async def teams(gateway: Gateway, microsoft: FakeMicrosoft) -> Teams:
    return Teams(gateway, microsoft)
