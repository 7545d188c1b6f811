"""The position of one desk page in a conversation, so that it receives each message once and in order."""

from typing import Any

from bot.desk.request_context import DeskRequest
from bot.http.streams import Event
from bot.services.desk import conversation_news


class Reading:
    """Looks for news of a conversation: messages, private notes, how it stands, and who is there."""

    def __init__(self, visit: DeskRequest, conversation_id: str, after_seq: int) -> None:
        self._visit, self._conversation_id = visit, conversation_id
        self._after_seq, self._after_note = after_seq, 0
        self._state: conversation_news.DeskState | None = None
        self._revisions: dict[int, int] = {}
        self._presence: dict[str, Any] | None = None

    async def look(self) -> list[Event]:
        """Return the state and presence when they changed (and at first), then new messages and notes."""
        visit, technician = self._visit, self._visit.signed_in.technician
        news = await conversation_news.conversation_news(
            visit.ctx, technician, self._conversation_id, self._after_seq, self._after_note
        )
        found: list[Event] = []
        for revision, message in news.changed:
            if self._revisions.get(message["seq"]) != revision:
                self._revisions[message["seq"]] = revision
                found.append(("message_updated", message, None))
        for message in news.messages:
            self._after_seq = message["seq"]
            found.append(("message", message, message["seq"]))
        for note in news.notes:
            self._after_note = note["note_id"]
            found.append(("note", note, None))
        if news.state != self._state:
            self._state = news.state
            found.append(("state", news.state, None))
        presence = visit.presence.seen_by(visit.hub, self._conversation_id, technician.id)
        if presence != self._presence:
            self._presence = presence
            found.append(("presence", presence, None))
        return found
