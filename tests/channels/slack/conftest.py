"""A gateway with Slack switched on, and a stand-in for Slack beside it."""

import copy
import json
from collections.abc import AsyncIterator, Iterator
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import pytest_asyncio

from bot.services.channel import message_changes
from bot.services.conversation import lifecycle, transcript
from bot.store.tables import ChannelThread, Contract
from tests.support.fake_slack import FakeSlack, signed
from tests.support.gateway_fixture import Gateway, eventually, open_gateway

FIXTURES = Path(__file__).parent / "fixtures"
Json = dict[str, Any]


@pytest.fixture
def fake() -> Iterator[FakeSlack]:
    running = FakeSlack().start()
    yield running
    running.stop()


def captured(name: str, fake: FakeSlack | None = None) -> Json:
    """A payload of the shape that Slack sends."""
    raw = (FIXTURES / f"{name}.json").read_text(encoding="utf-8")
    found: Json = json.loads(raw.replace("FAKE", fake.url if fake else "https://files.slack.com"))
    return found


class Slack:
    """Slack, as it calls our gateway on behalf of people."""

    def __init__(self, gateway: Gateway, fake: FakeSlack) -> None:
        self.gateway, self.fake = gateway, fake
        self.browser = gateway.browser()

    async def post(self, address: str, body: bytes, **headers: str) -> httpx.Response:
        at = self.gateway.clock().timestamp()
        return await self.browser.post(
            f"/channels/slack/{address}", content=body, headers={**signed(body, at), **headers}
        )

    async def event(self, payload: Json | str, **changes: Any) -> httpx.Response:
        """Send an envelope, or the captured one of this name with fields of its event changed."""
        envelope = captured(payload, self.fake) if isinstance(payload, str) else copy.deepcopy(payload)
        envelope.get("event", {}).update(changes)
        body = json.dumps(envelope).encode()
        answer = await self.post("events", body, **{"Content-Type": "application/json"})
        assert answer.status_code == 200, answer.text
        return answer

    async def writes(self, text: str, number: int, **changes: Any) -> None:
        """Kim writes directly to the app."""
        ts = f"1750171{number:03d}.000100"
        await self.event("message_im", text=text, ts=ts, event_ts=ts, **changes)

    async def interaction(self, name: str, conversation_id: str, **more: str) -> httpx.Response:
        """Send a captured press or form, about this conversation."""
        raw = json.dumps(captured(name)).replace("CONVERSATION", conversation_id)
        for placeholder, value in more.items():
            raw = raw.replace(placeholder, value)
        body = urlencode({"payload": raw}).encode()
        answer = await self.post("interactions", body, **{"Content-Type": "application/x-www-form-urlencoded"})
        assert answer.status_code == 200 and answer.content == b"", answer.text
        return answer

    async def threads(self) -> list[ChannelThread]:
        async with self.gateway.ctx.db.read() as session:
            rows = await session.execute(ChannelThread.__table__.select().order_by(ChannelThread.updated_at))
            return [ChannelThread(**row._mapping) for row in rows]

    async def conversation(self) -> str:
        """The only conversation there is."""
        (thread,) = await self.threads()
        return thread.conversation_id

    async def transcript(self, conversation_id: str | None = None) -> list[Json]:
        async with self.gateway.ctx.db.read() as session:
            return await transcript.messages_after(session, conversation_id or await self.conversation(), 0)

    async def written(self, conversation_id: str | None = None) -> list[tuple[str, str]]:
        """(who, what) of everything customers wrote."""
        said = await self.transcript(conversation_id)
        return [(one["author_name"], one["text"]) for one in said if one["author"] == "customer"]

    async def changes(self) -> list[message_changes.ChangeView]:
        async with self.gateway.ctx.db.read() as session:
            return await message_changes.message_changes_view(session, await self.conversation())

    async def we_say(self, conversation_id: str, text: str, **fields: Any) -> None:
        """Something of ours that the outbox then owes to Slack."""
        ctx = self.gateway.ctx
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, conversation_id, lock=True)
            if fields.get("author") == "technician":
                await transcript.append_message(session, conversation, ctx.clock(), text=text, **fields)
            else:
                given = {"author": "assistant", "author_name": "Quill", **fields}
                await transcript.say(session, conversation, ctx.clock(), text, **given)
        ctx.wake(conversation_id)

    async def we_say_at_once(self, conversation_id: str, *messages: Json) -> None:
        """Several things of ours in one transaction, as a turn stores them."""
        ctx = self.gateway.ctx
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, conversation_id, lock=True)
            for message in messages:
                fields = {"author": "assistant", "author_name": "Quill", **message}
                await transcript.say(session, conversation, ctx.clock(), **fields)
        ctx.wake(conversation_id)

    async def hears(self, words: str, seconds: float = 20) -> Json:
        """Wait until Slack has taken a message of ours with these words."""

        async def said() -> bool:
            return any(words in json.dumps(one, ensure_ascii=False) for one in list(self.fake.posted))

        await eventually(said, seconds)
        return next(one for one in self.fake.posted if words in json.dumps(one, ensure_ascii=False))


@pytest_asyncio.fixture
async def gateway(home: Path, fake: FakeSlack) -> AsyncIterator[Gateway]:
    async with open_gateway(home, fake.environ) as opened:
        terms = {"status": "active", "starts_on": date(2026, 1, 1)}
        async with opened.ctx.db.write() as session:
            session.add(Contract(number="C-HOST", company="Vendor", slack_team_id="T0HOST", **terms))
            session.add(Contract(number="C-CUSTOMER", company="Brightsons", slack_team_id="T7CUSTOMER", **terms))
        yield opened


@pytest_asyncio.fixture
async def slack(gateway: Gateway, fake: FakeSlack) -> Slack:
    return Slack(gateway, fake)
