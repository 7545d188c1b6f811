"""Evidence: look-ups made between reading and deciding, outside any transaction. They change nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

from bot.triage.issue.requests import SentenceNearness


class BadEvidence(ValueError):
    """The value is no evidence of this schema; the message quotes nothing of it."""


@dataclass(frozen=True)
class Answer:
    """The answer of one section of the manual: numbered steps, the sentence that decides, or its best passage.

    ``lines`` are in our notation. Those of steps stand without their numbers, of which ``first`` is the first;
    ``more_url`` is where the steps go on when not all are here. ``picture`` is the address of a picture of the section,
    ``picture_text`` what it shows.
    """

    kind: Literal["steps", "sentence", "passage"]
    title: str
    url: str
    lines: tuple[str, ...]
    first: int = 1
    more_url: str | None = None
    picture: str = ""
    picture_text: str = ""


@dataclass(frozen=True)
class ManualResult:
    """The best passages for a question as cards; ``searched`` is False without an index.

    ``pages`` are the slugs of the cards' pages in their order. ``answer`` is taken from the best one's section; None
    when nothing was found. ``warning`` is the best page's "Do not …" sentence about the harm that was looked up,
    ``page`` that page's title.
    """

    searched: bool
    confident: bool = False
    score: float = 0.0
    cards: tuple[dict[str, str], ...] = ()
    pages: tuple[str, ...] = ()
    answer: Answer | None = None
    warning: str | None = None
    page: str = ""


@dataclass(frozen=True)
class LookUp:
    """A search of the manual to make. With ``harm`` a warning about it is looked for instead of cards.

    ``pages`` are the only pages to search, by slug or address, of which the best lines are found; ``former`` is the
    question that led to them, ``read`` the address of the section that was shown for it. ``code`` is an error code:
    only its own section is found, and none when the manual has no section of exactly this code. With ``cure`` the
    question is a told problem, of which the cure is found.
    """

    question: str
    harm: str | None = None
    pages: tuple[str, ...] = ()
    code: str | None = None
    former: str = ""
    cure: bool = False
    read: str = ""

    @property
    def key(self) -> str:
        """Return the name under which the result stands in the evidence."""
        within = f" in {','.join(self.pages)}" if self.pages else ""
        of_code = f" of {self.code}" if self.code else ""
        after = f" after {self.former}" if self.former else ""
        wanted = self.harm or ("cure" if self.cure else "cards")
        but = f" but {self.read}" if self.read else ""
        return f"{wanted}{within}{of_code}{after}{but}: {self.question}"


@dataclass(frozen=True)
class NearnessLookUp:
    """A comparison to make: the sentences of a text with the examples of the requests in support.yml."""

    text: str


@dataclass(frozen=True)
class Nearness:
    """The compared sentences, the whole text first; none without the sentence embedding."""

    sentences: tuple[SentenceNearness, ...] = ()


class LookUpWanted(Exception):
    """The decision needs a look-up that has not been made; with its result it is decided again from the start."""

    def __init__(self, look_up: LookUp | NearnessLookUp) -> None:
        super().__init__("a look-up is wanted")
        self.look_up = look_up


@dataclass(frozen=True)
class Evidence:
    """The results: of searches by the look-up's key, of comparisons by the text."""

    manual: Mapping[str, ManualResult] = field(default_factory=dict)
    nearness: Mapping[str, Nearness] = field(default_factory=dict)

    def of(self, look_up: LookUp) -> ManualResult:
        """Return the result of a search; raise LookUpWanted when it has not been made."""
        found = self.manual.get(look_up.key)
        if found is None:
            raise LookUpWanted(look_up)
        return found

    def nearness_of(self, text: str) -> Nearness:
        """Return the result of a comparison; raise LookUpWanted when it has not been made."""
        found = self.nearness.get(text)
        if found is None:
            raise LookUpWanted(NearnessLookUp(text))
        return found

    def joined(self, look_up: LookUp | NearnessLookUp, result: ManualResult | Nearness) -> "Evidence":
        """Return the evidence with one more result, which is of the look-up's kind."""
        if isinstance(look_up, NearnessLookUp) and isinstance(result, Nearness):
            return replace(self, nearness={**self.nearness, look_up.text: result})
        if isinstance(look_up, LookUp) and isinstance(result, ManualResult):
            return replace(self, manual={**self.manual, look_up.key: result})
        raise TypeError("the result is not of the look-up's kind")


@cache
def _adapter() -> TypeAdapter[Evidence]:
    return TypeAdapter(Evidence)


def evidence_as_json(evidence: Evidence) -> dict[str, Any]:
    """Return the evidence as JSON values."""
    dumped: dict[str, Any] = _adapter().dump_python(evidence, mode="json")
    return dumped


def evidence_of_json(value: object) -> Evidence:
    """Parse evidence; raise BadEvidence, which quotes nothing."""
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        raise BadEvidence(f"{error.error_count()} faults") from None
