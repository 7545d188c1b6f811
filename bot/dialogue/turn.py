"""One turn while it is decided: what the rules read, and what they want done and said.

Pure: nothing is read but the arguments and nothing is changed but the plan in the making.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Any

from bot.dialogue.context import (
    CONFIDING,
    TO_BE_LOGGED,
    ColleagueIssue,
    InboundMessage,
    IssueState,
    NamedReference,
    TurnContext,
)
from bot.dialogue.draft import ANSWERED, CONTACT, OPEN, PRODUCT, SHORT_OF_PATIENCE
from bot.dialogue.evidence import Evidence
from bot.dialogue.intake.dispatch_message import dispatch_message
from bot.dialogue.intake.plain_corrections import correct_in_words
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.matters import Matter, matters_of
from bot.dialogue.plan import (
    ISSUE_REFERENCE,
    AddToIssue,
    BeginDraft,
    CancelHandOff,
    Choice,
    Command,
    CountReferenceMiss,
    Expect,
    OpenIssue,
    Plan,
    ReplyPart,
    RequestHandOff,
    Say,
    SayCoverage,
    SayQueueNotices,
    SayQueuePlace,
    SayText,
    SetLanguage,
    SetMood,
    SetOutcome,
    Value,
)
from bot.dialogue.reading import RULES, Reading
from bot.dialogue.request_reading import request_in, request_in_part
from bot.dialogue.user_message import TELLS, IntakeOutcome, IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft, empty_draft
from bot.settings.support.load import shipped
from bot.settings.support.support import Support
from bot.settings.support.translations import in_language, status_in_language
from bot.triage.issue.requests import Request
from bot.triage.reading.payer_words import Payer
from bot.triage.text.language import ENGLISH, language_of

UNSURE, UNSURE_AGAIN = "unsure", "unsure_again"
# The one question on the way to a person: whatever is written next is logged.
PERSON = "person"
CLOSE_IT, LEAVE_QUEUE, LOST_REFERENCE = "close_it", "leave_queue", "lost_reference"
# Whether to close an issue that the customer did not want.
UNWANTED = "unwanted"
# What was said last is that a request is passed on; and that with the question how to reach the customer.
REQUEST_LOGGED, REQUEST_CONTACT = "request_logged", "request_contact"
# Questions that only the very next message answers: a later yes is about something else.
FOR_ONE_MESSAGE = (
    UNSURE,
    UNSURE_AGAIN,
    CLOSE_IT,
    UNWANTED,
    LEAVE_QUEUE,
    LOST_REFERENCE,
    CONFIDING,
    REQUEST_LOGGED,
    PRODUCT,
)
# Facts that are the same for every problem of a customer's installation.
OF_THE_INSTALLATION = frozenset(("version", "operating_system"))
# What is quoted, in whatever language, when a question asks for it.
EXACT = ("error", "error_text")
Spoken = Say | SayText | SayQueuePlace | SayQueueNotices | SayCoverage


class Turn:
    """The input of the rules and the plan that they make."""

    def __init__(self, context: TurnContext, reading: Reading, evidence: Evidence, support: Support) -> None:
        self.context, self.reading, self.evidence, self.office = context, reading, evidence, support
        self.commands: list[Command] = []
        self.reply: list[Spoken] = []
        self._moves: list[RequestHandOff | CancelHandOff] = []
        self.silent = False
        self.asks_next = False
        self.leaves_question_open = False
        self._answers_nothing = False
        self.begins_draft = False
        self.draft: WorkingDraft | None = None
        if context.draft is not None:
            self.draft = WorkingDraft(context.draft, self.office, self.do)
        self.problem_before = self.draft.problem if self.draft is not None else ""
        # Constant for the turn: whether the routing questions were being asked when it began.
        self.in_form = context.draft is not None and context.draft.intake.state == OPEN
        # The language of the conversation, None for English; ``support`` speaks it, ``office`` speaks English.
        self.foreign = self._language()
        self.support = in_language(support, shipped(), self.foreign)
        self._expected: str | None = None
        self._expects = False
        # What the message says of the contract beside its other words, of which alone the rules read.
        self.payer: Payer | None = None

    def _language(self) -> str | None:
        """Return the language of the typed words, else that of the conversation, and have a change remembered."""
        before = self.context.language
        if self.context.colleague:
            return before
        if self.draft is not None and self.in_form:
            question = self.draft.question(self.draft.intake.asking or "")
            if question is not None and question.detail in EXACT:
                return before
        shown = language_of(self.typed, before) if self.typed else None
        after = before if shown is None else None if shown == ENGLISH else shown
        if after != before:
            self.do(SetLanguage(after))
        return after

    @cached_property
    def said(self) -> UserMessage:
        """Return the message, or the earlier one that a pressed choice is about; empty for an event without words."""
        source = self._source
        if source is None:
            return UserMessage("", self.intent, self.reading.confidence, None, False, False, {})
        return replace(self._as_said(source), parts=tuple(self._as_said(part) for part in source.parts))

    def _as_said(self, source: InboundMessage) -> UserMessage:
        fields = self.context.choice.fields if self.context.choice is not None else {}
        return UserMessage(
            text=source.text,
            intent=self.intent,
            confidence=self.reading.confidence,
            message_id=source.id,
            unseen=self.unseen_question,
            is_choice=self.is_choice,
            fields=fields,
            private=source.private,
            details=source.details,
            call_back=source.call_back,
            request=self.request.id if self.request is not None else None,
            is_excerpt=self.payer is not None,
        )

    @cached_property
    def request(self) -> Request | None:
        """Return the request that the typed words make, which is no technical problem; None for anything else."""
        return request_in(self.context, self.reading, self.evidence, self.support)

    @property
    def _source(self) -> InboundMessage | None:
        return self.context.about or self.context.message

    @property
    def text(self) -> str:
        """Return the words that the turn is about, at most 2,000 characters."""
        return self.said.text

    @property
    def word_count(self) -> int:
        """Return the number of words of the whole message."""
        source = self._source
        return source.words if source is not None else 0

    @property
    def typed(self) -> str:
        """Return the typed words; empty for a pressed quick reply."""
        message = self.context.message
        return "" if self.is_choice or message is None else message.text

    @property
    def references(self) -> tuple[NamedReference, ...]:
        """Return the Tech References in the words that the turn is about."""
        return self._source.references if self._source is not None else ()

    @property
    def typed_references(self) -> tuple[NamedReference, ...]:
        """Return the Tech References in the typed words; none for a pressed quick reply."""
        return () if self.is_choice or self.context.message is None else self.context.message.references

    @property
    def message_id(self) -> int | None:
        """Return the stored message behind this turn; None for an event that no customer caused."""
        return self.context.message.id if self.context.message is not None else None

    @property
    def intent(self) -> str:
        return self.reading.intent

    @property
    def by_rules(self) -> bool:
        """Return True when the engine could not read the message."""
        return self.reading.by == RULES

    @property
    def is_choice(self) -> bool:
        """Return True when a quick reply was pressed rather than words typed."""
        return self.context.choice is not None

    @property
    def claims_contract(self) -> bool:
        """Return True when the words say that there is a support contract."""
        source = self._source
        return source is not None and source.claims_contract

    @cached_property
    def matters(self) -> list[Matter]:
        """Return the matters of the typed words."""
        return matters_of(self.support, self.typed, lambda part: request_in_part(part, self.evidence, self.support))

    @property
    def asks_confidence(self) -> bool:
        """Return True when the words ask that nobody but support reads them, or what was written before."""
        source = self._source
        return source is not None and source.asks_confidence

    @property
    def waiting(self) -> bool:
        """Return True while the conversation is in the queue for a technician."""
        return self.context.waiting

    @property
    def unseen_question(self) -> bool:
        """Return True when this was written before the customer saw the assistant's last message."""
        return self.context.unseen_question

    @property
    def pending(self) -> str | None:
        """Return what a plain yes or no answers, as the turn found it or has set it."""
        return self._expected if self._expects else self.context.pending

    @cached_property
    def taken(self) -> IntakeResult | None:
        """Return the outcome of the message at the question that was put, to which it is applied at most once.

        None when the message answers nothing, or no question was open when the turn began.
        """
        if not self.in_form or self.draft is None or self._answers_nothing:
            return None
        result = dispatch_message(self.draft, self.said)
        return None if result.what is IntakeOutcome.ASIDE else result

    @cached_property
    def corrected(self) -> IntakeResult | None:
        """Return the outcome of a correction in words while no question is open, which is applied at most once."""
        if self.in_form or self.draft is None or self.is_choice or self.by_rules or not self.typed:
            return None
        return correct_in_words(self.draft, "", self.said)

    @property
    def known_issue(self) -> IssueState | None:
        """Return the conversation's issue, else the customer's newest."""
        return self.context.issue or self.context.newest_issue

    @property
    def open_issue_state(self) -> IssueState | None:
        """Return the conversation's issue, unless it is resolved."""
        issue = self.context.issue
        return None if issue is None or issue.resolved else issue

    def status_of(self, issue: IssueState | ColleagueIssue) -> str:
        """Return how an issue stands, in the customer's language."""
        return status_in_language(self.foreign, issue.state) if self.foreign and issue.state else issue.status

    def field(self, name: str) -> Any:
        """Return a field of the pressed choice's payload, or None."""
        return self.context.choice.fields.get(name) if self.context.choice is not None else None

    @property
    def logs_chosen(self) -> bool:
        """Return True when somebody chose a message to be logged, whatever it says."""
        return self.intent == "report_issue" and self.field("value") == TO_BE_LOGGED

    def do(self, command: Command) -> None:
        """Add a command to the plan."""
        self.commands.append(command)

    def say(
        self,
        response: str,
        *,
        choices: Sequence[Choice] = (),
        cards: Sequence[dict[str, str]] = (),
        private: bool = False,
        **values: Value,
    ) -> None:
        """Reply with a response of domain.yml; ``private``: in a shared thread only the customer may read it."""
        self.reply.append(Say(response, values, tuple(choices), tuple(cards), private))

    def say_first(self, response: str, **values: Value) -> None:
        """Begin the reply with a response of domain.yml."""
        self.reply.insert(0, Say(response, values))

    def say_again(self, part: Say) -> None:
        """Repeat a part of a reply."""
        self.reply.append(part)

    def say_text(self, text: str, *, choices: Sequence[Choice] = (), values: Mapping[str, Value] | None = None) -> None:
        """Reply with words of support.yml; placeholders are filled when ``values`` are given."""
        self.reply.append(SayText(text, values or {}, tuple(choices)))

    def say_queue_place(self, *, choices: Sequence[Choice] = ()) -> None:
        """Say the place in the queue as it is when the reply is composed."""
        self.reply.append(SayQueuePlace(tuple(choices)))

    def say_queue_notices(self) -> None:
        """Say the place in the queue and who pays, as they are when the reply is composed; the place once."""
        places = [part for part in self.reply if isinstance(part, SayQueuePlace)]
        self.reply[:] = [part for part in self.reply if not isinstance(part, SayQueuePlace)]
        self.reply.append(SayQueueNotices(tuple(choice for place in places for choice in place.choices)))

    def keep_place_untold(self) -> None:
        """Say only the hours where the queue is entered."""
        self._moves = [
            replace(move, place_untold=True) if isinstance(move, RequestHandOff) else move for move in self._moves
        ]

    def say_coverage(self) -> None:
        """Say who would pay, as it is when the reply is composed."""
        self.reply.append(SayCoverage())

    def hand_off(self, reason: str, *, also: Sequence[str] = ()) -> None:
        """Put the issue in the queue: after the new reference, before a last question with choices, else at the end."""
        self._moves.append(RequestHandOff(reason, tuple(also)))

    def cancel_hand_off(self, reference: str | None = None) -> None:
        """Leave the queue with one issue, or with all: at the same point of the reply at which it would be entered."""
        self._moves.append(CancelHandOff(reference))

    def set_mood(self, mood: str) -> None:
        self.do(SetMood(mood))

    def set_outcome(self, outcome: str) -> None:
        self.do(SetOutcome(outcome))

    def ask_about(self, pending: str | None) -> None:
        """Remember the subject of a plain yes or no; None for none."""
        self._expected, self._expects = pending, True

    def count_reference_miss(self) -> int:
        """Count one more unknown reference; return their number in this conversation."""
        self.do(CountReferenceMiss())
        return self.context.reference_misses + 1

    def begin_draft(self) -> WorkingDraft:
        """Begin a draft; what is known of the customer is filled in, as it will be when performed."""
        former = self.draft.answers if self.draft is not None else {}
        self.do(BeginDraft())
        state = empty_draft()
        state.intake.brief = self.context.mood in SHORT_OF_PATIENCE
        self.draft = WorkingDraft(state, self.office, self.do)
        if self.context.known_contact:
            self.draft.put_answer(CONTACT, self.context.known_contact)
        for name, question in self.support.questions.items():
            if question.detail in OF_THE_INSTALLATION and name in former and former[name].status == ANSWERED:
                self.draft.carry_over(name, former[name])
        self.begins_draft = True
        return self.draft

    def take_in_earlier(self) -> None:
        """Save to a draft that this turn began what the customer said before it; what this message says stands."""
        if self.draft is None or not self.begins_draft:
            return
        for one in self.context.earlier:
            said = UserMessage(
                "",
                TELLS,
                1.0,
                one.id,
                False,
                False,
                {},
                private=one.private,
                details=one.details,
                call_back=one.call_back,
            )
            fill_from(self.draft, said)

    def open_issue(self, draft: WorkingDraft) -> None:
        """Log the draft's issue; its reference is ``plan.ISSUE_REFERENCE`` in what is said."""
        self.do(OpenIssue())
        draft.logged_now = True

    def issue_reference(self, draft: WorkingDraft) -> Value:
        """Return the reference of the draft's issue; empty while it is not logged."""
        return draft.reference or (ISSUE_REFERENCE if draft.logged_now else "")

    def add_to_issue(self, reference: str) -> None:
        """Add all the words of the message to the conversation's issue, which has this reference."""
        if self.draft is not None and self.draft.reference == reference:
            self.draft.add_to_problem(self.said)
        else:
            self.do_for_each(lambda part: AddToIssue(part.message_id, private=part.private))

    def do_for_each(self, command: Callable[[UserMessage], Command]) -> None:
        """Add a command for each message of the turn's batch."""
        for part in self.said.each:
            self.do(command(part))

    def go_on_with_questions(self) -> None:
        """Ask the draft's next question at the end of the turn."""
        self.asks_next = True

    def answer_nothing(self) -> None:
        """Keep the message from being taken as an answer: it is about the questions themselves."""
        self._answers_nothing = True

    def leave_question_open(self) -> None:
        """Keep the form's open question without putting it again in this turn."""
        self.leaves_question_open = True

    def read_only(self, message: InboundMessage) -> None:
        """Let the rules read this rest of the message."""
        self.context = replace(self.context, message=message)
        for name in ("said", "request", "matters", "taken", "corrected"):
            self.__dict__.pop(name, None)

    def note_silently(self) -> None:
        """Take the message in without a word: the customer is in the middle of saying something."""
        self.silent = True

    def plan(self, rule: str) -> Plan:
        """Return the plan; what only the next message answers is forgotten with a message that does not."""
        if self.context.pending in FOR_ONE_MESSAGE and not self._expects:
            self.ask_about(None)
        if self._expects and self._expected != self.context.pending:
            self.do(Expect(self._expected))
        if self.draft is not None:
            self.draft.finish()
        return Plan(rule, tuple(self.commands), self._whole_reply(), self.silent)

    def _whole_reply(self) -> tuple[ReplyPart, ...]:
        place = _place_of_moves(self.reply)
        return (*self.reply[:place], *self._moves, *self.reply[place:])


def _place_of_moves(reply: Sequence[Spoken]) -> int:
    """Return where in the reply the queue is entered or left, of which the customer is told at that point."""
    for place, part in enumerate(reply):
        if isinstance(part, Say | SayText) and ISSUE_REFERENCE in part.values.values():
            return place + 1
    last = reply[-1] if reply else None
    asks = isinstance(last, Say | SayText | SayQueuePlace) and bool(last.choices)
    return len(reply) - 1 if asks else len(reply)
