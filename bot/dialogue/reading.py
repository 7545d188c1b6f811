"""A reading: what was understood of a message, by the engine or by rules."""

from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter, ValidationError

NOT_UNDERSTOOD = "nlu_fallback"
ReadBy = Literal["engine", "rules"]
ENGINE: ReadBy = "engine"
RULES: ReadBy = "rules"


class BadReading(ValueError):
    """The value is no reading of this schema; the message quotes nothing of it."""


@dataclass(frozen=True)
class Reading:
    """The leading label with its confidence, and the labels by likelihood. ``by`` says who read."""

    intent: str
    confidence: float
    ranking: tuple[str, ...] = ()
    by: ReadBy = ENGINE


@cache
def _adapter() -> TypeAdapter[Reading]:
    return TypeAdapter(Reading)


def reading_as_json(reading: Reading) -> dict[str, Any]:
    """Return the reading as JSON values."""
    dumped: dict[str, Any] = _adapter().dump_python(reading, mode="json")
    return dumped


def reading_of_json(value: object) -> Reading:
    """Parse a reading; raise BadReading, which quotes nothing."""
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        raise BadReading(f"{error.error_count()} faults") from None
