"""Recognise the answer to "do you have a support contract?"."""

import re
from dataclasses import dataclass
from enum import StrEnum

from bot.triage.reading.contract_claim import claims_contract
from bot.triage.reading.courtesies import is_courtesy, is_plain_no, is_plain_yes
from bot.triage.reading.form import word_count
from bot.triage.reading.question_parts import parts_of
from bot.triage.text.contractions import with_apostrophes
from bot.triage.text.plain_text import fold, word_set

MOST_WORDS = 12
MOST_WORDS_OF_A_BARE_ANSWER, FEWEST_OTHER_WORDS = 2, 2
# So much of a message is looked at.
MOST_CHARACTERS = 2_000
_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
# Said without being asked, only what speaks of support's payment counts: "they pay by the hour" is a wage.
_UNASKED_HOUR = re.compile(
    r"\b(?:i|we)(?:'ll| will| would|'d)? (?:rather )?pay (?:you |for support )?(?:by|per|for) the hour\b|"
    r"\b(?:i|we) (?:have no|haven't got a|haven't an?|don't have an?|do not have an?) "
    r"(?:support |service |maintenance )?(?:contract|agreement|plan)\b(?: with you)?\W*$|"
    r"\bwir (?:zahlen|bezahlen) (?:pro|nach) stunde\b|\b(?:nous payons|on paie) à l'heure\b|\bpagamos por horas?\b|"
    r"\bpaghiamo a ore\b|\bpagamos à hora\b|\bwij betalen per uur\b|\bpłacimy za godzin"
)
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


# A part of a message that answers the question by itself; what stands beside it is said about something else.
_PART = re.compile(r"(?:[^,;.!?\n]|[.,](?=\w)){1,400}[,;.!?\n]*")
_LEAD_IN = r"\W*(?:(?:ok|okay|well|oh|so|and|look|listen|sorry|please|as i said|i said|i just said|but)\b\W*){0,4}"
_OF_A_CLAIM = word_set(
    "yes yeah yep sure of course contract contracts agreement plan support service maintenance have has had got do i "
    "we i've we've our my a an the one there is with you already said told just think believe it's it under on am are "
    "we're i'm by via pays pay through that definitely indeed"
)
_NAMES_ONE = re.compile(r"\b(?:contract|agreement|plan|have one|got one|one yes|yes one|we do|i do)\b")
_DOUBTS = re.compile(
    rf"{_LEAD_IN}(?:(?:i'm |i am |we're |we are )?(?:not|un) ?sure(?: (?:about|if|whether) [^,]{{0,60}})?|"
    r"(?:i |we )?(?:honestly |really )?(?:don't|do not) know(?: (?:that|if we (?:have|do)|whether)[^,]{0,60})?|"
    r"no (?:idea|clue)|(?:i'd have to |you'd have to |please |better )?"
    r"ask (?:my |our |the )?\w+(?: department| office)?)\W*"
)
_LACKS_NUMBER = re.compile(
    r"\b(?:number|nr|no)\b[^,]{0,40}\b(?:don't|haven't|not)\b|\b(?:don't|haven't|not)\b[^,]{0,40}\bnumber\b"
)
_FORGET_IT = re.compile(r"\W*(?:forget|never ?mind|skip|leave) (?:about )?(?:the rest|that|it|the others?)\W*")

_NO_TIME = re.compile(
    r"\W*(?:(?:i|we) have |there's |there is )?no time "
    r"(?:for (?:that|this|it|(?:your |any )?contracts?)(?: now)?|to [^,]{3,40})\W*"
)
_WE_HAVE_ABROAD = re.compile(
    r"\W*(?:haben wir|habe ich|nous en avons un|on en a un|j'en ai un|tenemos|tengo|abbiamo|ce l'abbiamo|temos|tenho|"
    r"hebben (?:wij|we)|heb ik|mamy|mam)(?: (?:uno|um|einen|er een))?\W*"
)


class Payer(StrEnum):
    """The answers to it."""

    CONTRACT = "contract"
    HOUR = "hour"
    UNSURE = "unsure"


@dataclass(frozen=True)
class PayerSaid:
    """An answer among other words; ``rest`` are the others, empty when they say nothing."""

    payer: Payer
    rest: str


def payer_among(text: str, *, foreign: bool = False) -> PayerSaid | None:
    """Return the answer that stands among other words, such as a question of the customer's; None for none."""
    parts = _PART.findall(text[:MOST_CHARACTERS])
    said = [_said_by(part, first=place == 0, foreign=foreign) for place, part in enumerate(parts)]
    told = [one for one in said if one is not None]
    payer = next((one for one in told if one is not Payer.UNSURE), next(iter(told), None))
    if payer is None:
        return None
    rest = [part for part, one in zip(parts, said, strict=True) if one is None and not _is_about_it(part)]
    others = "".join(rest).strip(" ,;-\n")
    if payer is Payer.HOUR and _is_bare_no(parts[0], foreign=foreign) and len(told) == 1 and parts_of(others).told:
        return None  # "No, that's wrong. Should I …?" denies what was said before
    return PayerSaid(payer, others if word_count(others) >= FEWEST_OTHER_WORDS else "")


def _is_bare_no(part: str, *, foreign: bool) -> bool:
    return is_plain_no(part) or (foreign and word_count(part) == 1 and bool(_NO_ABROAD.match(fold(part))))


def _said_by(part: str, *, first: bool, foreign: bool) -> Payer | None:
    if part.rstrip().endswith("?"):
        return None
    plain = with_apostrophes(part).strip(" ,;.!\n")
    if foreign:
        return _said_abroad(plain, first=first)
    words = set(_WORD.findall(plain))
    if claims_contract(part) or (words and words <= _OF_A_CLAIM and _NAMES_ONE.search(plain)):
        return Payer.CONTRACT
    if word_count(part) <= MOST_WORDS and _NONE.search(plain):
        return Payer.HOUR
    if _DOUBTS.fullmatch(plain) or _NO_TIME.fullmatch(plain):
        return Payer.UNSURE
    if first and (is_plain_yes(plain) or is_plain_no(plain)):
        return Payer.CONTRACT if is_plain_yes(plain) else Payer.HOUR
    return None


def _said_abroad(plain: str, *, first: bool) -> Payer | None:
    told = payer_abroad(plain) if _CONTRACT_ABROAD.search(plain) or _BY_THE_HOUR_ABROAD.search(plain) else None
    if told is not None or not first or word_count(plain) > MOST_WORDS_OF_A_BARE_ANSWER:
        return told
    return payer_abroad(plain)


def _is_about_it(part: str) -> bool:
    """Return whether a part beside the answer says no more than it: courtesies, a number that is not at hand."""
    plain = with_apostrophes(part).strip(" ,;.!\n")
    if part.rstrip().endswith("?"):
        return False
    patterns = (_FORGET_IT, _NO_TIME, _WE_HAVE_ABROAD)
    bare = is_courtesy(plain) or is_plain_yes(plain) or any(pattern.fullmatch(plain) for pattern in patterns)
    return bare or bool(_LACKS_NUMBER.search(plain))


def pays_by_hour(text: str) -> bool:
    """Return whether the words say, unasked, that support is paid by the hour: "we have no contract, we pay"."""
    return any(
        _UNASKED_HOUR.search(fold(part)) and not part.rstrip().endswith("?")
        for part in _PART.findall(text[:MOST_CHARACTERS])
    )


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
