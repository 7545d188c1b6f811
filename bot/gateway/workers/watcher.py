"""Notice what other processes wrote (actions, another gateway, the command line) and wake the streams it concerns."""

import asyncio
import contextlib
import time
from collections.abc import Callable
from datetime import datetime, timedelta

import aiosqlite
from sqlalchemy import bindparam, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.gateway.supervise import beat
from bot.http.hub import Hub
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.queue import queue_order
from bot.store.tables import Conversation, HandOff

EVERY_SECONDS = 0.25
# While Redis says at once what other gateways did, the database is asked only for what nobody said.
EVERY_SECONDS_WHEN_TOLD = 2.0
# Rows are stamped before their transaction commits, so each look reaches back: a wake too many costs one query.
REACH_BACK = timedelta(seconds=10)
# The desk counts its queue anew at every wake: for news of conversations alone that is not done all the time.
DESK_EVERY_SECONDS = 1.0
# Built once, because they are asked four times a second.
_CHANGED = select(Conversation.id, Conversation.updated_at).where(Conversation.updated_at > bindparam("since"))
_MOVED = select(HandOff.id, HandOff.conversation_id, HandOff.updated_at).where(HandOff.updated_at > bindparam("since"))
_WAITING = select(HandOff.conversation_id).where(HandOff.state == queue_order.WAITING)


class Watcher:
    """Polls a few times a second; on SQLite one PRAGMA tells whether there is anything to look for at all.

    ``told``: whether other gateways tell us themselves, so that seldom looking is enough.
    """

    def __init__(self, ctx: Context, hub: Hub, told: Callable[[], bool] = lambda: False) -> None:
        self._ctx, self._hub, self._told = ctx, hub, told
        self._seen: dict[str, datetime] = {}
        self._seen_hand_offs: dict[int, datetime] = {}
        self._since = ctx.clock()
        self._soon = asyncio.Event()
        self._desk_owed, self._desk_woken = False, 0.0

    def look_soon(self) -> None:
        """The line may have moved, or nobody tells us any more: look after a pause as short as without being told."""
        self._soon.set()

    async def run(self) -> None:
        """Watch until cancelled; raise what the database raises."""
        if not self._ctx.db.is_sqlite:
            while True:
                await self._look()
                beat()
                await self._pause()
        async with aiosqlite.connect(self._ctx.db.url.database or "", isolation_level=None) as connection:
            version = None
            while True:
                # Counts commits of every connection but this one, which writes nothing.
                async with connection.execute("PRAGMA data_version") as cursor:
                    latest = await cursor.fetchone()
                if latest != version:
                    version = latest
                    await self._look()
                self._wake_desk()
                beat()
                await self._pause()

    async def _pause(self) -> None:
        # However often somebody wants us to look: not more often than without being told.
        await asyncio.sleep(EVERY_SECONDS)
        if self._told():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(EVERY_SECONDS_WHEN_TOLD - EVERY_SECONDS):
                    await self._soon.wait()
        self._soon.clear()

    async def _look(self) -> None:
        since = self._since - REACH_BACK
        async with self._ctx.db.read() as session:
            rows = await session.execute(_CHANGED, {"since": since})
            changed = dict(rows.tuples().all())
            line = await self._moved_in_line(session, since)
        for conversation_id, stamp in changed.items():
            if self._seen.get(conversation_id) != stamp:
                self._hub.wake(conversation_id, stamp)
                self._desk_owed = True
        self._seen = changed
        latest = max([self._since, *changed.values(), *self._seen_hand_offs.values()])
        # Never later than now: rows written after the clock was set back must be found as well.
        self._since = min(latest, self._ctx.clock())
        for conversation_id in line:
            self._hub.wake(conversation_id)
        self._wake_desk(at_once=bool(line))

    async def _moved_in_line(self, session: AsyncSession, since: datetime) -> set[str]:
        """Whose hand-off changed, and, if any did, everybody who waits: their place may be another."""
        rows = list(await session.execute(_MOVED, {"since": since}))
        moved = {row.conversation_id for row in rows if self._seen_hand_offs.get(row.id) != row.updated_at}
        self._seen_hand_offs = {row.id: row.updated_at for row in rows}
        if moved:
            moved.update(await session.scalars(_WAITING))
        return moved

    def _wake_desk(self, *, at_once: bool = False) -> None:
        now = time.monotonic()
        if at_once or (self._desk_owed and now - self._desk_woken >= DESK_EVERY_SECONDS):
            self._desk_owed, self._desk_woken = False, now
            self._hub.wake(DESK)
