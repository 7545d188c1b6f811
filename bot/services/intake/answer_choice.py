"""Carry out a quick reply of the questions, pressed or typed."""

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.intake import draft as drafts
from bot.services.intake.corrections import WHICH_LINE
from bot.services.intake.draft import CATEGORY, SKIPPED, SUMMARY, Draft
from bot.services.intake.known_problem_offer import is_offered, link_draft
from bot.services.intake.user_message import IntakeOutcome, IntakeResult, UserMessage
from bot.triage.issue.routing import Question


async def typed_choice(
    session: AsyncSession, draft: Draft, asked: str, said: UserMessage, now: datetime
) -> IntakeOutcome | None:
    """Return the title of a quick reply, typed: the same as pressing it. None when it is none."""
    buttons, question = draft.support.buttons, draft.question(asked)
    offered = draft.intake.known_problem_offered
    if offered is not None and said.is_title(buttons.known_problem):
        await link_draft(session, draft, offered["problem"], now)
        return IntakeOutcome.NOTED
    if asked == SUMMARY and said.is_title(buttons.right):
        draft.intake.state = "done"
        return IntakeOutcome.CONFIRMED
    if asked == SUMMARY and said.is_title(buttons.correct):
        draft.intake.asking = WHICH_LINE
        return IntakeOutcome.SAVED
    if question is not None and said.is_title(buttons.skip):
        return await _skip(session, draft, question, said, now)
    if question is not None and question.private_offer and said.is_title(buttons.private):
        draft.intake.asking, draft.intake.asking_private = asked, True
        return IntakeOutcome.SAVED
    return None


async def _skip(
    session: AsyncSession, draft: Draft, question: Question, said: UserMessage, now: datetime
) -> IntakeOutcome:
    """Skip the question; the button of an earlier one that has an answer by now takes nothing away."""
    if question.id in draft.answers and draft.intake.asking != question.id:
        return IntakeOutcome.OUTDATED
    await drafts.save_answer(session, draft, question.id, said.text, now, status=SKIPPED, message_id=said.message_id)
    return IntakeOutcome.SAVED


async def pressed_choice(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> IntakeResult:
    name = str(said.fields.get("question") or "")
    if said.intent in ("correct_line", "confirm_summary"):
        return IntakeResult(_summary_choice(draft, said, name))
    if said.intent == "known_problem":
        return IntakeResult(await _known_problem(session, draft, said, now))
    if name == CATEGORY:
        await drafts.set_category(session, draft, str(said.fields.get("value")), now)
        return IntakeResult(IntakeOutcome.SAVED)
    question = draft.question(name)
    if question is None:
        # The question went away with its category: there is nothing left to answer.
        return IntakeResult(IntakeOutcome.OUTDATED)
    if said.intent == "private_answer":
        draft.intake.asking, draft.intake.asking_private = name, True
        return IntakeResult(IntakeOutcome.SAVED)
    if said.intent == "skip_question":
        return IntakeResult(await _skip(session, draft, question, said, now))
    changes = name in draft.answers and draft.intake.asking != name
    await drafts.save_answer(session, draft, name, str(said.fields.get("value")), now, message_id=said.message_id)
    return IntakeResult(IntakeOutcome.NOTED, (name,)) if changes else IntakeResult(IntakeOutcome.SAVED)


async def _known_problem(session: AsyncSession, draft: Draft, said: UserMessage, now: datetime) -> IntakeOutcome:
    problem = said.fields.get("problem")
    if said.fields.get("intake") != draft.intake.id or not is_offered(draft, problem):
        return IntakeOutcome.OUTDATED
    await link_draft(session, draft, int(str(problem)), now)
    return IntakeOutcome.NOTED


def _summary_choice(draft: Draft, said: UserMessage, question: str) -> IntakeOutcome:
    if said.fields.get("intake") != draft.intake.id:
        return IntakeOutcome.OUTDATED
    if said.intent == "correct_line":
        draft.intake.asking = question or WHICH_LINE
        return IntakeOutcome.SAVED
    if said.fields.get("version") != draft.intake.version:
        draft.intake.asking = SUMMARY
        return IntakeOutcome.OUTDATED
    draft.intake.state = "done"
    return IntakeOutcome.CONFIRMED
