"""A real database, migrated by Alembic, with the wiring of the product and a clock that tests set."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.dialogue.plan import ReplyPart
from bot.services.channel import receive
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.manual_search import Manual
from bot.services.turn import turns
from bot.services.turn.conversation_lease import Lease
from bot.services.turn.turns import Prepared
from bot.settings.env.settings import load_settings
from bot.settings.support.load import load_support
from bot.store.database import Database
from bot.store.tables import Technician
from tests.support import statement_cache
from tests.support.turn_outcomes import outcome_of

SUPPORT = load_support(Path("no-such-home"))
# A Wednesday, 10:00 in New York: the office is open.
OFFICE_OPEN = datetime(2026, 6, 17, 14, 0, tzinfo=UTC)
statement_cache.install()


class Clock:
    """The present moment, as the test says."""

    def __init__(self) -> None:
        self.now = OFFICE_OPEN

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **step: float) -> None:
        self.now += timedelta(**step)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def ctx(tmp_path: Path, database_url: str, clock: Clock) -> AsyncIterator[Context]:
    """What ``wire`` makes, without reading the lines of support.yml anew for each test."""
    settings = load_settings({"TECHREF_HOME": str(tmp_path), "TECHREF_DATABASE_URL": database_url})
    context = Context(settings, SUPPORT, Database(settings.database_url), Manual(settings.home), clock)
    yield context
    await context.db.close()


class Customer:
    """Somebody who writes; each call goes through the same functions as the HTTP interface."""

    def __init__(self, ctx: Context, conversation_id: str, token: str) -> None:
        self.ctx, self.id, self.token, self._count = ctx, conversation_id, token, 0

    @classmethod
    async def arrives(cls, ctx: Context) -> "Customer":
        opened = await lifecycle.open_conversation(ctx)
        return cls(ctx, opened.conversation_id, opened.token)

    async def writes(self, text: str, seen_seq: int | None = None) -> dict[str, Any]:
        self._count += 1
        incoming = receive.Incoming(f"m{self._count}", text=text, seen_seq=seen_seq)
        return (await receive.receive(self.ctx, self.id, incoming)).message

    async def chooses(self, choice_id: str) -> dict[str, Any]:
        self._count += 1
        incoming = receive.Incoming(f"m{self._count}", choice=choice_id)
        return (await receive.receive(self.ctx, self.id, incoming)).message

    async def reads(self, after_seq: int = 0) -> list[dict[str, Any]]:
        async with self.ctx.db.read() as session:
            return await transcript.messages_after(session, self.id, after_seq)

    async def state(self) -> dict[str, Any]:
        async with self.ctx.db.read() as session:
            return dict[str, Any](await lifecycle.conversation_state(self.ctx, session, self.id))

    async def begins_a_turn(self) -> tuple[Lease, Prepared]:
        begun = await turns.begin(self.ctx, self.id)
        assert begun is not None
        return begun

    async def is_answered(self, *parts: str | ReplyPart, choices: tuple[dict[str, Any], ...] = ()) -> None:
        lease, prepared = await self.begins_a_turn()
        outcome = outcome_of(self.ctx, *parts, choices=choices)
        assert await turns.complete(self.ctx, lease, prepared, outcome) is None


@pytest.fixture
async def customer(ctx: Context) -> Customer:
    return await Customer.arrives(ctx)


async def add_technician(ctx: Context, name: str) -> Technician:
    async with ctx.db.write() as session:
        technician = Technician(
            email=f"{name.lower()}@vendor.example", name=name, password_hash="-", created_at=ctx.clock()
        )
        session.add(technician)
    return technician


@pytest.fixture
async def anna(ctx: Context) -> Technician:
    return await add_technician(ctx, "Anna")


@pytest.fixture
async def ben(ctx: Context) -> Technician:
    return await add_technician(ctx, "Ben")
