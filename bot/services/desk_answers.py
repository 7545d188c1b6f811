"""What was collected for an issue, as technicians read it: answers in the order they look for them, and the gaps."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services import draft
from bot.services.context import Context
from bot.services.desk_words import LABELS
from bot.store.tables import Intake, IntakeAnswer, Issue

LOOKED_FOR_FIRST = ("impact", "version", "error")


def collected(ctx: Context, asked: draft.Draft) -> dict[str, Any]:
    """What the customer answered, what they said they do not know, and what nobody has asked yet.

    The problem and the contact come first, then what a technician looks for first; answers given before the
    category became another one are still there, last.
    """
    in_order = [name for name, _ in asked.lines()]
    names = sorted(in_order, key=lambda name: _rank(asked, name))
    names += [name for name in asked.answers if name not in in_order]
    questions = asked.category.questions if asked.category else ()
    missing = [ctx.support.line_label(one.id) for one in questions if one.id not in asked.answers]
    return {
        "problem": asked.problem,
        "answers": [_shown_answer(ctx, asked, name) for name in names],
        "missing": missing,
    }


def _rank(asked: draft.Draft, question_id: str) -> int:
    if question_id in draft.ESSENTIALS:
        return draft.ESSENTIALS.index(question_id)
    question = asked.question(question_id)
    looked_for = (question.detail or "") if question else ""
    return 2 + (LOOKED_FOR_FIRST.index(looked_for) if looked_for in LOOKED_FOR_FIRST else len(LOOKED_FOR_FIRST))


def _shown_answer(ctx: Context, asked: draft.Draft, question_id: str) -> dict[str, Any]:
    answer = asked.answers[question_id]
    return {
        "question_id": question_id,
        "label": LABELS.get(question_id) or ctx.support.line_label(question_id),
        "value": answer.value,
        "status": answer.status,
        "only_technician": answer.visibility == draft.TECHNICIAN_ONLY,
    }


async def asked_for(session: AsyncSession, ctx: Context, issue: Issue) -> draft.Draft:
    """The draft behind an issue, for reading."""
    intake = await session.get_one(Intake, issue.intake_id)
    answers = await session.scalars(select(IntakeAnswer).where(IntakeAnswer.intake_id == intake.id))
    return draft.Draft(intake, {answer.question_id: answer for answer in answers}, issue, ctx.support)
