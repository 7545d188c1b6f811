"""Extract side facts of a message that need not be asked: address, version, error, since when, by when."""

from dataclasses import dataclass, field

from bot.triage.reading.contact_details import find_phone, looks_like_contact
from bot.triage.reading.own_contact import find_own_email
from bot.triage.reading.tech_reference import Found, find_references
from bot.triage.reading.version_and_error import find_error_code, find_error_text, find_operating_system, find_version
from bot.triage.reading.when_and_who import find_deadline, find_people_stopped, find_since

__all__ = ["Details", "find_details", "looks_like_contact"]

READ_CHARACTERS = 10_000  # as much as one message may hold


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
    references: list[Found] = field(default_factory=list)

    @property
    def error(self) -> str | None:
        """Return the error as far as it is known: its words, with the code in front when they lack it."""
        if self.error_text and self.error_code and self.error_code.lower() not in self.error_text.lower():
            return f"{self.error_code}: {self.error_text}"
        return self.error_text or self.error_code

    @property
    def impact(self) -> str | None:
        """Return how many are stopped and by when it is needed, when both are said."""
        if self.people_stopped and self.deadline:
            return f"{self.people_stopped}; {self.deadline}"
        return None

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
        )


def find_details(text: str, product: str = "Quillbook") -> Details:
    """Read the details from the first 10,000 characters of ``text``; never raises, whatever the text."""
    text = text[:READ_CHARACTERS]
    return Details(
        email=find_own_email(text),
        phone=find_phone(text),
        version=find_version(text, product),
        error_code=find_error_code(text),
        error_text=find_error_text(text),
        operating_system=find_operating_system(text),
        since=find_since(text),
        people_stopped=find_people_stopped(text),
        deadline=find_deadline(text),
        references=find_references(text),
    )
