"""Tell apart the matters of one message: questions for the manual, problems, a wish for a person, price, hours."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from bot.dialogue.intake.corrections import says_only_facts
from bot.settings.support.support import Support
from bot.triage.issue.routing import categorise
from bot.triage.reading.form import asks, word_count
from bot.triage.reading.leaning import leans_on_before
from bot.triage.reading.report_words import names_a_problem
from bot.triage.reading.segments import Segment, segments
from bot.triage.reading.trouble import says_trouble
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.text.plain_text import fold

Kind = Literal["question", "problem", "person", "price", "hours"]
FEWEST_WORDS = 3
_ANNOUNCES = re.compile(
    r"^\W*(?:(?:i|we)(?: have|'ve)? (?:got )?)?(?:two|three|four|several|a few|some|[2-4]) (?:\w+ )?(?:things|"
    r"problems|issues|questions)\b"
)
_GENERIC = re.compile(
    r"\bwhat (?:do|should|can|must) (?:i|we) do\b|\bwhat now\b|\b(?:can|could|would|"
    r"will) you (?:please )?(?:help|look|fix|check|"
    r"assist)\b|\bany (?:idea|help)\b|\bwhy is (?:that|this)\b|\bhow (?:do|can) (?:i|we) fix (?:it|this|that)\b"
)
_PERSON = re.compile(
    r"\b(?:call|ring|phone) (?:me|us)(?: back)?\b|\b(?:talk|speak|chat) (?:to|with) (?:a |an |some|one of |the |"
    r"your )|"
    r"\b(?:a|real|live) (?:person|human|technician|agent)\b|\b(?:some(?:one|body)|a colleague|"
    r"a technician) (?:of yours )?"
    r"(?:please |to )?(?:call|ring|phone|contact|help|look)\b"
)
_PRICE = re.compile(
    r"\b(?:how much|what)\b.{0,60}\b(?:cost|costs|charge|charged|price|fee|rate|pay)\b|\b(?:do|must|will) (?:i|"
    r"we) (?:have to )?pay\b"
)
_CALLED_ANOTHER = re.compile(
    r"\b(?:another|different|second|separate|unrelated|new|other) (?:\w+ )?(?:story|thing|problem|issue|matter|"
    r"trouble|error)\b|"
    r"\bsomething (?:else|different|new)\b|\bon top of (?:that|it)\b|\bapart from that\b|\bseparately\b"
)
_BEGINS_WITH_PRONOUN = re.compile(r"\W*(?:it|its|it's|this|that|they|these|those|he|she)\b")
_HOURS = re.compile(
    r"\bare you (?:there|open|available|closed|in|around)\b|\bwhen (?:do you|are you) (?:open|close|there)\b|"
    r"\b(?:opening|office) hours\b"
)


@dataclass(frozen=True)
class Matter:
    """One matter of a message, in the customer's words."""

    kind: Kind
    text: str


def matters_of(support: Support, text: str) -> list[Matter]:
    """Return the matters of a message in their order; facts and courtesies around them are none."""
    found: list[Matter] = []
    for segment in segments(text):
        kind = _kind(support, segment.text)
        if kind is None or (kind == "question" and _asks_about_the_problem(segment, found)):
            continue
        if kind == "problem" and not _begins_a_problem(support, segment, found):
            _join(found, segment.text)
        else:
            found.append(Matter(kind, segment.text))
    return found


def another_problem(support: Support, text: str, former: str) -> str | None:
    """Return the words of a problem that is another one than ``former``; None when their writer does not say so.

    They turn to something else, and either call it another problem or have a subject of their own.
    """
    for segment in segments(text):
        if not segment.turns or _leans(segment.text) or _kind(support, segment.text) != "problem":
            continue
        if _CALLED_ANOTHER.search(fold(text)) or _has_own_subject(support, segment.text, former):
            return segment.text
    return None


def _kind(support: Support, text: str) -> Kind | None:
    folded = fold(text)
    if _PRICE.search(folded):
        return "price"
    if _PERSON.search(folded):
        return "person"
    if _HOURS.search(folded):
        return "hours"
    words = word_count(text)
    if asks(text):
        return "question" if words >= FEWEST_WORDS and not _is_generic(folded) else None
    if words < FEWEST_WORDS or _ANNOUNCES.search(folded) or not names_a_problem(text) or not says_trouble(text):
        return None
    only_facts = says_only_facts(support, text) and not (find_error_code(text) and words > FEWEST_WORDS)
    return None if only_facts else "problem"


def _is_generic(folded: str) -> bool:
    """Return whether a question has no subject of its own: "what do I do now?"."""
    return bool(_GENERIC.search(folded))


def _asks_about_the_problem(segment: Segment, before: Sequence[Matter]) -> bool:
    """Return whether a question is part of the problem just said: in one sentence with it, or leaning on it."""
    if segment.turns or not before or before[-1].kind != "problem":
        return False
    return segment.goes_on or leans_on_before(segment.text)


def _leans(text: str) -> bool:
    return bool(_BEGINS_WITH_PRONOUN.match(fold(text))) or (leans_on_before(text) and word_count(text) <= FEWEST_WORDS)


def _begins_a_problem(support: Support, segment: Segment, before: Sequence[Matter]) -> bool:
    """Return whether a segment is another problem than the one before: it turns to it, and has its own subject."""
    former = next((one for one in reversed(before) if one.kind == "problem"), None)
    if former is None:
        return True
    if not segment.turns or _leans(segment.text):
        return False
    return _has_own_subject(support, segment.text, former.text)


def _has_own_subject(support: Support, text: str, former: str) -> bool:
    """Return whether a problem has another error code than the former one, or belongs to another category."""
    codes = find_error_code(former), find_error_code(text)
    if codes[1] and codes[0] != codes[1]:
        return True
    one, other = (categorise(words, support.categories) for words in (former, text))
    return other is not None and one is not other


def _join(found: list[Matter], text: str) -> None:
    place = next(place for place in reversed(range(len(found))) if found[place].kind == "problem")
    found[place] = Matter("problem", f"{found[place].text} {text}")
