"""Evidence: look-ups made between reading and deciding, outside any transaction. They change nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError


class BadEvidence(ValueError):
    """The value is no evidence of this schema; the message quotes nothing of it."""


@dataclass(frozen=True)
class ManualResult:
    """The best passages for a question as cards; ``searched`` is False without an index.

    ``warning`` is the best page's "Do not …" sentence about the harm that was looked up, ``page`` that page's title.
    """

    searched: bool
    confident: bool = False
    score: float = 0.0
    cards: tuple[dict[str, str], ...] = ()
    warning: str | None = None
    page: str = ""


@dataclass(frozen=True)
class LookUp:
    """A search of the manual to make. With ``harm`` a warning about it is looked for instead of cards."""

    question: str
    harm: str | None = None

    @property
    def key(self) -> str:
        """Return the name under which the result stands in the evidence."""
        return f"{self.harm or 'cards'}: {self.question}"


class LookUpWanted(Exception):
    """The decision needs a look-up that has not been made; with its result it is decided again from the start."""

    def __init__(self, look_up: LookUp) -> None:
        super().__init__("a look-up is wanted")
        self.look_up = look_up


@dataclass(frozen=True)
class Evidence:
    """The results by the look-up's key."""

    manual: Mapping[str, ManualResult] = field(default_factory=dict)

    def of(self, look_up: LookUp) -> ManualResult:
        """Return the result of a look-up; raise LookUpWanted when it has not been made."""
        found = self.manual.get(look_up.key)
        if found is None:
            raise LookUpWanted(look_up)
        return found

    def joined(self, look_up: LookUp, result: ManualResult) -> "Evidence":
        """Return the evidence with one more result."""
        return Evidence({**self.manual, look_up.key: result})


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
