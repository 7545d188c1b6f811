"""The turn context: all that a turn is decided from besides the reading and the evidence.

The gateway builds it in one read and sends it with the message as metadata. It is plain data, validated on both sides
of the wire. Customers' words in it are cut to what the engine may have; facts of a longer text are read before.
"""

import json
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError

from bot.triage.reading.details import Details

# The part of a long text that leaves the gateway. The gateway keeps all of it.
MAX_TEXT = 2_000
# What is awaited after a wish for confidence that came first: the words to be kept so.
CONFIDING = "confiding"
# The value of a choice after which the message that it is about is logged, whatever it says.
TO_BE_LOGGED = "to_be_logged"
# The kinds of events that no customer wrote.
GIVEN_BACK, KNOWN_PROBLEM_OVER, REFERENCE_UNTOLD = "give_back", "known_problem_over", "reference_untold"
# The number of a contract was asked for and taken; the dialogue goes on.
CONTRACT_ASKED = "contract_asked"
# What is awaited after "I have a contract": its number, which the gateway takes.
CONTRACT_NUMBER = "contract_number"


class BadContext(ValueError):
    """The turn context is not of this schema; the message quotes nothing of it."""


@dataclass
class AnswerState:
    """One answer of a draft."""

    value: str = ""
    status: str = "answered"
    visibility: str = "everyone"
    message_id: int | None = None


@dataclass
class IntakeState:
    """The fields of a draft. ``id`` is 0 for one that this turn begins."""

    id: int = 0
    state: str = "open"
    version: int = 1
    category: str | None = None
    wants_person: bool = True
    asking: str | None = None
    asking_private: bool = False
    misses: int = 0
    brief: bool = False
    known_problem_id: int | None = None
    known_problem_offered: int | None = None


@dataclass(frozen=True)
class DraftState:
    """The conversation's newest draft with its answers; ``reference`` when its issue is logged."""

    intake: IntakeState
    answers: dict[str, AnswerState]
    reference: str | None = None


@dataclass(frozen=True)
class IssueState:
    """The status of an issue for its opener.

    ``status`` is in plain English, ``state`` its id. ``private``: not all of it was said where the question about it is
    asked. ``category`` is the id of its category or request.
    """

    reference: str
    title: str
    status: str
    queue_place: int | None
    last_words: str | None
    private: bool
    resolved: bool
    category: str = ""
    state: str = ""


@dataclass(frozen=True)
class OpenIssueState:
    """One of several open issues of a conversation.

    ``words`` are its problem, at most 2,000 characters. ``waiting``: it is in the queue or with a technician.
    ``returned_at``: since when it is given back; None for one that is not.
    """

    state: IssueState
    words: str
    waiting: bool
    returned_at: datetime | None = None


@dataclass(frozen=True)
class ColleagueIssue:
    """The status of an issue for a proven colleague of its opener: nothing that anybody wrote."""

    reference: str
    category: str
    status: str
    state: str = ""


@dataclass(frozen=True)
class NamedReference:
    """A Tech Reference in the customer's words, with as much of its issue as this customer may hear."""

    reference: str
    valid: bool
    own: IssueState | None = None
    colleagues: ColleagueIssue | None = None


@dataclass(frozen=True)
class InboundMessage:
    """A stored message of the customer, or the messages of a batch, joined line by line under the id of the first.

    ``text`` is the first 2,000 characters; ``details``, ``references``, ``call_back``, ``claims_contract`` and
    ``asks_confidence`` were read from all of it. ``words`` counts those of all of it. ``author`` is a channel's user,
    None in the widget. ``parts`` are the messages of a batch, without references; empty for a single message.
    """

    id: int
    revision: int
    text: str
    private: bool
    words: int
    details: Details
    references: tuple[NamedReference, ...] = ()
    call_back: str | None = None
    claims_contract: bool = False
    asks_confidence: bool = False
    author: int | None = None
    parts: tuple["InboundMessage", ...] = ()

    @property
    def each(self) -> tuple["InboundMessage", ...]:
        """Return the messages one by one."""
        return self.parts or (self,)


@dataclass(frozen=True)
class EarlierMessage:
    """The facts of an earlier message that no draft has taken in, read from all that it states; no words of it."""

    id: int
    private: bool
    details: Details
    call_back: str | None = None


@dataclass(frozen=True)
class PressedChoice:
    """A quick reply that was pressed; ``fields`` are those of its payload."""

    intent: str
    fields: dict[str, Any]

    @classmethod
    def of_payload(cls, payload: str) -> "PressedChoice":
        """Parse ``/intent{JSON object}``, as the composer writes it."""
        intent, brace, fields = payload.removeprefix("/").partition("{")
        return cls(intent, json.loads(brace + fields) if brace else {})

    @property
    def names_its_question(self) -> bool:
        """Return whether the rules can tell by the payload what the choice answers, and so whether it is outdated."""
        return "question" in self.fields or "intake" in self.fields


