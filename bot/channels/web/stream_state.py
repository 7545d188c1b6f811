"""What one event stream has sent already, so that it sends everything once and in order."""

from typing import Any

from bot.http.streams import Event
from bot.services import conversations, transcript
from bot.services.context import Context


class StreamState:
    """Looks for news of one conversation: messages after the last one sent, masked ones, and the state."""

    def __init__(self, ctx: Context, conversation_id: str, after_seq: int) -> None:
        self._ctx, self._conversation_id, self._after = ctx, conversation_id, after_seq
        self._state: dict[str, Any] | None = None
        self._revisions: dict[int, int] = {}

    async def look(self) -> list[Event]:
        """The messages that were changed since they were sent, the new ones, and the state when it changed."""
        async with self._ctx.db.read() as session:
            conversation = await conversations.load(session, self._conversation_id)
            state = await conversations.state(self._ctx, session, conversation)
            changed = await transcript.changed(session, self._conversation_id, self._after)
            messages = await transcript.after(session, self._conversation_id, self._after)
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
