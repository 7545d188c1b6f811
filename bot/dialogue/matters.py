"""Tell apart the matters of one message: questions for the manual, problems, requests, a wish for a person, hours."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import Literal

from bot.dialogue.intake.corrections import says_only_facts
from bot.settings.support.support import Support
from bot.triage.issue.requests import Request
from bot.triage.issue.routing import Category, categorise
from bot.triage.reading.coming_back import another_matter
from bot.triage.reading.form import asks, word_count
from bot.triage.reading.impact import assess
from bot.triage.reading.leaning import leans_on_before
from bot.triage.reading.person_wish import wishes_person
from bot.triage.reading.question_topics import Topic, topic_asked
from bot.triage.reading.report_words import names_a_problem, orders_logging
from bot.triage.reading.segments import Segment, segments
from bot.triage.reading.similarity import telling_words
from bot.triage.reading.trouble import says_trouble, without_trouble
from bot.triage.reading.version_and_error import find_error_code
from bot.triage.reading.wanted_answer import asks_for_way, asks_price_of_support
from bot.triage.text.plain_text import fold

Kind = Literal["question", "problem", "person", "price", "hours", "request"]
# Returns the request that a part of a message makes.
RequestOf = Callable[[str], Request | None]
FEWEST_WORDS = 3
# "Two things:", "please log two issues."
_ANNOUNCES = re.compile(
    r"^\W*(?:(?:hi|hello|hey|please|pls|dear \w+|good (?:day|morning|afternoon|evening)|greetings)\b\W*){0,3}"
    r"(?:(?:i|we)(?: have|'ve| need)?(?: got)?(?: to)? ?|there are )?"
    r"(?:(?:log|report|note) )?(?:two|three|four|several|a few|a couple of|some|[2-4]) (?:\w+ )?"
    r"(?:things|problems|issues|questions|points|matters|requests|topics)\b[^:.;,\n]{0,40}(?:[:.;,\n-]+\s*|\Z)"
)
_GENERIC = re.compile(
    r"\bwhat (?:do|should|can|must) (?:i|we) do\b|\bwhat now\b|\b(?:can|could|would|"
    r"will) you (?:please )?(?:help|look|fix|check|"
    r"assist)\b|\bany (?:idea|help)\b|\bwhy is (?:that|this)\b|\bhow (?:do|can) (?:i|we) fix (?:it|this|that)\b"
)
_CALLED_ANOTHER = re.compile(
    r"\b(?:another|different|second|separate|unrelated|new|other) (?:\w+ )?(?:story|thing|problem|issue|matter|"
    r"trouble|error)\b|"
    r"\bsomething (?:quite |completely |totally |entirely )?(?:else|different|new)\b|"
    r"\bon top of (?:that|it)\b|\bapart from that\b|\bseparately\b"
)
_BEGINS_WITH_PRONOUN = re.compile(r"\W*(?:it|its|it's|this|that|they|these|those|he|she)\b")
# Where something else may begin though its writer says no word of it: "… and the bank list is empty".
_JOINT = re.compile(r"[,;]?\s(?:and|&|while|plus)\s+(?=\S)|[,;]\s+(?=\S)")
MOST_JOINTS = 6
_BEGINS_A_CLAUSE = re.compile(
    r"(?:the|our|my|his|her|their|all|some|every|one|an?|nobody|everyone|[a-z]+'s|[a-z]{3,}(?:ing|s))\b|"
    r"[a-z]{1,6}-\d{3,5}\b|"
    r"(?:i|we) (?:can't|cannot|cant|can not|don't|dont|also|still)\b|"
    r"(?:please|pls|can you|could you|(?:i|we)(?:'d| would) like|(?:i|we) (?:want|need))\b"
)
# A half of a sentence requests something only where it says so, to us.
_WISHES = re.compile(r"\b(?:please|pls|you|your|(?:i|we)(?:'d| would)? (?:like|want|need|wish))\b")
# What goes on with the trouble just told, or tells what came of it.
_GOES_ON = re.compile(
    r"\b(?:now|then|so|since(?! (?:this|last|today|yesterday|\w+day|\d))|therefore|"
    r"because|that's why|which|also on|as well on)\b|"
    r"^\W*(?:the|an?|its|this|that) (?:\w+ )?(?:error|message|code|screen|window|dialog|notice|warning)\b"
)
_LEADS_ON = re.compile(r"^\W*(?:(?:and|but|also|so|oh|ok|okay)\b\W*)+", re.IGNORECASE)
_IS_SLOW = re.compile(r"\b(?:slow\w*|ages|forever|crawl\w*|hang\w*|freez\w*|sluggish)\b")


@dataclass(frozen=True)
class Matter:
    """One matter of a message, in the customer's words; ``request`` is the id of what is requested."""

    kind: Kind
    text: str
    request: str | None = None


