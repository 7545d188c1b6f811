"""Requests that are no technical problem: sales, an invoice of ours, a complaint. They come from support.yml.

A request is understood by its words and by its meaning together: a word alone is in many a question about the program
("cancel a recurring invoice"), and nearness alone is in many a sentence of the same trade.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from itertools import repeat
from typing import Literal, NamedTuple

from bot.triage.issue.routing import Category, keyword_pattern
from bot.triage.text.plain_text import fold

# The advantage of the words when two requests are compared.
WEIGHT_OF_WORDS = 0.2


@dataclass(frozen=True)
class Bar:
    """The least cosine to an example, and by how much it must be above that to every sentence that is none."""

    near: float
    ahead: float


# Set on the sentences of tests/knowledge_base/requests.yml: with the request's words and without them, by how sure the
# classifier is that it is something else.
WORDED = {"unsure": Bar(0.28, -0.08), "inclined": Bar(0.28, -0.08), "sure": Bar(0.55, 0.0)}
UNWORDED = {"unsure": Bar(0.55, 0.1), "inclined": Bar(0.55, 0.1), "sure": Bar(0.75, 0.1)}
Doubt = Literal["unsure", "inclined", "sure"]


@dataclass(frozen=True)
class Request(Category):
    """A kind of request, as a category without questions that is free of charge.

    ``reply`` is the sentence that answers it. ``examples`` say it in customers' words, ``unlike`` sounds like it and is
    something else; ``unless`` are words that speak against it. ``contact``: the team must reach the customer.
    ``manual_first``: it is logged only when the manual has no answer. ``answer_days``: open days until the answer.
    """

    reply: str = ""
    examples: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    unless: tuple[str, ...] = ()
    contact: bool = False
    urgent: bool = False
    manual_first: bool = False
    answer_days: int = 2

    @property
    def asks_nothing(self) -> bool:
        """Return whether nobody has to act or answer: praise, a wish for the product."""
        return not (self.contact or self.urgent or self.manual_first)


@dataclass(frozen=True)
class SentenceNearness:
    """A sentence with its cosine to the nearest example of each request, by id, and to the nearest that is none.

    Words of ``around`` may speak against a request as those of the sentence may.
    """

    text: str
    requests: Mapping[str, float]
    other: float
    around: str = ""


def request_by_words(text: str, requests: Iterable[Request]) -> Request | None:
    """Return the first request whose words a text has: all that can be told without the sentence embedding."""
    folded = fold(text)
    having = (one for one in requests if _any(folded, one.keywords) and not _any(folded, one.unless))
    return next(having, None)


def request_of(sentence: SentenceNearness, requests: Iterable[Request], doubt: Doubt) -> Request | None:
    """Return the request that a sentence makes; None for anything else.

    ``doubt`` says how sure the classifier is of a label that is no request; the surer, the more is needed. There is at
    least one kind of request.
    """
    # With its words or without, one that is farther than this is neither taken nor put before one that is.
    near_enough = [one for one in requests if sentence.requests.get(one.id, 0.0) >= WORDED[doubt].near]
    if not near_enough:
        return None
    folded = fold(sentence.text)
    scored = []
    for request in near_enough:
        near = sentence.requests.get(request.id, 0.0)
        excluded = _any(folded, request.unless) or _any(fold(sentence.around), request.unless)
        worded = not excluded and _any(folded, request.keywords)
        bar = (WORDED if worded else UNWORDED)["sure" if excluded else doubt]
        scored.append((near + (WEIGHT_OF_WORDS if worded else 0.0), near, bar, request))
    _, near, bar, best = max(scored, key=lambda one: one[0])
    return best if near >= bar.near and near - sentence.other >= bar.ahead else None


def _any(folded: str, keywords: tuple[str, ...]) -> bool:
    return any(all(map(_occurs, parts, repeat(folded))) for parts in _parts(keywords))


class _Part(NamedTuple):
    """``cancel*|end``: ``beginnings`` are letters of which a text with a match has some; to look for them is quick."""

    beginnings: tuple[str, ...]
    pattern: re.Pattern[str]


def _occurs(part: _Part, folded: str) -> bool:
    for beginning in part.beginnings:
        if beginning in folded:
            return part.pattern.search(folded) is not None
    return False


@lru_cache(maxsize=256)
def _parts(keywords: tuple[str, ...]) -> tuple[tuple[_Part, ...], ...]:
    """Return the parts of keywords such as ``cancel*|end + our contract``: each part must occur, in any order."""
    return tuple(tuple(map(_part, keyword.split(" + "))) for keyword in keywords)


def _part(written: str) -> _Part:
    alternatives = [one for one in written.split("|") if one.strip()]
    return _Part(
        tuple(fold(one).split()[0].removesuffix("*") for one in alternatives),
        re.compile("|".join(keyword_pattern(one).pattern for one in alternatives)),
    )
