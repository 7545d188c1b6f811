"""The way by which an answer reaches a customer who is not in the chat, in words for the composer."""

from collections.abc import Mapping
from typing import Any, Literal, TypedDict

from bot.services.conversation.transcript import READ_IN_PLACE, SPOKEN

Way = Literal["phone", "mail", "chat", "channel"]


class AnswerWay(TypedDict):
    """``way``: ``phone`` for a caller, who reads nothing; ``mail`` when an unread answer is mailed; ``chat`` when it
    can only be read in the chat; ``channel`` when Slack, Teams or mail carry it. ``callable``: a number is known.
    """

    way: Way
    words: str
    callable: bool


def answer_way(channel: str, contact: Mapping[str, Any], *, mail_works: bool) -> AnswerWay:
    """Return the way of a conversation's answers; ``contact`` has ``email`` and ``phone``."""
    has_phone = bool(contact["phone"])
    if channel == SPOKEN:
        return AnswerWay(way="phone", words="Telephone only: the caller reads nothing of this.", callable=has_phone)
    if channel != READ_IN_PLACE:
        return AnswerWay(way="channel", words="", callable=has_phone)
    if mail_works and contact["email"]:
        words = f"Away: an answer that stays unread goes to {contact['email']}."
        return AnswerWay(way="mail", words=words, callable=has_phone)
    if has_phone:
        return AnswerWay(way="chat", words="Away: telephone only, or this chat when they come back.", callable=True)
    return AnswerWay(way="chat", words="Away: nothing but this chat, when they come back.", callable=False)