def matters_of(support: Support, text: str, request_of: RequestOf | None = None) -> list[Matter]:
    """Return the matters of a message in their order; facts and courtesies around them are none.

    ``request_of`` is asked only about a part of a message: a message as a whole is read elsewhere.
    """
    read = _Reader(support, text, request_of)
    found: list[Matter] = []
    for segment in read.segments:
        matter = read.matter(segment)
        if matter is None or (matter.kind == "question" and _asks_about_the_problem(segment, found)):
            continue
        if matter.kind == "problem" and not read.begins_a_problem(segment, found):
            _join(found, segment.text)
        else:
            found.append(matter)
    return found


def another_problem(support: Support, text: str, former: str) -> str | None:
    """Return the words of a problem that is another one than ``former``; None when their writer does not say so.

    They turn to something else, and either call it another problem or have a subject of their own; or they name it
    another problem before they tell it.
    """
    found = _another(support, text, former)
    return found and found[1]


def before_another(support: Support, text: str, former: str) -> str:
    """Return the words in front of another problem than ``former``, such as an answer; empty when there are none."""
    found = _another(support, text, former)
    return found[0] if found is not None else ""


def _another(support: Support, text: str, former: str) -> tuple[str, str] | None:
    """Return the words before another problem, and those of it."""
    named = another_matter(text)
    if named is not None and not asks(named.matter):
        told = _kind(support, named.matter) == "problem" or orders_logging(text)
        if told and word_count(named.matter) >= FEWEST_WORDS:
            return named.before, named.matter
    parts = segments(text)
    for place, segment in enumerate(parts):
        if not segment.turns or _leans(segment.text) or _kind(support, segment.text) != "problem":
            continue
        if _CALLED_ANOTHER.search(fold(text)) or _has_own_subject(support, segment.text, former):
            return " ".join(part.text for part in parts[:place]), segment.text
    return None


