"""The position of one event stream, so that it sends each message once and in order."""

from datetime import datetime
from typing import Any

from bot.http.streams import Event
from bot.services.conversation import lifecycle, rating, transcript
from bot.services.core.context import Context
from bot.services.queue import queue_position_cache
from bot.triage.hand_off.ownership import Owner


class StreamState:
    """Looks for news of one conversation: messages after the last one sent, masked ones, and the state.

    How the conversation stands says whether there is any message to read, so that the many looks that find nothing
    cost one query.
    """

    def __init__(self, ctx: Context, conversation_id: str, after_seq: int) -> None:
        self._ctx, self._conversation_id, self._after = ctx, conversation_id, after_seq
        self._state: lifecycle.CustomerState | None = None
        self._changes = 0
        self._revisions: dict[int, int] = {}
        self.as_of: datetime | None = None

    async def look(self) -> list[Event]:
        """Return the messages that were changed since they were sent, the new ones, and the state when it changed."""
        changed, messages = [], []
        async with self._ctx.db.read() as session:
            now = await lifecycle.load_state(session, self._conversation_id)
            rated = await rating.rating_request(session, now.issue_id, now.issue_status)
            if now.revisions != self._changes:
                changed = await transcript.messages_changed(session, self._conversation_id, self._after)
            if now.last_seq > self._after:
                messages = await transcript.messages_after(session, self._conversation_id, self._after)
        place = await queue_position_cache.cached_position(self._ctx, now.id) if now.owner == Owner.QUEUE else None
        self._changes, self.as_of = now.revisions, now.updated_at
        return self._news(changed, messages, lifecycle.state_view(now, place, rated))

    def _news(
        self, changed: list[tuple[int, dict[str, Any]]], messages: list[dict[str, Any]], state: lifecycle.CustomerState
    ) -> list[Event]:
        news: list[Event] = []
        for revision, message in changed:
            if self._revisions.get(message["seq"]) != revision:
                self._revisions[message["seq"]] = revision
                news.append(("message_updated", message, None))
        for message in messages:
            self._after = message["seq"]
            news.append(("message", message, message["seq"]))
        if state != self._state:
            self._state = state
            news.append(("state", state, None))
        return news
