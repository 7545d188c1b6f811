"""Prove a contract in the chat: its number or an address at work, then the code that was mailed.

All of it happens at the gateway, without the dialogue engine: a code is never stored as a message nor sent to Rasa.
Until it is proven, every answer is the same whether the contract, or its address, exists or not.
"""

from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import uuid4

from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import CONTRACT_ASKED, CONTRACT_NUMBER
from bot.dialogue.draft import OTHER
from bot.services.billing import contract_lookup, entitlement, one_time_codes, terms
from bot.services.billing.one_time_codes import CONTRACT, DOMAIN, Wanted
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.topics import DESK
from bot.services.mail import outgoing_mail
from bot.store.tables import Contract, Conversation, Customer, InboundEvent, OneTimeCode
from bot.store.unit_of_work import after_commit
from bot.triage.billing.contract_number import number_key
from bot.triage.reading.proof_words import asks_to_prove, code_in, contract_number_in, work_address_in
from bot.triage.text.mailbox import domain_of

ASKED_FOR = timedelta(minutes=15)
PROOF = {CONTRACT: "contract_code", DOMAIN: "domain_code"}
CUSTOMER = "customer"
CHOICE = terms.PROVE


@dataclass(frozen=True)
class Taken:
    """The result of a proof message: the text to store, the reply, and whether a turn still answers it."""

    text: str
    as_written: bool
    reply: str
    owes_turn: bool


async def handle_proof_message(
    session: AsyncSession, ctx: Context, conversation: Conversation, text: str
) -> Taken | None:
    """Deal with a message that is part of proving a contract; None for any other.

    Nothing is taken from somebody whose contract is proven already, save a code that is still awaited.
    """
    code = code_in(text)
    awaited = await one_time_codes.pending_code(session, ctx, conversation, (CONTRACT, DOMAIN)) if code else None
    if code is not None and awaited is not None:
        reply = await _try(session, ctx, conversation, awaited, code)
        return Taken(ctx.support.wording.code_hidden, False, reply, owes_turn=False)
    if code is not None and await one_time_codes.code_expired(session, ctx, conversation, (CONTRACT, DOMAIN)):
        return Taken(
            ctx.support.wording.code_hidden, False, ctx.support_for(conversation).wording.code_used_up, owes_turn=False
        )
    customer = await session.get_one(Customer, conversation.customer_id)
    if customer.contract_proof is not None:
        return None
    asked_at = conversation.proof_asked_at
    asked = asked_at is not None and ctx.clock() - asked_at < ASKED_FOR
    number, address = contract_number_in(text, asked=asked), work_address_in(text) if asked else None
    if number is not None or address is not None:
        reply = await _request(session, ctx, conversation, customer, number, address)
        return Taken(text, True, reply, owes_turn=not asked)
    if asks_to_prove(text):
        return Taken(text, True, await ask_for_proof(session, ctx, conversation), owes_turn=False)
    return None


async def ask_for_proof(session: AsyncSession, ctx: Context, conversation: Conversation) -> str:
    """Return the question for number or address; the next message may be the answer."""
    conversation.proof_asked_at = ctx.clock()
    await entitlement.claim_contract(session, ctx, conversation)
    return ctx.support_for(conversation).wording.ask_for_contract


async def _request(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    customer: Customer,
    number: str | None,
    address: str | None,
) -> str:
    conversation.proof_asked_at = None
    if conversation.pending_question == CONTRACT_NUMBER:
        _let_the_dialogue_go_on(session, ctx, conversation)
    await entitlement.claim_contract(session, ctx, conversation)
    subject = number_key(number) if number is not None else domain_of(address or "")
    if await one_time_codes.asked_too_often(session, ctx, conversation, subject):
        return ctx.support_for(conversation).wording.code_too_often
    if number is not None:
        contract = await contract_lookup.by_number(session, number)
        wanted = Wanted(CONTRACT, subject, contract.number if contract else None, _address_on_file(contract))
    else:
        today = ctx.clock().astimezone(ctx.support.office_hours.zone).date()
        contract = await contract_lookup.by_address(session, address or "", today)
        wanted = Wanted(DOMAIN, subject, contract.number if contract else None, address if contract else None)
    if await one_time_codes.mailed_too_often(session, ctx, wanted.contract_number):
        wanted = replace(wanted, to=None)
    await one_time_codes.send_code(session, ctx, conversation, wanted)
    details = {"purpose": wanted.purpose}
    audit.record(session, CUSTOMER, "proof.code", ctx.clock(), conversation=conversation, details=details)
    words = ctx.support_for(conversation).wording
    return words.code_sent if await outgoing_mail.works(session, ctx) else words.code_not_mailed


def _let_the_dialogue_go_on(session: AsyncSession, ctx: Context, conversation: Conversation) -> None:
    """Let the assistant put its next question: an event of its own makes it a turn."""
    session.add(
        InboundEvent(
            source=DESK,
            source_id=f"contract:{uuid4()}",
            conversation_id=conversation.id,
            payload={"kind": CONTRACT_ASKED},
            created_at=ctx.clock(),
        )
    )
    after_commit(session, ctx.work, conversation.id)


def _address_on_file(contract: Contract | None) -> str | None:
    return outgoing_mail.address(contract.contact_email) if contract is not None else None


async def _try(session: AsyncSession, ctx: Context, conversation: Conversation, awaited: OneTimeCode, code: str) -> str:
    words = ctx.support_for(conversation).wording
    if one_time_codes.try_code(ctx, conversation, awaited, code) and awaited.contract_number is not None:
        customer = await session.get_one(Customer, conversation.customer_id)
        if awaited.purpose == DOMAIN:
            customer.email = awaited.email
        proof = PROOF[awaited.purpose]
        await prove_contract(session, ctx, conversation, awaited.contract_number, proof, actor=CUSTOMER)
        category = ctx.support.category(OTHER)
        judged = await entitlement.judge_entitlement(
            session, ctx, customer, category, ctx.clock(), conversation.product
        )
        left = await entitlement.time_left(session, ctx, customer.id)
        return words.contract_proven.format(terms=terms.entitlement_reason(ctx.support_for(conversation), judged, left))
    audit.record(session, CUSTOMER, "proof.wrong_code", ctx.clock(), conversation=conversation)
    if awaited.tries >= one_time_codes.MOST_TRIES:
        return words.code_used_up
    return words.code_wrong


async def prove_contract(
    session: AsyncSession, ctx: Context, conversation: Conversation, number: str, proof: str, *, actor: str
) -> None:
    """The conversation's customer belongs to this contract; what they wait for is judged anew."""
    customer = await session.get_one(Customer, conversation.customer_id)
    customer.contract_number, customer.contract_proof, customer.contract_claimed = number, proof, False
    conversation.proof_asked_at, conversation.updated_at = None, ctx.clock()
    await session.flush()
    await entitlement.refresh_entitlements(session, ctx, customer.id)
    details = {"contract": number, "proof": proof}
    audit.record(session, actor, "proof.contract", ctx.clock(), conversation=conversation, details=details)


async def withdraw_proof(session: AsyncSession, ctx: Context, conversation: Conversation, *, actor: str) -> None:
    """It was a mistake: the customer belongs to no contract until it is proven again."""
    customer = await session.get_one(Customer, conversation.customer_id)
    customer.contract_number = customer.contract_proof = None
    conversation.updated_at = ctx.clock()
    await session.flush()
    await entitlement.refresh_entitlements(session, ctx, customer.id)
    audit.record(session, actor, "proof.withdrawn", ctx.clock(), conversation=conversation)
