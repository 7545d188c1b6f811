"""Somebody telephones: the technician logs the issue for them and reads out the reference."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation.transcript import SPOKEN
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.desk.log_for_customer import log_for_customer
from bot.services.hand_off import phone_calls, transitions
from bot.store.tables import Issue, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.reading.tech_reference import spell_out

CALL_ID_LIMIT = 150


@dataclass(frozen=True)
class Logged:
    """``repeated``: it was logged before under the same id, and nothing was stored now."""

    issue: dict[str, Any]
    repeated: bool


async def open_issue_for(ctx: Context, technician: Technician, fields: Mapping[str, Any]) -> Logged:
    """Log an issue from ``problem`` and ``contact`` (both needed), ``name``, ``category`` and ``answers``; it is the
    technician's, and a call goes on. All of it is one transaction.

    With ``client_call_id`` the same call sent again gives the first issue. ``customer`` is the id of who was looked
    up; without it a customer is recognised by e-mail when exactly one has it. What they may hear is still to be
    proven. Gives ``reference``, ``reference_spoken`` and ``conversation_id``. Raises Invalid, or ClientCallIdReused
    for another call under the same id.
    """
    return await _log(ctx, technician, fields, _call_id(technician, fields.get("client_call_id")))


# The same call may be stored over another gateway at the same moment: the next attempt finds it.
@unit_of_work(retried=(IntegrityError,))
async def _log(
    session: AsyncSession, ctx: Context, technician: Technician, fields: Mapping[str, Any], call_id: str | None
) -> Logged:
    actor = audit.technician_actor(technician)
    logged = await log_for_customer(
        session,
        ctx,
        fields,
        actor=actor,
        channel=SPOKEN,
        reason="telephone",
        call_id=call_id,
        customer_id=_chosen(fields.get("customer")),
    )
    if logged.hand_off is None:
        return Logged(_shown(logged.issue), repeated=True)
    conversation = logged.conversation
    await transitions.post_queue_notices(session, ctx, conversation)
    await transitions.give_to(session, ctx, conversation, logged.hand_off, technician)
    phone_calls.begin_call(session, conversation, technician, ctx.clock())
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    return Logged(_shown(logged.issue), repeated=False)


def _shown(issue: Issue) -> dict[str, Any]:
    return {
        "reference": issue.reference,
        "reference_spoken": spell_out(issue.reference),
        "conversation_id": issue.conversation_id,
    }


def _chosen(value: object) -> int | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise Invalid("customer must be the id of a customer who was looked up; nothing was logged.")
    return value


def _call_id(technician: Technician, value: object) -> str | None:
    """Return the id under which the call is stored: each technician has ids of their own."""
    if value is None:
        return None
    if not isinstance(value, str) or not 0 < len(value) <= CALL_ID_LIMIT or not value.isprintable():
        raise Invalid(f"client_call_id must be text of at most {CALL_ID_LIMIT} characters; nothing was logged.")
    return f"{technician.id}:{value}"
