"""Log an issue for a customer who does not write themselves: a technician takes a call, or a machine reports it."""

import hashlib
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT, PROBLEM_LIMIT
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.core.errors import ClientCallIdReused, Invalid, NotQueued
from bot.services.core.input_text import checked_text
from bot.services.core.input_values import is_one_of
from bot.services.hand_off import transitions
from bot.services.intake import draft
from bot.services.issue import open_issue
from bot.settings.support.support import Support
from bot.store.tables import Conversation, Customer, HandOff, Issue, Message
from bot.triage.privacy.redaction import redact_cards
from bot.triage.reading.details import find_details

NAME_LIMIT, CONTACT_LIMIT = 100, 300


@dataclass(frozen=True)
class LoggedFor:
    """The issue with its waiting hand-off; None for one that was logged before under the same id."""

    issue: Issue
    conversation: Conversation
    hand_off: HandOff | None


async def log_for_customer(
    session: AsyncSession,
    ctx: Context,
    fields: Mapping[str, Any],
    *,
    actor: str,
    channel: str,
    reason: str,
    call_id: str | None,
    customer_id: int | None = None,
) -> LoggedFor:
    """Log an issue from ``problem`` and ``contact`` (both needed), ``name``, ``product``, ``category`` and ``answers``.
    It waits in the queue then. The same ``call_id`` again gives the first issue.

    The customer is that of ``customer_id``, else recognised by e-mail when exactly one has it. Raises Invalid, or
    ClientCallIdReused for another issue under the same id.
    """
    problem, contact = _needed(fields, "problem", PROBLEM_LIMIT), _needed(fields, "contact", CONTACT_LIMIT)
    name = _line(fields.get("name"), "name", NAME_LIMIT)
    product = _product(ctx, fields.get("product"))
    category = _category(ctx.support.for_product(product), fields.get("category"))
    now = ctx.clock()
    earlier = await _same_call(session, call_id, fields) if call_id else None
    if earlier is not None:
        return LoggedFor(earlier, await session.get_one(Conversation, earlier.conversation_id), None)
    customer = await _customer(session, customer_id, contact, name, now)
    conversation = await _conversation(session, customer, channel, product, now)
    message = await transcript.append_message(
        session,
        conversation,
        now,
        author="customer",
        author_name=name or "Caller",
        text=problem,
        body_hash=_digest(fields),
    )
    asked = await draft.begin_draft(session, ctx, conversation)
    await draft.add_to_problem(session, asked, problem, now, message.id)
    await draft.save_answer(session, asked, CONTACT, contact, now)
    if category is not None:
        await draft.set_category(session, asked, category, now)
    await _answers(session, asked, fields.get("answers") or {}, now)
    issue = await open_issue.open_issue(session, ctx, conversation, asked, actor=actor)
    issue.client_call_id = call_id
    hand_off = await transitions.request_hand_off(session, ctx, conversation, reason=reason, actor=actor)
    if hand_off is None:
        raise NotQueued("The issue could not be put into the queue; nothing was logged. Try again.")
    return LoggedFor(issue, conversation, hand_off)


async def _same_call(session: AsyncSession, call_id: str, fields: Mapping[str, Any]) -> Issue | None:
    """Return the issue that was logged under this id; raises ClientCallIdReused when it was another call."""
    issue = await session.scalar(select(Issue).where(Issue.client_call_id == call_id))
    if issue is None:
        return None
    first = select(Message.body_hash).where(Message.conversation_id == issue.conversation_id, Message.seq == 1)
    if await session.scalar(first) not in (None, _digest(fields)):
        raise ClientCallIdReused(
            f"This call is logged as {issue.reference}. What you changed since is not in it: edit the issue."
        )
    return issue


def _digest(fields: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(fields, sort_keys=True, default=str).encode()).hexdigest()


async def _conversation(
    session: AsyncSession, customer: Customer, channel: str, product: str | None, now: datetime
) -> Conversation:
    conversation = Conversation(
        id=secrets.token_hex(12),
        customer_id=customer.id,
        channel=channel,
        product=product,
        created_at=now,
        updated_at=now,
    )
    session.add(conversation)
    await session.flush()
    lifecycle.note_new(session, conversation)
    return conversation


async def _customer(
    session: AsyncSession, customer_id: int | None, contact: str, name: str | None, now: datetime
) -> Customer:
    if customer_id is not None:
        chosen = await session.get(Customer, customer_id)
        if chosen is None or chosen.erased_at is not None:
            raise Invalid("There is no such customer any more; nothing was logged. Look the caller up again.")
        return chosen
    customer = await _known(session, contact) or Customer(created_at=now, name=name)
    session.add(customer)
    await session.flush()
    return customer


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
            await draft.save_answer(session, asked, question, _needed(answers, question, PROBLEM_LIMIT), now)


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


def _product(ctx: Context, value: object) -> str | None:
    if value in (None, ""):
        return None
    if not is_one_of(value, ctx.support.products):
        raise Invalid("product must be the id of a product in support.yml; nothing was logged.")
    return str(value)


def _category(support: Support, value: object) -> str | None:
    if value in (None, ""):
        return None
    if value not in {one.id for one in support.categories}:
        raise Invalid("category must be the id of a category in support.yml; nothing was logged.")
    return str(value)
