"""Split a text into the clauses and sentences in which a fact stands; a full stop inside a number ends none."""

import re

_SENTENCE_END = re.compile(r"[!?\n]+|\.(?![\w.])")
_CLAUSE_END = re.compile(r"[,;:!?\n()]+|\.(?![\w.])| - |(?<=\w) (?:and|but|so|then|because)(?= )")


def sentence_around(text: str, start: int, end: int) -> tuple[int, int]:
    """Return where the sentence begins and ends that holds ``text[start:end]``."""
    return _around(_SENTENCE_END, text, start, end)


def clause_end(text: str, start: int, most: int) -> int:
    """Return where the clause that goes on at ``start`` ends, at most ``most`` characters later."""
    stop = min(len(text), start + most)
    match = _CLAUSE_END.search(text, start, stop)
    if match:
        return match.start()
    return stop if stop == len(text) else text.rfind(" ", start, stop) if " " in text[start:stop] else stop


def _around(ends: re.Pattern[str], text: str, start: int, end: int) -> tuple[int, int]:
    first = max(0, start - 300)
    for match in ends.finditer(text, first, start):
        first = match.end()
    last = ends.search(text, end, min(len(text), end + 300))
    return first, last.start() if last else min(len(text), end + 300)
