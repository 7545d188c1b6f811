"""Words said in confidence: requests to keep them, and repetitions of them in another text."""

import re
from collections.abc import Iterable

from bot.triage.text.plain_text import fold

# So many words in a row are a quotation; fewer are in half the sentences that we say by ourselves.
WORDS_OF_A_QUOTATION = 4
# Without the low line, which is a mark of italics in one form of a text and gone in another.
_WORD = re.compile(r"[^\W_]+")
_SUPPORT = r"(?:technicians?|support|support (?:staff|team|people)|your (?:staff|team|people))"
_ASKS_FOR_CONFIDENCE = re.compile(
    rf"\b(?:between (?:us|you and me)|only (?:for )?(?:the |a |to the |your )?{_SUPPORT}|{_SUPPORT} only|"
    r"in (?:strict )?confidence|off the record|for your eyes only|"
    r"(?:this|that|it|which|what i say) (?:is|stays|must stay|should stay) (?:strictly |between us |all )?"
    r"(?:confidential|private|secret)|"
    r"keep (?:it|this|that) (?:quiet|secret|private|confidential|to yoursel(?:f|ves))|"
    r"(?:not|don't|never) tell (?:my|our|the|anyone|anybody)|"
    r"(?:my |our |the )?(?:boss|manager|supervisor) (?:must|should|can) ?(?:not|n't) (?:know|see|hear|find out)|"
    r"(?:without|don't want|do not want) (?:my |our |the )?(?:boss|manager|supervisor|colleagues|anyone|anybody)"
    r"(?: to)? (?:know|see|hear|find)(?:ing)?)\b"
)


def asks_for_confidence(text: str) -> bool:
    """Return whether a message asks that nobody but support reads it."""
    return bool(_ASKS_FOR_CONFIDENCE.search(fold(text).replace("’", "'")))


def quotes(text: str, sources: Iterable[str]) -> bool:
    """Return whether ``text`` repeats four words in a row of any of the ``sources``, case and punctuation aside."""
    said = _runs(text)
    return bool(said) and any(not said.isdisjoint(_runs(source)) for source in sources)


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(fold(text))
    return {tuple(words[at : at + WORDS_OF_A_QUOTATION]) for at in range(len(words) - WORDS_OF_A_QUOTATION + 1)}
