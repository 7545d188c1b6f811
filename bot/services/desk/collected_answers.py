"""The collected answers of an issue in the order in which technicians read them, and the gaps."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import ANSWERED, CONTACT, PROBLEM, TECHNICIAN_ONLY, WHO_PAYS
from bot.services.core.context import Context
from bot.services.desk.labels import IMPACTS, LABELS, word_for
from bot.services.intake import draft
from bot.settings.support.support import Support
from bot.store.tables import Intake, Issue
from bot.triage.text.print_lines import plain

ESSENTIALS = (PROBLEM, CONTACT)
LOOKED_FOR_FIRST = ("impact", "version", "error")
WHAT_CHANGED, CATEGORY = "what_changed", "category"


def collect_answers(ctx: Context, asked: draft.Draft) -> dict[str, Any]:
    """Return what the customer answered, what they said they do not know, and what nobody has asked yet.

    The problem and the contact come first, then what a technician looks for first; answers given before the
    category became another one are still there, last.
    """
    in_order = [name for name, _ in asked.lines()]
    names = sorted(in_order, key=lambda name: _rank(asked, name))
    names += [name for name in asked.answers if name not in in_order and name != WHO_PAYS]
    questions = asked.category.questions if asked.category else ()
    missing = [asked.support.line_label(one.id) for one in questions if one.id not in asked.answers]
    return {
        "problem": plain(asked.problem),
        "answers": [_shown_answer(ctx, asked, name) for name in names],
        "missing": missing,
    }


def at_a_glance(asked: draft.Draft, impact: str | None) -> list[dict[str, Any]]:
    """Return what a technician reads before anything else: the deadline, version, exact error, what changed.

    Each {key, label, value, only_technician}; ``value`` None when it is not known. Version and error are also read
    from the problem's own words, for categories that do not ask for them.
    """
    by_detail = {question.detail: question.id for question in asked.category.questions} if asked.category else {}
    wanted = (
        ("impact", "Impact, needed by", by_detail.get("impact", "impact")),
        ("version", "Version", by_detail.get("version", "product_version")),
        ("error", "Error", by_detail.get("error", "error_text")),
        ("changed", "What changed", WHAT_CHANGED),
    )
    found = []
    told = asked.support.details_of(asked.problem)
    in_problem = {"version": told.version, "error": told.error}
    for key, label, question_id in wanted:
        answer = asked.answers.get(question_id)
        known = answer is not None and answer.status == ANSWERED
        value = plain(answer.value) if answer is not None and known else in_problem.get(key)
        hidden = answer is not None and answer.visibility == TECHNICIAN_ONLY
        found.append({"key": key, "label": label, "value": value, "only_technician": hidden})
    if found[0]["value"] is None:
        found[0]["value"] = word_for(IMPACTS, impact)
    return found


def questions_to_ask(asked: draft.Draft, spoken: Support, glance: Sequence[Mapping[str, Any]]) -> list[dict[str, str]]:
    """Return what a technician may still ask, each {label, ask}: ``ask`` in the customer's words (``spoken``).

    What ``glance`` knows from the problem's own words is not asked again, nor what the customer skipped or does not
    know.
    """
    if asked.category is None:
        return []
    known = {item["key"] for item in glance if item["value"]}
    wording = {question.id: question.ask for question in spoken.category(asked.category.id).questions}
    return [
        {"label": asked.support.line_label(one.id), "ask": wording.get(one.id, one.ask)}
        for one in asked.category.questions
        if one.id not in asked.answers and one.detail not in known
    ]


def _rank(asked: draft.Draft, question_id: str) -> int:
    if question_id in ESSENTIALS:
        return ESSENTIALS.index(question_id)
    question = asked.question(question_id)
    looked_for = (question.detail or "") if question else ""
    return 2 + (LOOKED_FOR_FIRST.index(looked_for) if looked_for in LOOKED_FOR_FIRST else len(LOOKED_FOR_FIRST))


def _shown_answer(ctx: Context, asked: draft.Draft, question_id: str) -> dict[str, Any]:
    answer = asked.answers[question_id]
    return {
        "question_id": question_id,
        "label": LABELS.get(question_id) or asked.support.line_label(question_id),
        "value": asked.support.category_title(answer.value) if question_id == CATEGORY else plain(answer.value),
        "status": answer.status,
        "only_technician": answer.visibility == TECHNICIAN_ONLY,
    }


async def asked_for(session: AsyncSession, ctx: Context, issue: Issue) -> draft.Draft:
    """Return the draft behind an issue, for reading."""
    intake = await session.get_one(Intake, issue.intake_id)
    return await draft.load_draft(session, ctx.office_for(issue), intake, issue)
