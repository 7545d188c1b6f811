"""Tell whether words could answer a routing question at all, by the kind of fact that it asks for.

A question without such a kind takes any words. Words of the question itself or of its choices always count.
"""

import re

from bot.triage.issue.routing import Question
from bot.triage.reading.details import NAMED_THINGS, Details
from bot.triage.text.plain_text import fold, word_set

_WORD = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_VERSION = re.compile(
    r"\d|\b(?:version|newest|latest|current|recent|last|oldest|old|new|trial|updated?|two|three|"
    r"beta)\b"
)
_TIME = re.compile(
    r"\d|\b(?:since|always|never|ever|first|beginning|start(?:ed)?|began|day|days|today|yesterday|week|weeks|"
    r"weekend|month|months|"
    r"year|years|hour|hours|minutes?|ago|morning|noon|afternoon|evening|night|recent(?:ly)?|late(?:ly)?|long|while|"
    r"just|now|"
    r"(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|may|june|july|august|september|"
    r"october|november|"
    r"december|jan|feb|mar|apr|jun|jul|aug|sept?|oct|nov|dec|christmas|easter|summer|winter|spring|autumn|fall|"
    r"after|before|when|"
    r"last|update|upgrade|install\w*|mov\w+|end|quarter)\b"
)
_NUMBER = re.compile(r"\d|\b(?:all|every|any|each|both|none|no|several|many|new|one|two|three|first|last)\b")
_WAY = re.compile(r"@|\d")
_AGREES = word_set(
    "yes yeah yep yup ok okay sure right fine correct true y k great good please thanks thank you of course"
)
_FORMATS = {
    "version": _VERSION,
    "since": _TIME,
    "email": _WAY,
    "phone": _WAY,
    "error_code": _NUMBER,
    **dict.fromkeys(NAMED_THINGS, _NUMBER),
}
_SMALL = word_set(
    "which what when where who how is it its or and the a an of to in on for are was were does do did by be your "
    "our my you we i so "
    "that this there please with from at as if not no up about one any all anything before since than"
)


def could_answer(question: Question, text: str, details: Details) -> bool:
    """Return whether ``text`` could answer the question; agreement alone ("ok") answers none."""
    words = set(_WORD.findall(fold(text)))
    if details.answer_to(question.id, question.detail) or words & _own_words(question):
        return True
    if words <= _AGREES:
        return False
    pattern = _FORMATS.get(question.detail or "")
    return pattern is None or bool(pattern.search(fold(text)))


def _own_words(question: Question) -> set[str]:
    """Return the words of the question and of its choices that carry meaning."""
    own = " ".join((question.ask, *question.choices, *question.words))
    return set(_WORD.findall(fold(own))) - _SMALL
