"""Recognise words said in confidence in another text, where they must not be repeated."""

import re
from collections.abc import Iterable

from bot.triage.text.plain_text import fold

# So many words in a row are a quotation; fewer are in half the sentences that we say by ourselves.
WORDS_OF_A_QUOTATION = 4
# Without the low line, which is a mark of italics in one form of a text and gone in another.
_WORD = re.compile(r"[^\W_]+")


def quotes(text: str, sources: Iterable[str]) -> bool:
    """Return whether ``text`` repeats four words in a row of any of the ``sources``, case and punctuation aside."""
    said = _runs(text)
    return bool(said) and any(not said.isdisjoint(_runs(source)) for source in sources)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(fold(text))
    return {tuple(words[at : at + WORDS_OF_A_QUOTATION]) for at in range(len(words) - WORDS_OF_A_QUOTATION + 1)}
