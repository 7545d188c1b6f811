"""The plan of a turn: commands to perform and the reply to compose, as data.

Commands name no customer. What exists only once they are performed (a reference, a draft's version) is a ``Ref``,
which the composer resolves. The vocabulary is that of Rasa's CALM where a command is the same thing:
https://rasa.com/docs/reference/primitives/commands/
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import Field, TypeAdapter, ValidationError


class BadPlan(ValueError):
    """The value is no plan of this schema; the message quotes nothing of it."""


@dataclass(frozen=True)
class Ref:
    """A value that exists when the commands have been performed."""

    ref: Literal[
        "issue.reference", "further.reference", "third.reference", "draft.id", "draft.version", "request.reference"
    ]


ISSUE_REFERENCE, DRAFT_ID, DRAFT_VERSION = Ref("issue.reference"), Ref("draft.id"), Ref("draft.version")
# Of the second and the third issue that one message opens, and of a request.
FURTHER_REFERENCE, THIRD_REFERENCE = Ref("further.reference"), Ref("third.reference")
REQUEST_REFERENCE = Ref("request.reference")
Value = str | int | float | Ref


@dataclass(frozen=True)
class BeginDraft:
    """Begin a draft; what is known of the customer is filled in."""

    kind: Literal["begin_draft"] = "begin_draft"


@dataclass(frozen=True)
class SetSlot:
    """Save an answer. ``value`` is None for all the words of the message, followed by those of ``more_messages``.

    ``confided``: its messages become private.
    """

    question: str
    value: str | None
    status: str = "answered"
    message_id: int | None = None
    confided: bool = False
    more_messages: tuple[int, ...] = ()
    kind: Literal["set_slot"] = "set_slot"


@dataclass(frozen=True)
class AddToProblem:
    """Add to the problem of the draft: ``text``, or else all the words of the message."""

    message_id: int | None
    text: str | None = None
    private: bool = False
    kind: Literal["add_to_problem"] = "add_to_problem"


@dataclass(frozen=True)
class SetCategory:
    category: str
    kind: Literal["set_category"] = "set_category"


@dataclass(frozen=True)
class UpdateDraft:
    """Set the plain fields of the draft that the turn has changed; performed after all other draft commands."""

    state: str
    asking: str | None
    asking_private: bool
    misses: int
    brief: bool
    wants_person: bool
    known_problem_offered: int | None
    kind: Literal["update_draft"] = "update_draft"


@dataclass(frozen=True)
class KeepInConfidence:
    """Let only support read what this customer has written so far, and the answers taken from it."""

    message_id: int
    kind: Literal["keep_in_confidence"] = "keep_in_confidence"


@dataclass(frozen=True)
class LinkKnownProblem:
    problem: int
    kind: Literal["link_known_problem"] = "link_known_problem"


@dataclass(frozen=True)
class OpenIssue:
    """Log the draft's issue, once; the result is ``issue.reference``, or that of a further or a third one."""

    name: Literal["issue", "further", "third"] = "issue"
    kind: Literal["open_issue"] = "open_issue"


@dataclass(frozen=True)
class LogRequest:
    """Log the messages as a request of this kind, beside any draft; the result is ``request.reference``.

    ``text`` are the words of the only message that make it, when it holds other matters as well.
    """

    request: str
    message_ids: tuple[int, ...]
    contact: str | None = None
    text: str | None = None
    kind: Literal["log_request"] = "log_request"


@dataclass(frozen=True)
class SetRequestContact:
    """Save how to reach the customer about the conversation's newest request."""

    contact: str
    message_id: int
    kind: Literal["set_request_contact"] = "set_request_contact"


@dataclass(frozen=True)
class AddToIssue:
    """Add to the description of the conversation's issue: ``text``, or else all the words of the message."""

    message_id: int | None
    text: str | None = None
    private: bool = False
    kind: Literal["add_to_issue"] = "add_to_issue"


@dataclass(frozen=True)
class NoteFacts:
    """Save the facts that a message mentions to the draft of the conversation's issue."""

    message_id: int
    kind: Literal["note_facts"] = "note_facts"


@dataclass(frozen=True)
class AttachIssue:
    """Let the conversation be about this issue of the same customer."""

    reference: str
    kind: Literal["attach_issue"] = "attach_issue"


@dataclass(frozen=True)
class ReopenIssue:
    kind: Literal["reopen_issue"] = "reopen_issue"


@dataclass(frozen=True)
class ResolveIssue:
    kind: Literal["resolve_issue"] = "resolve_issue"


@dataclass(frozen=True)
class SetLanguage:
    """Remember the language that the customer writes; None for English."""

    language: str | None
    kind: Literal["set_language"] = "set_language"


@dataclass(frozen=True)
class NoteProduct:
    """Remember which of several products the conversation and its open issue are about; None: it has been asked."""

    product: str | None
    kind: Literal["note_product"] = "note_product"


@dataclass(frozen=True)
class SetMood:
    value: str
    kind: Literal["set_mood"] = "set_mood"


@dataclass(frozen=True)
class SetOutcome:
    value: str
    kind: Literal["set_outcome"] = "set_outcome"