@dataclass(frozen=True)
class UnpromptedEvent:
    """An event without words of the customer. ``kind`` is one of the module's constants."""

    kind: str
    technician: str = ""
    note: str = ""
    title: str = ""
    text: str = ""
    reference: str = ""
    references: tuple[str, ...] = ()


@dataclass(frozen=True)
class AskedQuestion:
    """A how-to question that neither the manual nor an issue covers yet; ``private``: asked in private."""

    question: str
    private: bool


@dataclass(frozen=True)
class ShownAnswer:
    """The last answer from the manual, while it is nearly the last thing said.

    ``question`` is what was looked up, ``pages`` are the addresses of the pages shown, the best first, without a
    heading's anchor, and ``titles`` theirs. ``private``: it was asked in private. ``since`` counts the turns
    between that question and this one. ``section`` is the address of the best section, with its anchor.
    """

    question: str
    pages: tuple[str, ...]
    titles: tuple[str, ...]
    private: bool = False
    since: int = 0
    section: str = ""


@dataclass(frozen=True)
class KnownProblemState:
    """A known problem in force. ``category`` and ``versions`` narrow down whose issue it may be."""

    id: int
    title: str
    text: str
    category: str | None
    versions: tuple[str, ...]


@dataclass(frozen=True)
class TurnContext:
    """Everything known when a turn begins. ``now`` is in UTC.

    ``pending`` names what a plain yes or no would answer. ``about`` is the earlier message that a pressed choice is
    about. ``unseen_question``: the message was written before the customer saw the assistant's last one. ``issue`` is
    the conversation's own, ``newest_issue`` the customer's newest; ``open_issues`` are all that are open in the
    conversation, in the order of logging, when there are at least two. ``earlier`` are messages since the last draft,
    the newest first, while a new one may begin. ``abuse`` counts earlier abusive messages.
    ``asks_who_pays``: the customer has no contract, claims none, has paid nothing, and was not asked here.
    ``product`` is the one of several products that the turn is about, ``product_before`` as the conversation knew it;
    ``product_alone``: the message says no more than which one is meant. ``products_here`` are those to choose among,
    while nobody knows and nobody has asked.
    ``asks_together``: a mail asks everything at once, since each reply may take a day.
    ``persons_turn``: the assistant has sent its mails about an issue that waits, and a technician answers the next.
    ``colleague`` is the name of who wrote the message, when others write in the customer's thread and one of them did.
    ``shown`` is the answer that a short message may lean on, ``last_rule`` the rule that decided the turn before.
    ``fingerprint`` names the state that the decision is made on.
    """

    conversation_id: str
    epoch: int
    owner: str
    now: datetime
    message: InboundMessage | None = None
    about: InboundMessage | None = None
    choice: PressedChoice | None = None
    event: UnpromptedEvent | None = None
    unseen_question: bool = False
    mood: str | None = None
    outcome: str | None = None
    pending: str | None = None
    reference_misses: int = 0
    time_zone: str | None = None
    language: str | None = None
    product: str | None = None
    product_before: str | None = None
    product_alone: bool = False
    products_here: tuple[str, ...] = ()
    draft: DraftState | None = None
    issue: IssueState | None = None
    newest_issue: IssueState | None = None
    open_issues: tuple[OpenIssueState, ...] = ()
    queue_place: int | None = None
    known_contact: str | None = None
    asks_who_pays: bool = False
    asks_together: bool = False
    persons_turn: bool = False
    colleague: str = ""
    unsolved: tuple[AskedQuestion, ...] = ()
    last_search_open: bool = False
    shown: ShownAnswer | None = None
    last_rule: str | None = None
    known_problems: tuple[KnownProblemState, ...] = field(default=())
    earlier: tuple[EarlierMessage, ...] = ()
    abuse: int = 0
    fingerprint: str = ""

    @property
    def messages(self) -> tuple[InboundMessage, ...]:
        """Return the messages of the turn's batch, one by one; none for an event without words."""
        return self.message.each if self.message is not None else ()

    @property
    def waiting(self) -> bool:
        """Return True while the conversation is in the queue for a technician."""
        return self.owner == "queue"


@cache
def _adapter() -> TypeAdapter[TurnContext]:
    return TypeAdapter(TurnContext)


def context_as_json(context: TurnContext) -> dict[str, Any]:
    """Return the context as JSON values."""
    dumped: dict[str, Any] = _adapter().dump_python(context, mode="json")
    return dumped


def context_of_json(value: object) -> TurnContext:
    """Parse a context; raise BadContext, which quotes nothing."""
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        raise BadContext(f"{error.error_count()} faults") from None
