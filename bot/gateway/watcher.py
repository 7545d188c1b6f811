"""Notice what other processes wrote (actions, another gateway, the command line) and wake the streams it concerns."""

import asyncio
import logging
from datetime import datetime, timedelta

import aiosqlite
from sqlalchemy import select

from bot.http.hub import Hub
from bot.services.context import Context
from bot.services.hand_off import DESK
from bot.store.tables import Conversation, HandOff

log = logging.getLogger(__name__)

EVERY_SECONDS = 0.25
# Rows are stamped before their transaction commits, so each look reaches back: a wake too many costs one query.
REACH_BACK = timedelta(seconds=10)


class Watcher:
    """Polls a few times a second; on SQLite one PRAGMA tells whether there is anything to look for at all."""

    def __init__(self, ctx: Context, hub: Hub) -> None:
        self._ctx, self._hub = ctx, hub
        self._seen: dict[str, datetime] = {}
        self._since = ctx.clock()

    async def run(self) -> None:
        """Runs until cancelled."""
        while True:
            try:
                await self._run()
            except Exception:
                log.exception("watching the database failed; trying again")
                await asyncio.sleep(1)

    async def _run(self) -> None:
        if not self._ctx.db.is_sqlite:
            while True:
                await self._look()
                await asyncio.sleep(EVERY_SECONDS)
        async with aiosqlite.connect(self._ctx.db.url.database or "", isolation_level=None) as connection:
            version = None
            while True:
                # Counts commits of every connection but this one, which writes nothing.
                async with connection.execute("PRAGMA data_version") as cursor:
                    latest = await cursor.fetchone()
                if latest != version:
                    version = latest
                    await self._look()
                await asyncio.sleep(EVERY_SECONDS)

    async def _look(self) -> None:
        since = self._since - REACH_BACK
        changed = {}
        async with self._ctx.db.read() as session:
            for table, prefix in ((Conversation, ""), (HandOff, "hand-off ")):
                rows = await session.execute(select(table.id, table.updated_at).where(table.updated_at > since))
                changed.update({f"{prefix}{row_id}": stamp for row_id, stamp in rows})
        news = {topic for topic, stamp in changed.items() if self._seen.get(topic) != stamp}
        self._seen = changed
        self._since = max([self._since, *changed.values()])
        self._wake(news)

    def _wake(self, news: set[str]) -> None:
        if any(topic.startswith("hand-off ") for topic in news):
            # Everybody's place in the queue may have changed.
            news = set(self._hub.topics())
        elif news:
            news = {*news, DESK}
        for topic in news:
            self._hub.wake(topic)
