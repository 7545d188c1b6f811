"""A technician puts right what is written about an issue: title, category, team, impact, and what was collected."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import ANSWERED, OTHER
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.input_text import checked_text
from bot.services.core.input_values import is_one_of
from bot.services.desk import edit_conflict
from bot.services.desk.collected_answers import ESSENTIALS
from bot.services.desk.edit_form import limit_of
from bot.services.desk.labels import FIELDS
from bot.services.hand_off import transitions
from bot.services.hand_off.open_hand_offs import follow_issue
from bot.services.intake import draft
from bot.services.issue import product_of_issue
from bot.services.technician import access
from bot.settings.support.support import Support
from bot.store.tables import Conversation, Issue, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.issue.routing import categorise
from bot.triage.privacy.redaction import redact_cards
from bot.triage.reading.impact import Impact

EDITABLE = (*FIELDS, "answers")
CONDITIONS = ("revision", "seen")
CODES = ("product", "category", "team", "impact")
TITLE_LIMIT = 200


@unit_of_work()
async def edit_issue(
    session: AsyncSession, ctx: Context, technician: Technician, reference: str, fields: Mapping[str, Any]
) -> None:
    """Change the named fields and leave the others; the audit names each with its codes, never anybody's words.

    ``impact`` and ``product`` may be None; ``answers`` is {question id: words}. ``revision`` is the one that the edit
    was made on, so that it overwrites no newer change of the same fields (``edit_conflict``). Raises Invalid (nothing
    is changed), NotFound, or Conflict (``changed``).
    """
    named = set(fields) - set(CONDITIONS)
    if not named or not named <= set(EDITABLE):
        raise Invalid(f"Name at least one of {', '.join(EDITABLE)} and nothing else; nothing was changed.")
    now = ctx.clock()
    issue, conversation = await access.readable_issue(session, ctx, technician, reference, lock=True)
    asked = await draft.draft_of_issue(session, ctx.office_for(issue), issue)
    edit_conflict.check(ctx, issue, asked, fields)
    before = {name: getattr(issue, name) for name in CODES}
    changed = await _change_product(session, ctx, conversation, issue, fields)
    if changed:
        asked = await draft.draft_of_issue(session, ctx.office_for(issue), issue)
        await _stay_in_a_known_category(session, asked, fields, now)
    changed += await _change(session, issue, asked, fields, now)
    if not changed:
        return
    issue.updated_at = conversation.updated_at = now
    await follow_issue(session, issue, now)
    after = {name: getattr(issue, name) for name in CODES}
    codes = {name: [old, after[name]] for name, old in before.items() if old != after[name]}
    details = {"fields": changed, "codes": codes}
    audit.record(session, audit.technician_actor(technician), "issue.edit", now, issue=issue, details=details)
    after_commit(session, transitions.wake_conversation, ctx, conversation)


async def _change_product(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue, fields: Mapping[str, Any]
) -> list[str]:
    """Move the issue to another product, and the conversation that is about it; return what is different now."""
    product = fields.get("product")
    if "product" not in fields or product == issue.product:
        return []
    if product is not None and not is_one_of(product, ctx.support.products):
        raise Invalid("product must be null or the id of a product in support.yml; nothing was changed.")
    await product_of_issue.move_issue(session, ctx, conversation, issue, product)
    return ["product"]


async def _stay_in_a_known_category(
    session: AsyncSession, asked: draft.Draft, fields: Mapping[str, Any], now: datetime
) -> None:
    """Let an issue whose category its new product does not have go where its words lead it there."""
    if "category" in fields or asked.intake.category in asked.support.issue_kinds:
        return
    found = categorise(asked.problem, asked.support.categories)
    await draft.set_category(session, asked, found.id if found is not None else OTHER, now)


async def _change(
    session: AsyncSession, issue: Issue, asked: draft.Draft, fields: Mapping[str, Any], now: datetime
) -> list[str]:
    """Return the names of what is different now; everything is checked before anything is changed."""
    title, category, team, impact = _checked(asked.support, fields)
    answers = _checked_answers(asked, category, fields.get("answers", {}))
    changed, edited = [], set(issue.edited or ())
    if category is not None and category != issue.category:
        await draft.set_category(session, asked, category, now)
        changed.append("category")
    for name, value in (("title", title), ("team", team), ("impact", impact)):
        if name in fields and getattr(issue, name) != value:
            setattr(issue, name, value)
            edited.add(name)
            changed.append(name)
    issue.edited = sorted(edited)
    for question, words in answers.items():
        known = asked.answers.get(question)
        if known is None or (known.value, known.status) != (words, ANSWERED):
            await draft.save_answer(session, asked, question, words, now)
            changed.append(question)
    return changed


def _checked(support: Support, fields: Mapping[str, Any]) -> tuple[str | None, str | None, str | None, str | None]:
    title, category, team, impact = (fields.get(name) for name in ("title", "category", "team", "impact"))
    if "title" in fields:
        title = " ".join(_words(title, "title", TITLE_LIMIT).split())
    if "category" in fields and not is_one_of(category, support.issue_kinds):
        raise Invalid("category must be the id of a category or request in support.yml; nothing was changed.")
    if "team" in fields and not is_one_of(team, support.team_titles):
        raise Invalid("team must be the id of a team in support.yml; nothing was changed.")
    if impact is not None and not is_one_of(impact, {str(one) for one in Impact}):
        raise Invalid(f"impact must be null or one of {', '.join(Impact)}; nothing was changed.")
    return title, category, team, impact


def _checked_answers(asked: draft.Draft, category: str | None, answers: object) -> dict[str, str]:
    if not isinstance(answers, dict):
        raise Invalid("answers must be an object of question ids and words; nothing was changed.")
    questions = asked.support.category(category or asked.intake.category or OTHER).questions
    askable = {*ESSENTIALS, *(question.id for question in questions), *asked.answers}
    for name in answers:
        if name not in askable:
            raise Invalid("answers names a question that this category does not ask; nothing was changed.")
    return {name: _words(words, name, limit_of(name)) for name, words in answers.items()}


def _words(value: object, name: str, limit: int) -> str:
    clean = redact_cards(checked_text(value)).text
    if len(clean) > limit:
        raise Invalid(f"{name} may have {limit:,} characters; nothing was changed.")
    return clean
