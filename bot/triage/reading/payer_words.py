"""Recognise the answer to "do you have a support contract?"."""

import re
from enum import StrEnum

from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.courtesies import is_plain_no, is_plain_yes
from bot.triage.reading.form import word_count
from bot.triage.text.plain_text import fold

MOST_WORDS = 12
_NOT_ONE = r"(?:no|without(?: an?)?|(?:don't|do not|haven't|never)(?: have| had| got)?(?: an?| any)?)"
_NONE = re.compile(
    rf"\b{_NOT_ONE} (?:\w+ )?(?:contract|agreement|plan)\b|\b(?:by|per|for) (?:the )?hours?\b|\bhourly\b|"
    r"\bpay (?:as|for) |\b(?:i|we) (?:don't|do not|haven't)(?: have| got)?(?: one| any)?\W*$|\b(?:have|got) none\b"
)
_UNSURE = re.compile(
    r"\b(?:not sure|don't know|do not know|no idea|no clue|skip|later|rather not|ask (?:my|our)|"
    r"(?:don't|do not|haven't) (?:have|got|know) (?:it|the number|that))\b"
)
_HAS_ONE = re.compile(
    r"\b(?:yes|yeah|yep|sure|of course)\b|\b(?:i|we) (?:do|have(?: one| got one)?)\W*$|^\W*contract\W*$"
)


class Payer(StrEnum):
    """The answers to it."""

    CONTRACT = "contract"
    HOUR = "hour"
    UNSURE = "unsure"


def payer_in(text: str) -> Payer | None:
    """Return what a short answer says of a contract; None for words about something else."""
    folded = fold(text)
    if claims_contract(text):
        return Payer.CONTRACT
    if word_count(text) > MOST_WORDS or "?" in text:
        return None
    if _UNSURE.search(folded):
        return Payer.UNSURE
    if is_plain_no(text) or _NONE.search(folded):
        return Payer.HOUR
    return Payer.CONTRACT if is_plain_yes(text) or _HAS_ONE.search(folded) else None
