"""A technician proves who is asking: one audited click, or a code mailed while the caller is on the telephone."""

from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import contract_lookup, contract_proof, one_time_codes
from bot.services.billing.one_time_codes import CALLER, Wanted
from bot.services.conversation import customer_mail, lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NoAddress, NoContract, TooMany, WrongCode
from bot.services.core.topics import DESK
from bot.services.mail import outgoing_mail
from bot.services.technician import access
from bot.store.tables import Conversation, OneTimeCode, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.reading.proof_words import code_in
from bot.triage.text.mailbox import mailbox_of
from bot.triage.text.masked_address import masked

BY_TECHNICIAN, BY_CALLER = "technician", "caller_code"
CALL_LASTS = timedelta(hours=2)


@unit_of_work()
async def confirm_contract(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, number: object
) -> str:
    """Return the technician knows that the customer belongs to this contract; None or "" takes that back.

    Gives a sentence about what was done. Raises NotFound, Invalid (``no_contract``).
    """
    actor = audit.technician_actor(technician)
    conversation = await _conversation(session, technician, conversation_id)
    after_commit(session, _wake, ctx, conversation_id)
    if number in (None, ""):
        await contract_proof.withdraw_proof(session, ctx, conversation, actor=actor)
        return "The customer belongs to no contract now."
    contract = await contract_lookup.by_number(session, number) if isinstance(number, str) else None
    if contract is None:
        raise NoContract("There is no contract of this number; nothing was changed.")
    await contract_proof.prove_contract(session, ctx, conversation, contract.number, BY_TECHNICIAN, actor=actor)
    return f"Confirmed: {contract.company}, contract {contract.number}."


@unit_of_work()
async def send_code(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, number: object
) -> str:
    """Mail a code for a caller to read back: to the contract's address on file, else to the customer's own.

    Raises NotFound, Invalid (``no_contract``, ``no_address``), TooMany.
    """
    conversation = await _conversation(session, technician, conversation_id)
    contract = await contract_lookup.by_number(session, number) if isinstance(number, str) and number else None
    if number not in (None, "") and contract is None:
        raise NoContract("There is no contract of this number; no code was mailed.")
    on_file = outgoing_mail.address(contract.contact_email) if contract else None
    to = on_file if contract else await customer_mail.address_of(session, conversation)
    if to is None:
        raise NoAddress("No e-mail address is on file there; no code was mailed. Confirm in another way.")
    if await one_time_codes.asked_too_often(session, ctx, conversation, mailbox_of(to)):
        raise TooMany("Many codes were mailed there in the last hour; wait before you send another.", 600)
    wanted = Wanted(CALLER, mailbox_of(to), contract.number if contract else None, to)
    await one_time_codes.send_code(session, ctx, conversation, wanted, technician)
    details = {"contract": contract.number if contract else None}
    actor = audit.technician_actor(technician)
    audit.record(session, actor, "proof.caller_code", ctx.clock(), conversation=conversation, details=details)
    working = await outgoing_mail.works(session, ctx)
    if not working:
        return "E-mail is off: the code was queued but does not reach anybody now. Confirm in another way."
    return f"A code is on its way to {masked(to)}. Ask the caller to read it out."


async def check_code(ctx: Context, technician: Technician, conversation_id: str, code: object) -> str:
    """Return whether the caller read the right code; with a contract's address that proves the contract too.

    Raises Conflict (``wrong_code``), NotFound.
    """
    typed = code_in(code) if isinstance(code, str) else None
    # A wrong code counts: the answer to it comes after the commit.
    right, left = await _try(ctx, technician, conversation_id, typed)
    if not right:
        again = f"{left} tries are left." if left else "Mail a new one."
        raise WrongCode(f"That is not the code, or it is too old. {again}")
    return "The caller is verified: you may read details out."


@unit_of_work()
async def _try(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, typed: str | None
) -> tuple[bool, int]:
    """Return whether the code is right, and how many tries are left."""
    actor = audit.technician_actor(technician)
    conversation = await _conversation(session, technician, conversation_id)
    awaited = await one_time_codes.pending_code(session, ctx, conversation, (CALLER,))
    right = bool(typed and awaited and one_time_codes.try_code(ctx, conversation, awaited, typed))
    action = "proof.caller" if right else "proof.wrong_code"
    audit.record(session, actor, action, ctx.clock(), conversation=conversation)
    conversation.updated_at = ctx.clock()
    if right and awaited and awaited.contract_number:
        await contract_proof.prove_contract(session, ctx, conversation, awaited.contract_number, BY_CALLER, actor=actor)
    after_commit(session, _wake, ctx, conversation_id)
    return right, one_time_codes.MOST_TRIES - awaited.tries if awaited else 0


async def verified_caller(session: AsyncSession, ctx: Context, conversation: Conversation) -> dict[str, Any] | None:
    """Return the code that a caller read out lately, for the desk: when, and the address it went to."""
    since = ctx.clock() - CALL_LASTS
    query = (
        select(OneTimeCode)
        .where(
            OneTimeCode.conversation_id == conversation.id,
            OneTimeCode.purpose == CALLER,
            OneTimeCode.used_at > since,
        )
        .order_by(OneTimeCode.id.desc())
        .limit(1)
    )
    found = await session.scalar(query)
    if found is None or found.used_at is None:
        return None
    return {"at": found.used_at.isoformat(), "address": masked(found.email or "")}


async def _conversation(session: AsyncSession, technician: Technician, conversation_id: str) -> Conversation:
    conversation = await lifecycle.load(session, conversation_id, lock=True)
    await access.load_readable(session, technician, conversation_id)
    return conversation


def _wake(ctx: Context, conversation_id: str) -> None:
    ctx.wake(conversation_id)
    ctx.wake(DESK)
