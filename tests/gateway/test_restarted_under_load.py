"""PostgreSQL or Redis is restarted while customers write: what was acknowledged is stored, once and in order."""

import asyncio
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.attack import target as attacked
from tests.chaos.clients import Client
from tests.support.postgres_cluster import PostgresCluster, postgres_cluster
from tests.support.redis_server import RedisServer, running_redis

pytestmark = [pytest.mark.slow, pytest.mark.timeout(400)]
CUSTOMERS, MESSAGES, RESTARTS = 8, 12, 3
DOWN_SECONDS, BETWEEN_SECONDS = 1.0, 2.0


@dataclass
class Writer:
    """A customer who sends each message until it is acknowledged."""

    client: Client
    path: str = ""
    sent: list[str] = field(default_factory=list)

    async def writes(self) -> None:
        opened = (await self.client.asks("POST", "/api/conversations", {})).raise_for_status().json()
        self.path = f"/api/conversations/{opened['conversation_id']}/messages"
        self.client.headers["Authorization"] = f"Bearer {opened['token']}"
        for number in range(MESSAGES):
            body = {"client_message_id": str(uuid.uuid4()), "text": f"It crashes when I print, try {number}"}
            answer = await self.client.asks("POST", self.path, body)
            assert answer.status_code in (200, 202), answer.text
            self.sent.append(body["client_message_id"])
            await asyncio.sleep(0.5)

    async def reads(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await self.client.asks("GET", self.path)).raise_for_status().json()["messages"]
        return found

    async def is_answered(self) -> bool:
        return bool((await self.reads())[-1]["author"] != "customer")


@pytest.fixture
def cluster() -> Iterator[PostgresCluster]:
    with postgres_cluster() as running:
        yield running


@pytest.fixture
def redis_server(tmp_path: Path) -> Iterator[RedisServer]:
    with running_redis(tmp_path) as running:
        yield running


async def restart(stop: Callable[[int], None], start: Callable[[], None]) -> None:
    for number in range(RESTARTS):
        await asyncio.sleep(BETWEEN_SECONDS)
        await asyncio.to_thread(stop, number)
        await asyncio.sleep(DOWN_SECONDS)
        await asyncio.to_thread(start)


async def write_meanwhile(url: str, stop: Callable[[int], None], start: Callable[[], None]) -> list[Writer]:
    """Customers write while the server is restarted; everybody is answered in the end."""
    async with httpx.AsyncClient(base_url=url, timeout=60, trust_env=False) as http:
        writers = [Writer(Client(http)) for _ in range(CUSTOMERS)]
        await asyncio.gather(restart(stop, start), *(one.writes() for one in writers))
        async with asyncio.timeout(120):
            while not all([await one.is_answered() for one in writers]):  # noqa: ASYNC110 - as a browser asks
                await asyncio.sleep(0.5)
        for one in writers:
            stored = await one.reads()
            own = [message["client_message_id"] for message in stored if message["author"] == "customer"]
            assert own == one.sent, "lost, repeated or out of order"
            assert [message["seq"] for message in stored] == list(range(1, len(stored) + 1))
    return writers


async def test_postgresql_is_restarted(tmp_path: Path, cluster: PostgresCluster) -> None:
    """Once in order, and as after a crash."""
    with attacked.target(tmp_path / "home", {"TECHREF_DATABASE_URL": cluster.url}) as gateway:
        writers = await write_meanwhile(
            gateway.url, lambda number: cluster.stop("fast" if number % 2 else "immediate"), cluster.start
        )
        assert [what for one in writers for what in one.client.unexpected] == []


async def test_redis_is_restarted(tmp_path: Path, cluster: PostgresCluster, redis_server: RedisServer) -> None:
    environ = {"TECHREF_DATABASE_URL": cluster.url, "TECHREF_REDIS_URL": redis_server.url}
    with attacked.target(tmp_path / "home", environ) as gateway:
        writers = await write_meanwhile(gateway.url, lambda _number: redis_server.kill(), redis_server.start)
        assert [what for one in writers for what in one.client.unexpected] == []
