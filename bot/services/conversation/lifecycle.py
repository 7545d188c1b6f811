"""Open a conversation, recognise who holds its token, and tell how it stands."""

import secrets
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TypedDict

from sqlalchemy import bindparam, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import CONTRACT_NUMBER
from bot.dialogue.draft import WHO_PAYS
from bot.services.conversation import rating
from bot.services.conversation.identity_token import Identity
from bot.services.conversation.opened_from import OpenedFrom
from bot.services.conversation.rating import RatingRequest
from bot.services.core.context import Context
from bot.services.core.errors import NotFound, Unauthorised
from bot.services.core.tokens import hash_token
from bot.services.queue import queue_order
from bot.store.locks import held_locks, lock_conversation, lock_conversations, lock_row
from bot.store.lookup import by_key
from bot.store.tables import Conversation as Conversation
from bot.store.tables import ConversationToken, Customer, Issue, Technician
from bot.store.unit_of_work import Superseded, unit_of_work
from bot.triage.hand_off.ownership import Owner

TOKEN_LIFE = timedelta(days=30)
SLIDE_AFTER = timedelta(hours=1)
# The statements of every turn are built once, at import (docs/performance.md).
_STANDING = (
    select(
        Conversation.id,
        Conversation.owner,
        Conversation.epoch,
        Conversation.last_seq,
        Conversation.revisions,
        Conversation.updated_at,
        Issue.id,
        Issue.reference,
        Issue.status,
        Technician.name,
        Conversation.pending_question,
    )
    .outerjoin(Issue, Issue.id == Conversation.issue_id)
    .outerjoin(Technician, Technician.id == Conversation.technician_id)
    .where(Conversation.id == bindparam("conversation_id"))
)


# While one of these is open the place depends on its answer, so nobody is promised it.
PLACE_UNSETTLED = (WHO_PAYS, CONTRACT_NUMBER)


@dataclass(frozen=True)
class Opened:
    conversation_id: str
    token: str
    expires_at: datetime


@unit_of_work(retried=(IntegrityError,))
async def open_conversation(
    session: AsyncSession,
    ctx: Context,
    *,
    identity: Identity | None = None,
    same_customer_as: str | None = None,
    opened_from: OpenedFrom | None = None,
    product: str | None = None,
) -> Opened:
    """Start a conversation for a proven identity, for the customer of an older one, or for somebody new.

    ``product`` is the one of several that the web page is about.
    """
    now = ctx.clock()
    customer = await _customer(session, identity, same_customer_as, now)
    about = asdict(opened_from or OpenedFrom())
    conversation = await begin_conversation(session, customer, now, channel="web", product=product, **about)
    return new_token(session, conversation, now)


def new_token(session: AsyncSession, conversation: Conversation, now: datetime) -> Opened:
    """Return a further bearer token of the conversation; it lives 30 days from its last use."""
    token, expires_at = secrets.token_urlsafe(32), now + TOKEN_LIFE
    session.add(ConversationToken(token_hash=hash_token(token), conversation_id=conversation.id, expires_at=expires_at))
    return Opened(conversation.id, token, expires_at)


async def begin_conversation(
    session: AsyncSession, customer: Customer, now: datetime, *, channel: str, **about: str | None
) -> Conversation:
    """Return a new conversation of this customer; ``about``: locale, time_zone, page_url, product."""
    conversation = Conversation(
        id=secrets.token_hex(12),
        customer_id=customer.id,
        channel=channel,
        created_at=now,
        updated_at=now,
        **about,
    )
    session.add(conversation)
    await session.flush()
    note_new(session, conversation)
    return conversation


def note_new(session: AsyncSession, conversation: Conversation) -> None:
    """Count a conversation of this transaction as locked: nobody else sees it yet."""
    held_locks(session).of(Conversation).add(conversation.id)


async def _customer(
    session: AsyncSession, identity: Identity | None, same_customer_as: str | None, now: datetime
) -> Customer:
    if identity is not None:
        return await _known_customer(session, identity, now)
    if same_customer_as is not None:
        # Locked, and not erased: nobody erases the customer meanwhile.
        older = await load(session, same_customer_as, lock=True)
        return await session.get_one(Customer, older.customer_id)
    customer = Customer(created_at=now)
    session.add(customer)
    await session.flush()
    return customer


