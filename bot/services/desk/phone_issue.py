"""Somebody telephones: the technician logs the issue for them and reads out the reference."""

import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import transcript
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotQueued
from bot.services.core.input_text import checked_text
from bot.services.hand_off import phone_calls, transitions
from bot.services.intake import draft
from bot.services.issue import open_issue
from bot.store.tables import Conversation, Customer, HandOff, Issue, Technician
from bot.triage.privacy.redaction import redact_cards
from bot.triage.reading.details import find_details
from bot.triage.reading.tech_reference import spell_out

PHONE = "phone"
NAME_LIMIT, CONTACT_LIMIT = 100, 300


async def open_issue_for(ctx: Context, technician: Technician, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Log an issue from ``problem`` and ``contact`` (both needed), ``name``, ``category`` and ``answers``; it is the
    technician's, and a call goes on.

    A customer is recognised by e-mail only when exactly one has it; what they may hear is still to be proven. Gives
    ``reference``, ``reference_spoken`` and ``conversation_id``. Raises Invalid.
    """
    problem, contact = _needed(fields, "problem", draft.PROBLEM_LIMIT), _needed(fields, "contact", CONTACT_LIMIT)
    name = _line(fields.get("name"), "name", NAME_LIMIT)
    category = _category(ctx, fields.get("category"))
    now = ctx.clock()
    async with ctx.db.write() as session:
        conversation = await _conversation(session, contact, name, now)
        actor = audit.technician_actor(technician)
        message = await transcript.append_message(
            session, conversation, now, author="customer", author_name=name or "Caller", text=problem
        )
        asked = await draft.begin_draft(session, ctx, conversation, message.id)
        await draft.add_to_problem(session, asked, problem, now, message.id)
        await draft.save_answer(session, asked, draft.CONTACT, contact, now)
        if category is not None:
            await draft.set_category(session, asked, category, now)
        await _answers(session, asked, fields.get("answers") or {}, now)
        issue = await open_issue.open_issue(session, ctx, conversation, asked, actor=actor)
        issue.announced_at = now
        hand = await transitions.request_hand_off(session, ctx, conversation, reason="telephone", actor=actor)
    if hand is None:
        raise NotQueued("The issue was logged but is not in the queue; find it by its reference.")
    return await _claimed(ctx, technician, issue, hand)


async def _claimed(ctx: Context, technician: Technician, issue: Issue, waiting: HandOff) -> dict[str, Any]:
    await transitions.claim(ctx, waiting.id, technician)
    async with ctx.db.write() as session:
        conversation = await transitions.owned_by(session, issue.conversation_id, technician)
        phone_calls.begin_call(session, conversation, technician, ctx.clock())
    return {
        "reference": issue.reference,
        "reference_spoken": spell_out(issue.reference),
        "conversation_id": issue.conversation_id,
    }


async def _conversation(session: AsyncSession, contact: str, name: str | None, now: datetime) -> Conversation:
    customer = await _known(session, contact) or Customer(created_at=now, name=name)
    session.add(customer)
    await session.flush()
    conversation = Conversation(
        id=secrets.token_hex(12), customer_id=customer.id, channel=PHONE, created_at=now, updated_at=now
    )
    session.add(conversation)
    await session.flush()
    return conversation


async def _known(session: AsyncSession, contact: str) -> Customer | None:
    email = find_details(contact).email
    if email is None:
        return None
    same = list(await session.scalars(select(Customer).where(func.lower(Customer.email) == email.lower()).limit(2)))
    return same[0] if len(same) == 1 else None


async def _answers(session: AsyncSession, asked: draft.Draft, answers: object, now: datetime) -> None:
    if not isinstance(answers, dict):
        raise Invalid("answers must be an object of question ids and words; nothing was logged.")
    for question, words in answers.items():
        if asked.question(question) is None:
            raise Invalid("answers names a question that this category does not ask; nothing was logged.")
        if words:
            await draft.save_answer(session, asked, question, _needed(answers, question, draft.PROBLEM_LIMIT), now)


def _needed(fields: Mapping[str, Any], name: str, limit: int) -> str:
    try:
        clean = redact_cards(checked_text(fields.get(name))).text
    except Invalid as error:
        raise Invalid(f"{name} must be written; nothing was logged.") from error
    if len(clean) > limit:
        raise Invalid(f"{name} may have {limit:,} characters; nothing was logged.")
    return clean


def _line(value: object, name: str, limit: int) -> str | None:
    if value in (None, ""):
        return None
    return " ".join(_needed({name: value}, name, limit).split())


def _category(ctx: Context, value: object) -> str | None:
    if value in (None, ""):
        return None
    if value not in {one.id for one in ctx.support.categories}:
        raise Invalid("category must be the id of a category in support.yml; nothing was logged.")
    return str(value)