@dataclass(frozen=True)
class CountAbuse:
    message_id: int
    kind: Literal["count_abuse"] = "count_abuse"


@dataclass(frozen=True)
class ClaimContract:
    """Believe that there is a contract; ``asks_for_number``: the next message may be its number or an address."""

    asks_for_number: bool = False
    kind: Literal["claim_contract"] = "claim_contract"


@dataclass(frozen=True)
class RecordSearch:
    """Record a search of the manual and the cards that were shown for it; ``beside_report``: it was not asked for."""

    question: str
    message_id: int | None
    shown: tuple[dict[str, str], ...]
    score: float
    confident: bool
    beside_report: bool = False
    kind: Literal["record_search"] = "record_search"


@dataclass(frozen=True)
class MarkSearch:
    """Record whether the last search helped."""

    solved: bool
    kind: Literal["mark_search"] = "mark_search"


@dataclass(frozen=True)
class Expect:
    """Remember what a plain yes or no answers from now on; None for nothing."""

    pending: str | None
    kind: Literal["expect"] = "expect"


@dataclass(frozen=True)
class CountReferenceMiss:
    kind: Literal["count_reference_miss"] = "count_reference_miss"


Command = Annotated[
    BeginDraft
    | SetSlot
    | AddToProblem
    | SetCategory
    | UpdateDraft
    | KeepInConfidence
    | LinkKnownProblem
    | OpenIssue
    | LogRequest
    | SetRequestContact
    | AddToIssue
    | NoteFacts
    | AttachIssue
    | ReopenIssue
    | ResolveIssue
    | SetLanguage
    | NoteProduct
    | SetMood
    | SetOutcome
    | CountAbuse
    | ClaimContract
    | RecordSearch
    | MarkSearch
    | Expect
    | CountReferenceMiss,
    Field(discriminator="kind"),
]


@dataclass(frozen=True)
class Choice:
    """A quick reply: its title, and the intent with fields that it stands for."""

    title: str
    intent: str
    fields: Mapping[str, Value] = field(default_factory=dict)


@dataclass(frozen=True)
class Say:
    """Say a response of domain.yml, or the operator's replacement, with its placeholders filled."""

    response: str
    values: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    cards: tuple[dict[str, str], ...] = ()
    private: bool = False
    kind: Literal["say"] = "say"


@dataclass(frozen=True)
class SayText:
    """Say words of support.yml, such as a routing question; ``values`` fill its placeholders, if any are given."""

    text: str
    values: Mapping[str, Value] = field(default_factory=dict)
    choices: tuple[Choice, ...] = ()
    kind: Literal["say_text"] = "say_text"


@dataclass(frozen=True)
class SayQueuePlace:
    """Say the place in the queue as it is when the reply is composed; nothing outside the queue."""

    choices: tuple[Choice, ...] = ()
    kind: Literal["say_queue_place"] = "say_queue_place"


@dataclass(frozen=True)
class SayQueueNotices:
    """Say the place in the queue and who pays, as they are when the reply is composed; nothing outside the queue."""

    choices: tuple[Choice, ...] = ()
    kind: Literal["say_queue_notices"] = "say_queue_notices"


@dataclass(frozen=True)
class SayCoverage:
    """Say who would pay for an ordinary issue, as it is when the reply is composed."""

    kind: Literal["say_coverage"] = "say_coverage"


@dataclass(frozen=True)
class RequestHandOff:
    """Put the conversation's issue in the queue; the customer is told the place at this point of the reply.

    ``also`` are the references of others of the conversation that are to wait again with it. ``place_untold``: of the
    queue only the hours are said, since the place depends on what is asked next.
    """

    reason: str
    also: tuple[str, ...] = ()
    place_untold: bool = False
    kind: Literal["request_hand_off"] = "request_hand_off"


@dataclass(frozen=True)
class CancelHandOff:
    """Leave the queue at this point of the reply, with one issue or with all of them (None)."""

    reference: str | None = None
    kind: Literal["cancel_hand_off"] = "cancel_hand_off"


ReplyPart = Annotated[
    Say | SayText | SayQueuePlace | SayQueueNotices | SayCoverage | RequestHandOff | CancelHandOff,
    Field(discriminator="kind"),
]


@dataclass(frozen=True)
class Plan:
    """``rule`` is the name of the rule that decided. ``silent``: to say nothing is meant."""

    rule: str
    commands: tuple[Command, ...]
    reply: tuple[ReplyPart, ...]
    silent: bool = False


@cache
def _adapter() -> TypeAdapter[Plan]:
    return TypeAdapter(Plan)


def plan_as_json(plan: Plan) -> dict[str, Any]:
    """Return the plan as JSON values."""
    dumped: dict[str, Any] = _adapter().dump_python(plan, mode="json")
    return dumped


def plan_of_json(value: object) -> Plan:
    """Parse a plan; raise BadPlan, which quotes nothing."""
    try:
        return _adapter().validate_python(value)
    except ValidationError as error:
        raise BadPlan(f"{error.error_count()} faults") from None
