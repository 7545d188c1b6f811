"""Take words for the carriers from the operator's own sentences: the task of a question, the trouble of a problem.

So each of their sentences teaches several wordings, and fifty are enough for the words of a product to be known.
"""

from collections.abc import Mapping, Sequence

from bot.installation.carriers import Word
from bot.installation.own_words import verbs_of_tasks, word_of_heading

# Into so many carriers each of their words is filled.
TIMES = 3
# A longer sentence has a wording of its own and stays as it is.
MOST_WORDS = 12
_ASKED = ("task", "question")


def words_of_sentences(taught: Mapping[str, Sequence[str]]) -> list[Word]:
    """Return tasks and questions of what was taught as ``how_to``, and the troubles of ``report_issue``, sorted."""
    verbs = verbs_of_tasks()
    asked = [word_of_heading(sentence, verbs) for sentence in taught.get("how_to", ())]
    troubles = [sentence.strip(" .!") for sentence in taught.get("report_issue", ())]
    words = {word for word in asked if word is not None and word.kind in _ASKED}
    words |= {Word("trouble", _in_a_sentence(one)) for one in troubles if one and len(one.split()) <= MOST_WORDS}
    return sorted(words)


def _in_a_sentence(text: str) -> str:
    """Return the text without its capital, but for a name in capitals and "I"."""
    return text if len(text.split()[0]) == 1 or text[1:2].isupper() else text[:1].lower() + text[1:]
