"""A tracker store that writes one row per turn, with the turn's answer beside it, and never hides a failed write.

Rasa's SQL store writes a row per event, which was the second largest cost of a turn. Here a turn is one row. A failed
turn leaves no row, and an answered turn is idempotent: a retry returns the stored answer without running.
"""

import asyncio
import json
import time
from collections.abc import Iterable
from typing import Any

import sqlalchemy as sa
from rasa.core.agent import Agent
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import deserialise_events
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine import dialogue_tables
from bot.engine.environment import dialogue_database, home

# A dialogue untouched for this long is dropped; the intake draft and the transcript are kept elsewhere.
KEEP_DAYS = 30


class StillInLog(Exception):
    """Rows were deleted, but somebody who reads keeps their words in the log of writes: ask again."""


class DialogueStore(TrackerStore):
    """Dialogues in ``rasa_tracker.db`` under TECHREF_HOME, or in PostgreSQL; named in endpoints.yml."""

    def __init__(
        self, domain: Domain | None = None, event_broker: Any = None, host: str | None = None, **kwargs: Any
    ) -> None:
        super().__init__(domain, event_broker, **kwargs)
        home().mkdir(parents=True, exist_ok=True)
        self._engine, self._turns = dialogue_tables.connect(dialogue_database())

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """Return the dialogue so far, or None when there is none."""
        turns = self._turns
        query = sa.select(turns.c.events).where(turns.c.sender == sender_id).order_by(turns.c.first_event)
        rows = await self._read(query)
        if not rows:
            return None
        tracker = self.init_tracker(sender_id)
        for event in deserialise_events([event for row in rows for event in json.loads(row.events)]):
            tracker.update(event, self.domain)
        return tracker

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """Return an empty dialogue. Unlike Rasa's, it is not written before its first successful turn."""
        return self.init_tracker(sender_id)

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Write the new events of a dialogue, for Rasa's own commands. Turns use ``record_turn``."""
        await self._add(tracker, None, None)

    async def record_turn(self, tracker: DialogueStateTracker, message_id: str, result: dict[str, Any]) -> None:
        """Write a turn's events and its answer, in one row.

        Raises sqlalchemy.exc.IntegrityError when another process has written to this dialogue meanwhile.
        """
        await self._add(tracker, message_id, json.dumps(result))

    async def recorded(self, sender_id: str, message_id: str) -> dict[str, Any] | None:
        """Return the stored answer to this message, or None when it has not been answered."""
        turns = self._turns
        rows = await self._read(
            sa.select(turns.c.result).where(turns.c.sender == sender_id, turns.c.message_id == message_id)
        )
        return json.loads(rows[0].result) if rows else None

    async def keys(self) -> Iterable[str]:
        """Return every sender that has a dialogue."""
        return [row.sender for row in await self._read(sa.select(self._turns.c.sender).distinct())]

    async def forget(self, sender_id: str) -> int:
        """Delete one dialogue; return the number of turns deleted. Raises StillInLog."""
        return await self._delete(self._turns.c.sender == sender_id)

    async def forget_conversation(self, conversation_id: str) -> int:
        """Delete the dialogues of all episodes of a conversation; return the number of turns. Raises StillInLog."""
        return await self._delete(self._turns.c.sender.startswith(conversation_id + ".", autoescape=True))

    async def forget_old(self, now: float | None = None) -> int:
        """Delete dialogues whose last turn is more than KEEP_DAYS old; return the number of turns deleted."""
        turns = self._turns
        limit = (time.time() if now is None else now) - KEEP_DAYS * 86_400
        old = sa.select(turns.c.sender).group_by(turns.c.sender).having(sa.func.max(turns.c.saved_at) < limit)
        return await self._delete(turns.c.sender.in_(old.scalar_subquery()))

    async def _add(self, tracker: DialogueStateTracker, message_id: str | None, result: str | None) -> None:
        """Insert one row for the events that the database does not have yet."""
        turns, sender = self._turns, tracker.sender_id
        known = sa.select(sa.func.max(turns.c.first_event + turns.c.event_count)).where(turns.c.sender == sender)
        events = list(tracker.events)

        def write() -> None:
            with self._engine.begin() as connection:
                first = connection.execute(known).scalar() or 0
                new = [event.as_dict() for event in events[first:]]
                if new:
                    connection.execute(
                        turns.insert().values(
                            sender=sender,
                            first_event=first,
                            event_count=len(new),
                            message_id=message_id,
                            events=json.dumps(new),
                            result=result,
                            saved_at=time.time(),
                        )
                    )

        await asyncio.to_thread(write)

    async def _read(self, query: sa.sql.Select) -> list[Any]:
        def read() -> list[Any]:
            with self._engine.connect() as connection:
                return connection.execute(query).all()

        return await asyncio.to_thread(read)

    async def _delete(self, condition: Any) -> int:
        def delete() -> int:
            with self._engine.begin() as connection:
                deleted = connection.execute(self._turns.delete().where(condition)).rowcount
            if not dialogue_tables.empty_log(self._engine):
                raise StillInLog
            return deleted

        return await asyncio.to_thread(delete)


def install() -> None:
    """Keep Rasa from wrapping the store: its fail-safe wrapper answers from memory when a write fails, and loses it."""
    wrap = Agent._create_tracker_store

    def leave_alone(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if isinstance(store, DialogueStore):
            store.domain = domain
            return store
        return wrap(store, domain)

    Agent._create_tracker_store = staticmethod(leave_alone)
