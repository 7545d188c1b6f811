"""The last look at a customer's words before they are stored: what must not be kept never is, on any channel."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import PressedChoice
from bot.services.billing import contract_proof
from bot.services.conversation import button_updates, transcript_mail
from bot.services.conversation.masking import mask_split_card
from bot.services.conversation.transcript import READ_IN_PLACE
from bot.services.core.context import Context
from bot.services.core.errors import ServiceError
from bot.services.issue import owner_proof
from bot.store.tables import Conversation, Message
from bot.triage.hand_off.ownership import Owner
from bot.triage.privacy.redaction import CODE_MASK, NUMBER_MASK, detail_behind_card
from bot.triage.reading.contact_details import find_email
from bot.triage.reading.transcript_request import asks_for_copy
from bot.triage.text.masked_address import masked

CUSTOMER = "customer"
# An expiry date or a code sent so soon, and so few messages, after a card number belongs to it.
SOON, FEW = timedelta(minutes=10), 3


@dataclass(frozen=True)
class Admitted:
    """An admitted message. ``as_written``: nothing was redacted. ``reply``: the gateway's immediate answer.

    ``owes_turn``: whether somebody still has to answer what is left. ``confidential``: contract numbers and codes in
    the reply are between the customer and us where others read along.
    """

    text: str
    as_written: bool = True
    reply: str | None = None
    owes_turn: bool = True
    confidential: bool = True


async def admit(
    session: AsyncSession, ctx: Context, conversation: Conversation, text: str, client: str | None = None
) -> Admitted:
    """Return what of a message, already without whole card numbers, may be stored beside the messages before it.

    ``client`` is the network address that it came from, where there is one.
    """
    proof = await contract_proof.handle_proof_message(session, ctx, conversation, text)
    if proof is not None:
        return Admitted(proof.text, proof.as_written, proof.reply, proof.owes_turn)
    owner = await owner_proof.handle_owner_message(session, ctx, conversation, text)
    if owner is not None:
        return Admitted(owner.text, owner.as_written, owner.reply, owner.owes_turn)
    if asks_for_copy(text):
        return Admitted(text, reply=await _copy(session, ctx, conversation, text, client), owes_turn=False)
    told = ctx.support_for(conversation).wording.card_number_removed
    left = await mask_split_card(session, ctx, conversation, CUSTOMER, text)
    if left is not None:
        return Admitted(left, as_written=False, reply=told, confidential=False)
    if detail_behind_card(text) and await _card_just_removed(session, ctx, conversation):
        return Admitted(CODE_MASK, as_written=False, reply=told, owes_turn=False, confidential=False)
    return Admitted(text)


async def admit_unanswered(session: AsyncSession, ctx: Context, conversation: Conversation, text: str) -> Admitted:
    """Return what may be stored of a message that asks nothing of us: no code in it proves anything."""
    left = await mask_split_card(session, ctx, conversation, CUSTOMER, text)
    if left is not None:
        return Admitted(left, as_written=False, owes_turn=False)
    if detail_behind_card(text) and await _card_just_removed(session, ctx, conversation):
        return Admitted(CODE_MASK, as_written=False, owes_turn=False)
    return Admitted(text, owes_turn=False)


async def admit_choice(
    session: AsyncSession, ctx: Context, conversation: Conversation, chosen: dict[str, Any]
) -> Admitted:
    """Return a pressed choice as its title.

    A button of Slack or Teams whose question is over changes nothing, and its customer is told so. "Prove my contract"
    is answered here, because what follows is no dialogue.
    """
    if chosen["payload"] == contract_proof.CHOICE:
        asked = await contract_proof.ask_for_proof(session, ctx, conversation)
        return Admitted(chosen["title"], reply=asked, owes_turn=False)
    closed = None
    if conversation.channel != READ_IN_PLACE and conversation.owner in (Owner.ASSISTANT, Owner.QUEUE):
        closed = await button_updates.closed_by(session, conversation, chosen["seq"])
    if closed is not None and closed.get("choice") == chosen["id"]:
        return Admitted(chosen["title"], owes_turn=False)  # pressed twice
    if closed is not None and not PressedChoice.of_payload(chosen["payload"]).names_its_question:
        reply = ctx.support_for(conversation).wording.choice_over
        return Admitted(chosen["title"], reply=reply, owes_turn=False, confidential=False)
    return Admitted(chosen["title"])


async def _copy(session: AsyncSession, ctx: Context, conversation: Conversation, text: str, client: str | None) -> str:
    """Mail a copy of the conversation, or a link to it, and say so only when it is so."""
    try:
        sent = await transcript_mail.enqueue_transcript(session, ctx, conversation, find_email(text), client=client)
    except ServiceError as error:
        return str(error)
    words = (
        ctx.support_for(conversation).wording.copy_mailed
        if sent.what == "copy"
        else ctx.support_for(conversation).wording.copy_link_mailed
    )
    return words.format(address=masked(sent.to))


async def _card_just_removed(session: AsyncSession, ctx: Context, conversation: Conversation) -> bool:
    latest = (
        select(Message.text)
        .where(
            Message.conversation_id == conversation.id,
            Message.author == CUSTOMER,
            Message.created_at > ctx.clock() - SOON,
        )
        .order_by(Message.seq.desc())
        .limit(FEW)
    )
    return any(NUMBER_MASK in text for text in await session.scalars(latest))
