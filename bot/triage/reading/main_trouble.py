"""Find the sentence of a message that states its trouble, without greeting and signature: an issue's title."""

import re

from bot.triage.reading.form import word_count
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.trouble import says_trouble
from bot.triage.text.plain_text import fold

MOST_CHARACTERS = 4_000
FEWEST_WORDS = 3
_SENTENCE_END = re.compile(r"[.!?]+(?=\s|\Z)|\n+")
_GREETING = re.compile(
    r"\W*(?:(?:hello|hi|hey|dear|good (?:morning|afternoon|evening|day)|greetings|to whom it may concern)"
    r"(?: (?:all|there|again|hello|everyone|everybody|team|support|support team|sir|madam|sirs|sir or madam|"
    r"ladies and gentlemen|"
    r"(?:mr|mrs|ms)\.? \w{1,30}))*(?:[,.!:-]+\s*|\s+(?=(?:i|we|our|my|the|when|since|after|it|there|this)\b)|\s*\Z)"
    r"|(?:please help|help|urgent|sorry to (?:bother|disturb) you|i hope you (?:are|'re) well)\s?[,.!:-]+\s*)"
)
_INTRODUCTION = re.compile(
    r"\W*(?:my name is|i am|i'm|this is|here is)(?: [\w'-]{1,20}){1,3}(?: (?:from|of|at|with) [\w&' -]{1,40})?"
    r"(?:,(?: and)?| and| here[,.])\s*(?=(?:and|we|i|our|my|the)\b)"
)
_SIGNATURE = re.compile(
    r"(?:\A|[\s,.!?])(?:(?:kind|best|warm|many|with (?:kind|best))? ?regards|yours (?:sincerely|truly|"
    r"faithfully)|sincerely|"
    r"cheers|best wishes|(?:many )?thanks(?: in advance| a lot| so much)?|thank you(?: in advance| very much|"
    r" so much)?)"
    r"(?=[,.!\s]|\Z)[^?]{0,160}\Z"
)
_ADDRESS = re.compile(r"[^\s@]{1,64}@[^\s@]{1,190}")


def main_trouble(text: str) -> str:
    """Return the first sentence that states trouble, else the first that states anything, else the whole text."""
    parts = [part for part in map(_bare, _sentences(text[:MOST_CHARACTERS])) if _states(part)]
    return next((part for part in parts if says_trouble(part)), parts[0] if parts else text)


def _sentences(text: str) -> list[str]:
    parts, begin = [], 0
    for match in _SENTENCE_END.finditer(text):
        parts.append(text[begin : match.end()].strip())
        begin = match.end()
    return [*parts, text[begin:].strip()]


def _bare(sentence: str) -> str:
    """Return the sentence without a greeting and an introduction in front and a signature behind."""
    for pattern in (_GREETING, _INTRODUCTION, _GREETING):
        lead = pattern.match(fold(sentence))
        sentence = sentence[lead.end() :] if lead else sentence
    end = _SIGNATURE.search(fold(sentence))
    return (sentence[: end.start()] if end else sentence).strip().rstrip(".! ,;:-").strip()


def _states(part: str) -> bool:
    """Return whether a sentence says more than an address or a name."""
    return word_count(_ADDRESS.sub(" ", part)) >= FEWEST_WORDS and names_a_problem(_ADDRESS.sub(" ", part))
