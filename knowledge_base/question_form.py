"""Read what kind of answer a question wants, and which part of a long message asks."""

import re

from bot.triage.reading.form import asks, is_yes_no_question
from bot.triage.reading.leaning import leans_on_before
from bot.triage.text.plain_text import fold

_WANTS_STEPS = re.compile(
    r"\bhow (?:do|does|did|can|could|to|would|should|must|shall|might|are|is|was)|\bhow\?|"
    r"\bhow (?:i|we|one|you)\b|\b(?:the|a|any|best|quickest|easiest|another) way (?:to|of|i|we)\b|\bsteps\b|"
    r"\bwhere (?:do|can|could|should|would|must|shall|is|are|does)\b|\bwhat (?:do|must|should|can) (?:i|we) do\b|"
    r"\b(?:tell|show|explain|walk) (?:me|us) (?:how|where|through)\b|\binstructions?\b|\bguide\b"
)
_WANTS_FACT = re.compile(
    r"\bhow (?:many|much|long|often|big|large|small|old|far|soon|fast|high|few|strong)\b|\b(?:at )?what time\b|"
    r"\bwhen (?:do|does|is|are|was|will|can|must)\b|\bis it (?:possible|ok|okay|safe|allowed)\b|"
    r"\b(?:what|which) (?:is|are|happens|\w+ (?:must|do|does|can|is|are|should|will|have|has))\b"
)
_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
# A message longer than this is searched by the part that asks.
LONG_MESSAGE = 25
FEWEST_WORDS_ALONE = 6


def asking_part(question: str) -> str:
    """Return the last sentence of a long message that asks, with the one before it when it points back at that.

    A short message, and one in which nothing asks, is returned whole.
    """
    if len(question.split()) <= LONG_MESSAGE:
        return question
    sentences = [match[0].strip() for match in _SENTENCE.finditer(question) if match[0].strip()]
    asking = next((place for place in reversed(range(len(sentences))) if asks(sentences[place])), None)
    if asking is None or len(sentences) == 1:
        return question
    part = sentences[asking]
    if asking and (leans_on_before(part) or len(part.split()) < FEWEST_WORDS_ALONE):
        return f"{sentences[asking - 1]} {part}"
    return part


def wants_fact(question: str) -> bool:
    """Return whether a sentence decides the question: a yes or no, a number or a time is asked, not a way to do it."""
    folded = fold(question)
    if re.search(r"\bhow (?:many|much|long|often|big|large)\b", folded):
        return True
    if _WANTS_STEPS.search(folded):
        return False
    return bool(_WANTS_FACT.search(folded)) or is_yes_no_question(question)
