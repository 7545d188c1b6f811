"""Extract side facts of a message that need not be asked: address, version, error, since when, which printer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from bot.triage.reading.changes_and_tries import find_tried, find_what_changed
from bot.triage.reading.contact_details import find_phone, looks_like_contact
from bot.triage.reading.correction_words import without_corrected
from bot.triage.reading.negatives import find_no_error
from bot.triage.reading.own_contact import find_own_email
from bot.triage.reading.tech_reference import Found, find_references
from bot.triage.reading.things_named import (
    find_counted,
    find_dated,
    find_expected,
    find_numbered,
    find_placed,
    find_printer,
    find_sourced,
    find_user,
)
from bot.triage.reading.version_and_error import find_error_code, find_error_text, find_operating_system, find_version
from bot.triage.reading.when_and_who import (
    find_affected,
    find_deadline,
    find_how_often,
    find_people_stopped,
    find_since,
)

__all__ = ["NAMED_THINGS", "Details", "Thing", "find_details", "looks_like_contact"]

READ_CHARACTERS = 10_000  # as much as one message may hold
# Details that are found by the words of the question that they answer.
NAMED_THINGS = {
    "numbered": find_numbered,
    "dated": find_dated,
    "counted": find_counted,
    "placed": find_placed,
    "sourced": find_sourced,
}
# "A user cannot sign in" is the problem, and counts nobody.
_ANYBODY = re.compile(r"(?:an?|some|many) ", re.IGNORECASE)


@dataclass(frozen=True)
class Thing:
    """A thing that a question asks for: its ``words`` name it, ``detail`` is one of NAMED_THINGS."""

    question: str
    detail: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Details:
    """The facts found in a text, each as the customer wrote it; None where it says nothing of the kind."""

    email: str | None = None
    phone: str | None = None
    version: str | None = None
    error_code: str | None = None
    error_text: str | None = None
    operating_system: str | None = None
    since: str | None = None
    people_stopped: str | None = None
    deadline: str | None = None
    no_error: str | None = None
    what_changed: str | None = None
    tried: str | None = None
    printer: str | None = None
    user: str | None = None
    affected: str | None = None
    expected: str | None = None
    how_often: str | None = None
    things: dict[str, str] = field(default_factory=dict)
    references: list[Found] = field(default_factory=list)

    @property
    def error(self) -> str | None:
        """Return the error as far as it is known: its words with the code in front; else that there is none."""
        if self.error_text and self.error_code and self.error_code.lower() not in self.error_text.lower():
            return f"{self.error_code}: {self.error_text}"
        return self.error_text or self.error_code or self.no_error

    @property
    def impact(self) -> str | None:
        """Return how many are stopped, and by when it is needed where that is said as well."""
        if self.people_stopped and self.deadline:
            return f"{self.people_stopped}; {self.deadline}"
        return self.people_stopped if self.people_stopped and not _ANYBODY.match(self.people_stopped) else None

    def answer_to(self, question: str, detail: str | None) -> str | None:
        """Return the answer to a question of support.yml whose ``detail`` this is; None when it was not said."""
        if detail is None:
            return None
        value: str | None = self.things.get(question) if detail in NAMED_THINGS else getattr(self, detail)
        return value

    @staticmethod
    def names() -> tuple[str, ...]:
        """Return the details that a question in support.yml may name as its answer."""
        return (
            "email",
            "phone",
            "version",
            "error_code",
            "error_text",
            "error",
            "operating_system",
            "since",
            "people_stopped",
            "deadline",
            "impact",
            "what_changed",
            "tried",
            "printer",
            "user",
            "affected",
            "expected",
            "how_often",
            *NAMED_THINGS,
        )


def find_details(
    text: str, product: str = "version", things: Iterable[Thing] = (), error_code: str | None = "QB-2107"
) -> Details:
    """Read the details from the first 10,000 characters of ``text``; never raises, whatever the text.

    ``product`` and ``error_code`` are the product's name and one of its error codes.
    """
    text = without_corrected(text[:READ_CHARACTERS])
    return Details(
        email=find_own_email(text),
        phone=find_phone(text),
        version=find_version(text, product),
        error_code=find_error_code(text, error_code or ""),
        error_text=find_error_text(text),
        operating_system=find_operating_system(text),
        since=find_since(text),
        people_stopped=find_people_stopped(text),
        deadline=find_deadline(text),
        no_error=find_no_error(text),
        what_changed=find_what_changed(text),
        tried=find_tried(text),
        printer=find_printer(text),
        user=find_user(text),
        affected=find_affected(text),
        expected=find_expected(text),
        how_often=find_how_often(text),
        things=_named_things(text, things),
        references=find_references(text),
    )


def _named_things(text: str, things: Iterable[Thing]) -> dict[str, str]:
    found = {one.question: NAMED_THINGS[one.detail](text, one.words) for one in things}
    return {question: value for question, value in found.items() if value}
