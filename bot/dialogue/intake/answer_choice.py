"""Carry out a quick reply of the questions, pressed or typed."""

from bot.dialogue.draft import CATEGORY, DONE, SKIPPED, SUMMARY
from bot.dialogue.intake.corrections import WHICH_LINE
from bot.dialogue.intake.question_form import answer_form, is_form
from bot.dialogue.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.dialogue.working_draft import WorkingDraft
from bot.triage.issue.routing import Question


def typed_choice(draft: WorkingDraft, asked: str, said: UserMessage) -> IntakeOutcome | None:
    """Return the title of a quick reply, typed: the same as pressing it. None when it is none."""
    buttons, question = draft.support.buttons, draft.question(asked)
    offered = draft.intake.known_problem_offered
    if offered is not None and said.is_title(buttons.known_problem):
        draft.link_known_problem(offered)
        return IntakeOutcome.NOTED
    if asked == SUMMARY and said.is_title(buttons.right):
        draft.intake.state = DONE
        return IntakeOutcome.CONFIRMED
    if asked == SUMMARY and said.is_title(buttons.correct):
        draft.intake.asking = WHICH_LINE
        return IntakeOutcome.SAVED
    if question is not None and said.is_title(buttons.skip):
        return _skip(draft, question, said)
    if question is not None and question.private_offer and said.is_title(buttons.private):
        draft.intake.asking, draft.intake.asking_private = asked, True
        return IntakeOutcome.SAVED
    return None


def _skip(draft: WorkingDraft, question: Question, said: UserMessage) -> IntakeOutcome:
    """Skip the question; the button of an earlier one that has an answer by now takes nothing away."""
    if question.id in draft.answers and draft.intake.asking != question.id:
        return IntakeOutcome.OUTDATED
    draft.save_answer(question.id, said.text, said, status=SKIPPED)
    return IntakeOutcome.SAVED


def pressed_choice(draft: WorkingDraft, said: UserMessage) -> IntakeResult:
    if is_form(said):
        return answer_form(draft, said)
    name = str(said.fields.get("question") or "")
    if said.intent in ("correct_line", "confirm_summary"):
        return IntakeResult(_summary_choice(draft, said, name))
    if said.intent == "known_problem":
        return IntakeResult(_known_problem(draft, said))
    if name == CATEGORY:
        draft.set_category(str(said.fields.get("value")))
        return IntakeResult(IntakeOutcome.SAVED)
    question = draft.question(name)
    if question is None:
        # The question went away with its category: there is nothing left to answer.
        return IntakeResult(IntakeOutcome.OUTDATED)
    if said.intent == "private_answer":
        draft.intake.asking, draft.intake.asking_private = name, True
        return IntakeResult(IntakeOutcome.SAVED)
    if said.intent == "skip_question":
        return IntakeResult(_skip(draft, question, said))
    changes = name in draft.answers and draft.intake.asking != name
    draft.save_answer(name, str(said.fields.get("value")), said)
    return IntakeResult(IntakeOutcome.NOTED, (name,)) if changes else IntakeResult(IntakeOutcome.SAVED)


def _known_problem(draft: WorkingDraft, said: UserMessage) -> IntakeOutcome:
    problem = said.fields.get("problem")
    if said.fields.get("intake") != draft.intake.id or not draft.is_offered(problem):
        return IntakeOutcome.OUTDATED
    draft.link_known_problem(int(str(problem)))
    return IntakeOutcome.NOTED


def _summary_choice(draft: WorkingDraft, said: UserMessage, question: str) -> IntakeOutcome:
    if said.fields.get("intake") != draft.intake.id:
        return IntakeOutcome.OUTDATED
    if said.intent == "correct_line":
        draft.intake.asking = question or WHICH_LINE
        return IntakeOutcome.SAVED
    if said.fields.get("version") != draft.intake.version:
        draft.intake.asking = SUMMARY
        return IntakeOutcome.OUTDATED
    draft.intake.state = DONE
    return IntakeOutcome.CONFIRMED
