"""A customer who is asked the questions of a draft without a database, as the rules of a turn decide on it.

What the classifier would make of each line is given by the test.
"""

from collections.abc import Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.dialogue.context import MAX_TEXT, DraftState, KnownProblemState
from bot.dialogue.intake.dispatch_message import dispatch_message
from bot.dialogue.intake.known_problem_offer import offered_problem
from bot.dialogue.intake.side_facts import fill_from
from bot.dialogue.plan import Command
from bot.dialogue.user_message import IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft, empty_draft
from bot.settings.support.load import load_support
from bot.triage.reading.call_back import find_call_back

SUPPORT = load_support(Path("no-such-home"))


def said(
    text: str,
    intent: str = "inform",
    *,
    confidence: float = 0.9,
    message_id: int | None = 1,
    unseen: bool = False,
    fields: Mapping[str, object] | None = None,
    private: bool = False,
) -> UserMessage:
    """A message as a turn has it: its beginning, and the facts that were read from all of it."""
    return UserMessage(
        text=text[:MAX_TEXT],
        intent=intent,
        confidence=confidence,
        message_id=message_id,
        unseen=unseen,
        is_choice=fields is not None,
        fields=fields or {},
        private=private,
        details=SUPPORT.details_of(text),
        call_back=find_call_back(text),
    )


@dataclass
class WorkingInterview:
    """Each message is a turn: ``commands`` are those of the last one, ``state`` is what it made of the draft."""

    state: DraftState = field(default_factory=empty_draft)
    message_id: int = 0
    commands: list[Command] = field(default_factory=list)
    _before: DraftState = field(default_factory=empty_draft)
    _message: UserMessage = field(default_factory=lambda: said(""))

    def starts(self, **answers: str) -> None:
        """Begin a draft whose named questions have been answered."""
        draft = self._next_turn()
        if "problem" in answers:
            draft.add_words_to_problem(answers.pop("problem"), None, private=False)
        for name, value in answers.items():
            draft.save_answer(name, value)
        self._keep(draft)

    def hears(self, text: str, intent: str = "inform", **more: Any) -> IntakeResult:
        """Take one message in; ``more`` are further arguments of ``said``."""
        self.message_id += 1
        self._before, self._message = self.state, said(text, intent, message_id=self.message_id, **more)
        return self._decides()

    def hears_again(self) -> IntakeResult:
        """Take the last message in once more, as when its turn failed: the draft is what it was before."""
        self.state = self._before
        return self._decides()

    def _decides(self) -> IntakeResult:
        draft = self._next_turn()
        if draft.intake.asking is None:
            draft.intake.asking = draft.next_step()
        result = dispatch_message(draft, self._message)
        if draft.intake.asking is None:
            draft.intake.asking = draft.next_step()
        self._keep(draft)
        return result

    def mentions(self, text: str) -> list[str]:
        """Say something in passing; return the questions that it fills."""
        self.message_id += 1
        draft = self._next_turn()
        filled = fill_from(draft, said(text, message_id=self.message_id))
        self._keep(draft)
        return filled

    def is_offered(self, *known_problems: KnownProblemState) -> KnownProblemState | None:
        draft = self._next_turn()
        found = offered_problem(draft, known_problems)
        self._keep(draft)
        return found

    @property
    def draft(self) -> WorkingDraft:
        """Return the draft as the next turn finds it."""
        return WorkingDraft(self.state, SUPPORT, self.commands.append)

    def answers(self) -> dict[str, str]:
        return {name: answer.value for name, answer in self.state.answers.items()}

    def asking(self) -> str | None:
        return self.state.intake.asking

    def _next_turn(self) -> WorkingDraft:
        self.commands = []
        return self.draft

    def _keep(self, draft: WorkingDraft) -> None:
        draft.finish()
        intake, answers = deepcopy((draft.intake, draft.answers))
        self.state = DraftState(intake, answers, draft.reference)  # type: ignore[arg-type]
