"""Find the part of a message that asks."""

import re

from bot.triage.reading.courtesies import without_courtesies
from bot.triage.reading.form import asks
from bot.triage.reading.leaning import leans_on_before

_SENTENCE = re.compile(r"[^.!?\n]+(?:[.!?](?!\s|$)[^.!?\n]*)*[.!?]*")
# A message longer than this is searched by the part that asks.
LONG_MESSAGE = 25
# A part as short as this may lean on the sentence before it; a shorter one always does.
MOST_WORDS_LEANING, FEWEST_WORDS_ALONE = 8, 5


def asking_part(question: str) -> str:
    """Return the last sentence of a long message that asks, with the one before it when it points back at that.

    A short message, and one in which nothing asks, is returned whole but for its courtesies: "perfect. and where …".
    """
    if len(question.split()) <= LONG_MESSAGE:
        return without_courtesies(question)
    sentences = [match[0].strip() for match in _SENTENCE.finditer(question) if match[0].strip()]
    asking = next((place for place in reversed(range(len(sentences))) if asks(sentences[place])), None)
    if asking is None or len(sentences) == 1:
        return question
    part = sentences[asking]
    words = len(part.split())
    if asking and (words < FEWEST_WORDS_ALONE or (words <= MOST_WORDS_LEANING and leans_on_before(part))):
        return f"{sentences[asking - 1]} {part}"
    return part
