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


# In the other languages: a contract with or without a denial, a first word of assent or denial, doubt.
_CONTRACT_ABROAD = re.compile(
    r"\b(?:\w*vertr(?:ag|ags|äge|ages|ägen)|contrats?|contratos?|contratt[oi]|\w*contract(?:en)?|"
    r"umow\w+)\b"
)
_DENIES_ABROAD = re.compile(
    r"\b(?:nicht|kein\w*|nein|nee|ohne|non|pas|aucun|sans|no|sin|ning[uú]n\w*|tengo ninguno|senza|nessun\w*|não|sem|"
    r"nenhum\w*|niet|geen|zonder|nie|bez)\b|\bn'"
)
_BY_THE_HOUR_ABROAD = re.compile(
    r"\b(?:pro|nach) stunde\w*|\bstundenweise\b|\b(?:à|par) l?'?heure\b|\bpor horas?\b|\ba ore\b|\ball'ora\b|"
    r"\b[àp]\w* hora\b|"
    r"\bper uur\b|\bna godziny\b"
)
_UNSURE_ABROAD = re.compile(
    r"\b(?:weiß|weiss) (?:ich |es )?nicht\b|\bkeine ahnung\b|\bsais pas\b|\baucune idée\b|\bno (?:lo )?s[eé]\b|\bni "
    r"idea\b|"
    r"\bnon (?:lo )?so\b|\bnão sei\b|\bweet (?:ik |het )*niet\b|\bgeen idee\b|\bnie wiem\b|\b(?:nicht|pas|non) "
    r"(?:sicher|sûre?|"
    r"sicur[oa])\b"
)
_YES_ABROAD = re.compile(r"\W*(?:ja|jawohl|oui|s[ií]|sì|sim|claro|certo|tak|natürlich|klar|jazeker)\b")
_NO_ABROAD = re.compile(r"\W*(?:nein|nee|nö|non|no|não|nie)\b")


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


def payer_abroad(text: str) -> Payer | None:
    """Return what a short answer in another language says of a contract; None for words about something else."""
    folded = fold(text).replace("’", "'")
    if word_count(text) > MOST_WORDS or "?" in text:
        return None
    if _UNSURE_ABROAD.search(folded):
        return Payer.UNSURE
    if _BY_THE_HOUR_ABROAD.search(folded) or _NO_ABROAD.match(folded):
        return Payer.HOUR
    if _CONTRACT_ABROAD.search(folded):
        return Payer.HOUR if _DENIES_ABROAD.search(folded) else Payer.CONTRACT
    return Payer.CONTRACT if _YES_ABROAD.match(folded) else None