class _Reader:
    """Reads the segments of one message."""

    def __init__(self, support: Support, text: str, request_of: RequestOf | None) -> None:
        self._support, self._request_of = support, request_of
        announced = _ANNOUNCES.match(fold(text))
        whole = segments(text[announced.end() :] if announced else text)
        self._listed = announced is not None or sum(one.turns for one in whole) > 1
        self.segments = [part for one in whole for part in self._parted(one)]
        self._several = len(self.segments) > 1

    def matter(self, segment: Segment) -> Matter | None:
        """Return the matter of a segment; None for a fact, a courtesy, or words that lean on another one."""
        if _ANNOUNCES.fullmatch(fold(segment.text)):
            return None
        request = self._request(segment.text) if self._several else None
        if request is not None:
            return Matter("request", segment.text, request.id)
        kind = _kind(self._support, segment.text)
        if kind is None and self._listed and self._is_listed_problem(segment):
            kind = "problem"
        text = _LEADS_ON.sub("", segment.text) if kind == "question" else segment.text
        return Matter(kind, text) if kind is not None else None

    def begins_a_problem(self, segment: Segment, before: Sequence[Matter]) -> bool:
        """Return whether a segment is another problem than the one before: its subject is another one."""
        former = next((one for one in reversed(before) if one.kind == "problem"), None)
        if former is None:
            return True
        if _leans(segment.text):
            return False
        if segment.turns and _has_own_subject(self._support, segment.text, former.text):
            return True
        if segment.turns:
            shared = telling_words(former.text) & telling_words(segment.text)
            return self._listed and not shared and not _GOES_ON.search(fold(segment.text))
        return self._are_unlike(former.text, segment.text)

    def _parted(self, segment: Segment) -> list[Segment]:
        """Return a segment in two where two matters share a sentence without a word that parts them."""
        if asks(segment.text) or assess(segment.text, {}) is not None:
            return [segment]
        for joint in islice(_JOINT.finditer(segment.text), MOST_JOINTS):
            head, tail = segment.text[: joint.start()], segment.text[joint.end() :]
            if min(word_count(head), word_count(tail)) < FEWEST_WORDS:
                continue
            if self._are_two(head, tail, begins=self._listed or bool(_BEGINS_A_CLAUSE.match(fold(tail)))):
                return [replace(segment, text=head), Segment(tail, turns=True, goes_on=True)]
        return [segment]

    def _are_two(self, head: str, tail: str, *, begins: bool) -> bool:
        """Return whether both parts of a sentence are matters; ``begins``: the second has the form of a clause."""
        kinds = _kind(self._support, head), _kind(self._support, tail)
        if kinds == ("problem", "problem"):
            coded = find_error_code(head) is not None and find_error_code(tail) is not None
            told = coded or not says_only_facts(self._support, tail)
            return begins and told and self._are_unlike(head, tail)
        if kinds[1] == "problem" and not says_trouble(head):
            return bool(_WISHES.search(fold(head))) and self._request(head) is not None
        wishes = kinds[0] == "problem" and not says_trouble(tail) and bool(_WISHES.search(fold(tail)))
        return wishes and self._request(tail) is not None

    def _are_unlike(self, former: str, text: str) -> bool:
        """Return whether trouble is told of two things: of two categories, with no word in common, and none leading
        to the other.
        """
        if _GOES_ON.search(fold(text)):
            return False
        codes = find_error_code(former), find_error_code(text)
        if codes[0] and codes[1] and codes[0] != codes[1]:
            return True
        if telling_words(former) & telling_words(text):
            return False
        if _IS_SLOW.search(fold(former)) and _IS_SLOW.search(fold(text)):
            return False
        one, other = self._subject(former), self._subject(text)
        return one is not None and other is not None and one is not other

    def _subject(self, text: str) -> Category | None:
        """Return the category of what is in trouble: words of trouble themselves, such as "error", name none."""
        return categorise(without_trouble(text), self._support.categories)

    def _is_listed_problem(self, segment: Segment) -> bool:
        """Return whether an item of a list tells of trouble, or of something of the program though in other words."""
        text = segment.text
        if not segment.turns or asks(text) or not names_a_problem(text) or word_count(text) <= FEWEST_WORDS:
            return False
        about_it = not says_only_facts(self._support, text) and self._subject(text) is not None
        return says_trouble(text) or about_it

    def _request(self, text: str) -> Request | None:
        return self._request_of(text) if self._request_of is not None else None


def _kind(support: Support, text: str) -> Kind | None:
    if not asks_for_way(text):
        topic = topic_asked(text)
        if topic is Topic.COST and asks_price_of_support(text):
            return "price"
        if topic is Topic.HOURS:
            return "hours"
        if wishes_person(text):
            return "person"
    words = word_count(text)
    if asks(text):
        return "question" if words >= FEWEST_WORDS and not _is_generic(fold(text)) else None
    if words < FEWEST_WORDS or not names_a_problem(text):
        return None
    if not says_trouble(text) and not orders_logging(text):
        return None
    only_facts = says_only_facts(support, text) and not (find_error_code(text) and words > FEWEST_WORDS)
    return None if only_facts else "problem"


def _is_generic(folded: str) -> bool:
    """Return whether a question has no subject of its own: "what do I do now?"."""
    return bool(_GENERIC.search(folded))


def _asks_about_the_problem(segment: Segment, before: Sequence[Matter]) -> bool:
    """Return whether a question is part of the problem just said: it leans on it, or is about the same
    in one sentence with it.
    """
    if segment.turns or not before or before[-1].kind != "problem":
        return False
    if leans_on_before(_LEADS_ON.sub("", segment.text)):
        return True
    return segment.goes_on and bool(telling_words(before[-1].text) & telling_words(segment.text))


def _leans(text: str) -> bool:
    return bool(_BEGINS_WITH_PRONOUN.match(fold(text))) or (leans_on_before(text) and word_count(text) <= FEWEST_WORDS)


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
