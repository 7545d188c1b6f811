"""Read the last answer that the manual gave in a conversation, on which a short message may lean."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.dialogue.context import MAX_TEXT, ShownAnswer
from bot.store.tables import Message, SearchRecord

# After more messages than this a short remark no longer leans on what the manual said.
MOST_MESSAGES_SINCE = 2
NEWEST_SEARCH = (
    select(func.max(SearchRecord.id))
    .where(SearchRecord.conversation_id == bindparam("conversation_id"))
    .scalar_subquery()
)
_ASKED_BY = select(SearchRecord.message_id).where(SearchRecord.id == NEWEST_SEARCH).scalar_subquery()
# The columns of the newest search, for the statement that reads the rest of the context: question, cards, whether the
# question was private, and the customer's messages between it and the message ``message_id``.
SHOWN = (
    select(SearchRecord.question).where(SearchRecord.id == NEWEST_SEARCH).scalar_subquery(),
    select(SearchRecord.shown).where(SearchRecord.id == NEWEST_SEARCH).scalar_subquery(),
    select(Message.private).where(Message.id == _ASKED_BY).scalar_subquery(),
    select(func.count(Message.id))
    .where(
        Message.conversation_id == bindparam("conversation_id"),
        Message.author == "customer",
        Message.id > _ASKED_BY,
        Message.id < bindparam("message_id"),
    )
    .scalar_subquery(),
)


def shown_answer(
    question: str | None, cards: Sequence[dict[str, Any]] | None, since: int, *, private: bool
) -> ShownAnswer | None:
    """Return the answer of the newest search, if it showed a page and at most two messages were written since."""
    if question is None or not cards or since > MOST_MESSAGES_SINCE:
        return None
    pages = tuple(dict.fromkeys(str(card["url"]).partition("#")[0] for card in cards))
    titles = tuple(str(card["title"]) for card in cards)
    return ShownAnswer(question[:MAX_TEXT], pages, titles, private, since)