async def _known_customer(session: AsyncSession, identity: Identity, now: datetime) -> Customer:
    known = await session.scalar(select(Customer.id).where(Customer.subject == identity.subject))
    found = await lock_row(session, Customer, known) if known is not None else None
    if found is not None and found.erased_at is not None:
        raise Superseded
    customer = found or Customer(subject=identity.subject, created_at=now)
    customer.name = identity.name or customer.name
    customer.email = identity.email or customer.email
    if identity.contract_number:
        customer.contract_number = identity.contract_number
        customer.contract_proof = "identity_token"
    session.add(customer)
    await session.flush()
    return customer


async def authenticate_token(ctx: Context, token: str) -> str:
    """Return the id of the conversation that ``token`` opens; its 30 days begin again.

    Raises Unauthorised for an unknown or expired token.
    """
    now = ctx.clock()
    hashed = hash_token(token)
    async with ctx.db.read() as session:
        row = await by_key(session, ConversationToken, hashed)
    if row is None or row.expires_at <= now:
        raise Unauthorised("This chat session is unknown or has ended. Start a new conversation to go on.")
    if row.expires_at - now < TOKEN_LIFE - SLIDE_AFTER:
        async with ctx.db.write() as session:
            (await session.get_one(ConversationToken, hashed)).expires_at = now + TOKEN_LIFE
    return row.conversation_id


async def load(
    session: AsyncSession, conversation_id: str, *, lock: bool = False, erased: bool = False
) -> Conversation:
    """Return the conversation; raises NotFound. With ``lock`` its row is locked, before any other of the transaction.

    Nothing more is written into an erased conversation, so that is not found either when it is locked, except with
    ``erased``: for the books that are kept of it.
    """
    if not lock:
        conversation = await by_key(session, Conversation, conversation_id)
    else:
        conversation = await lock_conversation(session, conversation_id)
    if conversation is None or (lock and not erased and conversation.erased_at is not None):
        raise NotFound("There is no such conversation for you.")
    return conversation


async def load_with_origin(session: AsyncSession, conversation_id: str) -> Conversation:
    """Lock the conversation together with the one that its issue was opened in, whose draft it may change.

    Raises NotFound.
    """
    if conversation_id not in held_locks(session).of(Conversation):
        origin = select(Issue.conversation_id).join(Conversation, Conversation.issue_id == Issue.id)
        opened_in = await session.scalar(origin.where(Conversation.id == conversation_id))
        await lock_conversations(session, {conversation_id, opened_in or conversation_id})
    return await load(session, conversation_id, lock=True)


class CustomerState(TypedDict):
    """The state of a conversation as its customer sees it, in the HTTP contract's words.

    ``position_settled``: False while the place depends on the answer to an open question.
    """

    owner: str
    owner_name: str | None
    reference: str | None
    queue_position: int | None
    position_settled: bool
    epoch: int
    rating: RatingRequest | None


@dataclass(frozen=True)
class Standing:
    """The state of a conversation, read in one query; ``updated_at`` is its version."""

    id: str
    owner: str
    epoch: int
    last_seq: int
    revisions: int
    updated_at: datetime
    issue_id: int | None
    reference: str | None
    issue_status: str | None
    technician: str | None
    pending: str | None


async def load_state(session: AsyncSession, conversation_id: str) -> Standing:
    """Return how the conversation stands now; raises NotFound."""
    row = (await session.execute(_STANDING, {"conversation_id": conversation_id})).first()
    if row is None:
        raise NotFound("There is no such conversation for you.")
    return Standing(*row)


async def conversation_state(ctx: Context, session: AsyncSession, conversation_id: str) -> CustomerState:
    """Return how the conversation stands, in the HTTP contract's words."""
    return await state_of(ctx, session, await load_state(session, conversation_id))


async def state_of(ctx: Context, session: AsyncSession, now: Standing) -> CustomerState:
    """Return the same for a standing that was read already."""
    place = (
        await queue_order.queue_place(session, ctx.support.queue_policy, now.id) if now.owner == Owner.QUEUE else None
    )
    return state_view(now, place, await rating.rating_request(session, now.issue_id, now.issue_status))


def state_view(now: Standing, place: int | None, rated: RatingRequest | None) -> CustomerState:
    """Return the same when the place in the line and the rating were read, too."""
    return {
        "owner": now.owner,
        "owner_name": now.technician if now.owner == Owner.TECHNICIAN else None,
        "reference": now.reference,
        "queue_position": place,
        "position_settled": now.pending not in PLACE_UNSETTLED,
        "epoch": now.epoch,
        "rating": rated,
    }
