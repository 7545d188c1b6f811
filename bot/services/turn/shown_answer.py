"""Read the last answer that the manual gave in a conversation, on which a short message may lean."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import bindparam, func, select

from bot.dialogue.context import MAX_TEXT, ShownAnswer
from bot.store.tables import Message, SearchRecord, Turn

# After more turns than this a short remark no longer leans on what the manual said.
MOST_TURNS_SINCE = 2
_HERE = SearchRecord.conversation_id == bindparam("conversation_id")
NEWEST_SEARCH = select(func.max(SearchRecord.id)).where(_HERE).scalar_subquery()
_ANSWERED = (
    select(func.max(SearchRecord.id))
    .where(_HERE, SearchRecord.confident, SearchRecord.solved.is_not(True))
    .scalar_subquery()
)
_ASKED_BY = select(SearchRecord.message_id).where(SearchRecord.id == _ANSWERED).scalar_subquery()
# The columns of the newest answer that has not helped yet, for the statement that reads the rest of the context:
# question, cards, whether the question was private, and the number of turns since.
SHOWN = (
    select(SearchRecord.question).where(SearchRecord.id == _ANSWERED).scalar_subquery(),
    select(SearchRecord.shown).where(SearchRecord.id == _ANSWERED).scalar_subquery(),
    select(Message.private).where(Message.id == _ASKED_BY).scalar_subquery(),
    # A turn and what it records have one moment.
    select(func.count(Turn.id))
    .where(
        Turn.conversation_id == bindparam("conversation_id"),
        Turn.created_at > select(SearchRecord.created_at).where(SearchRecord.id == _ANSWERED).scalar_subquery(),
    )
    .scalar_subquery(),
)


def shown_answer(
    question: str | None, cards: Sequence[dict[str, Any]] | None, since: int, *, private: bool
) -> ShownAnswer | None:
    """Return the newest answer, if it showed a page and at most two turns were taken since."""
    if question is None or not cards or since > MOST_TURNS_SINCE:
        return None
    titles: dict[str, str] = {}
    for card in cards:
        titles.setdefault(str(card["url"]).partition("#")[0], str(card["title"]))
    return ShownAnswer(question[:MAX_TEXT], tuple(titles), tuple(titles.values()), private, since, str(cards[0]["url"]))
