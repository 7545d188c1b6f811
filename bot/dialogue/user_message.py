"""A message as the questions see it, and what can become of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum

from bot.settings.support.support import Support
from bot.triage.issue.routing import categorise
from bot.triage.reading.details import Details
from bot.triage.reading.impact import assess
from bot.triage.reading.report_words import names_a_problem

# Below this the classifier is not believed where that would keep words from being an answer.
SURE = 0.55
# The label of a part of a message that states something.
TELLS = "inform"
WORDS = re.compile(r"[^\W_]+(?:['’][^\W_]+)?")


class IntakeOutcome(StrEnum):
    """The outcome of a message in the intake.

    ``ASIDE`` answers nothing and wants an answer of its own; ``NOTED`` was taken in for another line than the one
    asked about.
    """

    ASIDE = "aside"
    SAVED = "saved"
    NOTED = "noted"
    UNCLEAR = "unclear"
    CONFIRMED = "confirmed"
    OUTDATED = "outdated"


@dataclass(frozen=True)
class IntakeResult:
    """``changed`` are the lines that were noted out of turn: the customer is told what they say now.

    ``question`` is the part of the message that asks something, which is still to be answered. ``claims_contract``:
    an answer to the question about a contract says that there is one.
    """

    what: IntakeOutcome
    changed: tuple[str, ...] = ()
    question: str = ""
    claims_contract: bool = False


@dataclass(frozen=True)
class UserMessage:
    """A message with what the classifier makes of it. ``fields`` are a pressed choice's.

    ``text`` is at most 2,000 characters; ``details`` and ``call_back`` were read from all of it. ``parts`` are the
    messages of a batch, whose words this one joins under the id of the first; empty for a single message.
    ``request`` is the id of the request that the words make.
    ``is_excerpt``: it is a part of the words of its message.
    """

    text: str
    intent: str
    confidence: float
    message_id: int | None
    unseen: bool
    is_choice: bool
    fields: Mapping[str, object]
    private: bool = False
    details: Details = field(default_factory=Details)
    call_back: str | None = None
    parts: tuple["UserMessage", ...] = ()
    request: str | None = None
    is_excerpt: bool = False

    def excerpt(self, text: str, details: Details, *, intent: str = TELLS) -> "UserMessage":
        """Return a part of the message as one of its own, which tells something unless ``intent`` says otherwise."""
        return replace(
            self, text=text, details=details, intent=intent, confidence=1.0, is_excerpt=True, parts=(), request=None
        )

    @property
    def each(self) -> tuple["UserMessage", ...]:
        """Return the messages one by one."""
        return self.parts or (self,)

    @property
    def message_ids(self) -> frozenset[int | None]:
        return frozenset(part.message_id for part in self.each)

    def message_with(self, value: str) -> int | None:
        """Return the id of the message that holds these words; of the first when they are of several."""
        return next((part.message_id for part in self.parts if value in part.text), self.message_id)

    def means(self, *intents: str) -> bool:
        return self.intent in intents and self.confidence >= SURE

    @property
    def words(self) -> list[str]:
        return WORDS.findall(self.text)

    def is_part_of(self, title: str) -> bool:
        """Return whether the words say a quick reply's title, or a part of it: "nothing" for "Nothing that I
        know of".
        """
        said = [word.casefold() for word in self.words]
        return bool(said) and set(said) <= {word.casefold() for word in WORDS.findall(title)}

    def is_title(self, title: str) -> bool:
        """Return whether the words of a quick reply were typed instead of pressed."""
        return self.text.strip(" .!").casefold() == title.strip(" .!").casefold()


def states_problem(support: Support, text: str) -> bool:
    """Return whether a message that is something else first ("a person please", a curse) also says what goes wrong."""
    if not names_a_problem(text):
        return False
    details = support.details_of(text)
    known = bool(details.error or details.version or assess(text, {}))
    return known or categorise(text, support.categories) is not None


def adds_to_a_problem(support: Support, text: str) -> bool:
    """Return whether words at another question tell more of the problem: what goes wrong, since when, who is
    stopped.
    """
    details = support.details_of(text)
    return states_problem(support, text) or bool(details.since or details.people_stopped or details.deadline)
