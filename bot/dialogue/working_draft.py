"""The copy of a draft that a turn is decided on: it changes as the rows will, and records each change as a command."""

from collections.abc import Callable
from copy import deepcopy

from bot.dialogue.context import AnswerState, DraftState, IntakeState
from bot.dialogue.draft import ANSWERED, TECHNICIAN_ONLY, AnswerFields, Draft
from bot.dialogue.plan import (
    AddToProblem,
    Command,
    KeepInConfidence,
    LinkKnownProblem,
    SetCategory,
    SetSlot,
    UpdateDraft,
)
from bot.dialogue.user_message import UserMessage
from bot.settings.support.support import Support

Record = Callable[[Command], None]


class WorkingDraft(Draft):
    """A draft whose changes become commands."""

    def __init__(self, state: DraftState, support: Support, record: Record) -> None:
        answers = dict(deepcopy(state.answers))
        super().__init__(deepcopy(state.intake), answers, support, lambda _question: AnswerState())  # type: ignore[arg-type]
        self.reference = state.reference
        self.logged_now = False
        self._recorded, self._pass_on = False, record
        self._added: set[int] = set()
        self._before = _plain_fields(self.intake)

    @property
    def logged(self) -> bool:
        """Return whether the draft's issue is logged, also when this turn does it."""
        return self.reference is not None or self.logged_now

    def save_answer(
        self, question_id: str, value: str, said: UserMessage | None = None, *, status: str = ANSWERED
    ) -> None:
        """Save an answer that the message gives; without one it is what we know."""
        confided = said is not None and self.intake.asking_private and self.intake.asking == question_id
        private = confided or (said is not None and said.private)
        whole = said is not None and not said.is_excerpt and value == said.text
        message_id = said.message_with(value) if said is not None else None
        if not self.put_answer(question_id, value, status=status, message_id=message_id, private=private):
            return
        if said is None or not whole:
            self._record(SetSlot(question_id, value, status, message_id, confided))
        else:
            more = tuple(part.message_id for part in said.parts[1:] if part.message_id is not None)
            self._record(SetSlot(question_id, None, status, message_id, confided, more))

    def carry_over(self, question_id: str, answer: AnswerFields) -> None:
        """Save an answer of a former draft, as private as it is there."""
        value, message_id = answer.value, answer.message_id
        private = answer.visibility == TECHNICIAN_ONLY
        if self.put_answer(question_id, value, message_id=message_id, private=private):
            self._record(SetSlot(question_id, value, ANSWERED, message_id))

    def add_to_problem(self, said: UserMessage) -> None:
        """Add all the words of the message to the problem, or of each message of a batch, once in a turn."""
        for part in said.each:
            if part.message_id is not None and part.message_id in self._added:
                continue
            if self.put_problem(part.text, message_id=part.message_id, private=part.private):
                self._record(AddToProblem(part.message_id, part.text if part.is_excerpt else None, part.private))
                self._added |= {part.message_id} if part.message_id is not None else set()

    def add_words_to_problem(self, text: str, message_id: int | None, *, private: bool) -> None:
        """Add words that are not this message's, such as earlier questions."""
        if self.put_problem(text, message_id=message_id, private=private):
            self._record(AddToProblem(message_id, text, private))

    def keep_in_confidence(self, message_id: int) -> None:
        """Let only support read what was written so far, up to the message that asks for it."""
        self.confide()
        self._record(KeepInConfidence(message_id))

    def set_category(self, category_id: str) -> None:
        """Set the category that was chosen or said."""
        self.put_category(category_id)
        self._record(SetCategory(category_id))

    def link_known_problem(self, problem_id: int) -> None:
        """Link the issue, now or when it is logged, to the problem; only the most needed questions are still asked."""
        self.intake.known_problem_id = problem_id
        self.shorten()
        self._record(LinkKnownProblem(problem_id))

    def is_offered(self, problem_id: object) -> bool:
        """Return whether this very known problem was offered for this draft."""
        return self.intake.known_problem_offered is not None and self.intake.known_problem_offered == problem_id

    def finish(self) -> None:
        """Record the plain fields when they changed, or when another command may change them on its way."""
        after = _plain_fields(self.intake)
        if self._recorded or after != self._before:
            self._record(after)

    def _record(self, command: Command) -> None:
        self._recorded = True
        self._pass_on(command)


def _plain_fields(intake: object) -> UpdateDraft:
    names = ("state", "asking", "asking_private", "misses", "brief", "wants_person", "known_problem_offered")
    return UpdateDraft(*(getattr(intake, name) for name in names))


def empty_draft() -> DraftState:
    """Return the state of a draft that has just begun."""
    return DraftState(IntakeState(), {})
