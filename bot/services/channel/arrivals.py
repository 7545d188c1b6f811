"""Store what arrives from Slack, Teams and by e-mail: find or open the conversation, find its people, leave the rest to
the turn worker.

Everything is one transaction under the event's own (source, source_id), so that the same event on any number of
connections is one message and one turn.
"""

import hashlib
import json
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import TO_BE_LOGGED
from bot.services.channel import incoming_files, receive
from bot.services.channel.channel_people import Person, known_person
from bot.services.channel.incoming_files import SentFile
from bot.services.channel.outgoing import thread_of
from bot.services.channel.receive import Incoming
from bot.services.conversation import bundles, lifecycle, thread_privacy
from bot.services.conversation.product_places import only_product_at
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.input_text import TEXT_LIMIT
from bot.services.outbox.items import MESSAGE
from bot.store.locks import lock_conversation, lock_row
from bot.store.tables import ChannelThread, Conversation, Customer, InboundEvent, OutboxItem
from bot.store.unit_of_work import Superseded, after_commit, unit_of_work
from bot.triage.text.plain_text import visible


@dataclass(frozen=True)
class Place:
    """The origin of a message. ``thread`` is the channel's key of the conversation there, ``reference`` what
    ``deliver`` needs in order to answer. ``shared``: others can read along. ``reply_to``: the outside id of the
    message it answers, which tells the conversation before the thread does. ``readers_change``: with this message its
    sender has said anew who reads along.
    """

    workspace: str
    thread: str
    reference: dict[str, Any]
    shared: bool
    reply_to: str | None = None
    readers_change: bool = False


@dataclass(frozen=True)
class Quoted:
    """A message outside that somebody chose: who wrote it, in our own notation, under its own ``source_id``."""

    source_id: str
    person: Person
    text: str
    files: tuple[SentFile, ...] = ()


@dataclass(frozen=True)
class Arrival:
    """A message as a channel hands it in, with ``text`` or a pressed ``choice``; already in our own notation.

    ``conversation_id`` is named by what we sent ourselves (a button). ``opens``: whether it may begin a conversation
    where there is none. ``fresh``: it begins a new one even where there is one ("New issue"). ``private``: it was
    written where nobody else reads along, although ``place`` is a shared thread (a form). ``answered``: whether a turn
    answers it; of a program, and of a stranger who writes into somebody's thread, it is only kept. ``time_zone`` is the
    customer's, where the channel tells it. ``quoted``: somebody chose the last of these messages to be logged, and the
    others, oldest first, stand above it; ``text`` is then the title of what they chose. ``payload``: what ``text``
    stands for, as a choice that no message of ours offered (a form).
    """

    channel: str
    source_id: str
    place: Place
    person: Person
    text: str | None = None
    choice: str | None = None
    opens: bool = True
    fresh: bool = False
    conversation_id: str | None = None
    files: tuple[SentFile, ...] = ()
    private: bool = False
    answered: bool = True
    time_zone: str | None = None
    quoted: tuple[Quoted, ...] = ()
    payload: str | None = None


@dataclass(frozen=True)
class Arrived:
    """``message_id`` is the first message stored; ``repeated``: the event had arrived before."""

    conversation_id: str
    message_id: int
    repeated: bool


async def arrive(ctx: Context, arrival: Arrival) -> Arrived | None:
    """Store the message, or find it stored already; None when it concerns no conversation of ours.

    Of a workspace that writes faster than ``limits`` allows it is stored all the same, and its turn begins later.
    Raises Invalid (422) for a choice that was never offered there, TooMany when ten minutes of turns wait already:
    then nothing is stored and the sender, who hears so, sends it again.
    """
    pieces = [await receive.redact_incoming(piece) for piece in _pieces(arrival)]
    arrival = replace(arrival, quoted=tuple([await _redacted(one) for one in arrival.quoted]))
    if not arrival.files and not any(piece.choice or piece.text for piece, _ in pieces):
        return None  # nothing to see, such as a lone zero-width space
    return await _arrive(ctx, arrival, pieces, _not_before(ctx, arrival))


async def _redacted(quoted: Quoted) -> Quoted:
    clean, _ = await receive.redact_incoming(Incoming("", text=visible(quoted.text).strip()[:TEXT_LIMIT]))
    return replace(quoted, text=clean.text or "")


# Another connection may have opened the same thread, or stored the same event, a moment ago.
@unit_of_work(priority=True, retried=(IntegrityError,))
async def _arrive(
    session: AsyncSession,
    ctx: Context,
    arrival: Arrival,
    pieces: list[tuple[Incoming, receive.Removed]],
    not_before: datetime | None,
) -> Arrived | None:
    earlier = await _arrived(session, arrival)
    if earlier is not None:
        return earlier
    arrived = await _store(session, ctx, arrival, pieces, not_before)
    if arrived is not None:
        after_commit(session, ctx.wake, arrived.conversation_id)
        if not_before is None:
            after_commit(session, ctx.work, arrived.conversation_id)
    return arrived


def _not_before(ctx: Context, arrival: Arrival) -> datetime | None:
    """When its turn may begin; None for at once. Counted by the writer's own workspace, who else reads it does not
    matter.
    """
    own = arrival.person.workspace or arrival.place.workspace
    wait = rate_limits.pace_message(ctx, f"workspace:{arrival.channel}:{own}", rate_limits.workspace_limit(ctx))
    return ctx.clock() + timedelta(seconds=wait) if wait else None


async def has_arrived(ctx: Context, channel: str, source_id: str) -> bool:
    """Return whether the event was stored before: two of three deliveries need no more than this look."""
    async with ctx.db.read() as session:
        return await event_of(session, channel, source_id) is not None


async def _arrived(session: AsyncSession, arrival: Arrival) -> Arrived | None:
    event = await event_of(session, arrival.channel, arrival.source_id)
    return Arrived(event.conversation_id, event.message_id or 0, repeated=True) if event else None


async def event_of(session: AsyncSession, channel: str, source_id: str) -> InboundEvent | None:
    """Return the inbound event that this outside message became."""
    found: InboundEvent | None = await session.scalar(
        select(InboundEvent).where(InboundEvent.source == channel, InboundEvent.source_id == source_id)
    )
    return found


async def _store(
    session: AsyncSession,
    ctx: Context,
    arrival: Arrival,
    pieces: list[tuple[Incoming, receive.Removed]],
    not_before: datetime | None,
) -> Arrived | None:
    found = await _found(session, arrival)
    conversation = await _unless_over(session, arrival, found) if found else None
    if conversation is None and not arrival.opens:
        return None
    user = await known_person(session, ctx, arrival.channel, arrival.person)
    private = False
    if conversation is None:
        conversation = await _open(session, ctx, arrival, user.customer_id)
    else:
        thread = await session.get_one(ChannelThread, conversation.id)
        if arrival.place.readers_change:
            await thread_privacy.change_readers(session, thread, arrival.place.shared)
        private = thread.shared and (arrival.private or not arrival.place.shared)
        if thread.shared == arrival.place.shared:
            # Not for an answer given in private: everybody's thread stays where it is.
            thread.reference, thread.updated_at = {**thread.reference, **arrival.place.reference}, ctx.clock()
    conversation.time_zone = arrival.time_zone or conversation.time_zone
    payload = await _store_quoted(session, ctx, conversation, arrival) if arrival.quoted else arrival.payload
    first = 0
    for number, (clean, redacted) in enumerate(pieces):
        message = await receive.accept(
            session,
            ctx,
            conversation,
            clean,
            source=arrival.channel,
            source_id=arrival.source_id if number == 0 else f"{arrival.source_id}#{number}",
            author_name=user.name or arrival.channel.capitalize(),
            channel_user_id=user.id,
            not_before=not_before,
            private=private,
            answered=arrival.answered,
            chosen=_command(conversation, clean, payload) if payload else None,
        )
        first = first or message.id
        if redacted and arrival.answered:
            await receive.post_redaction_notice(session, ctx, conversation, redacted, private=message.private)
    incoming_files.enqueue_files(session, ctx, arrival.channel, conversation.id, first, arrival.files)
    return Arrived(conversation.id, first, repeated=False)


async def _store_quoted(session: AsyncSession, ctx: Context, conversation: Conversation, arrival: Arrival) -> str:
    """Store the chosen message and those above it, each under who wrote it; return the payload that logs the last.

    What has arrived here before stays as it is. What was written for others asks nothing of us.
    """
    about = 0
    for quoted in arrival.quoted:
        event = await event_of(session, arrival.channel, quoted.source_id)
        if event is not None and event.conversation_id == conversation.id:
            about = event.message_id or about
            continue
        user = await known_person(session, ctx, arrival.channel, quoted.person)
        # A message may stand in one conversation outside and be logged in another, such as a direct message.
        source_id = quoted.source_id if event is None else f"{quoted.source_id}:{conversation.id}"
        message = await receive.accept(
            session,
            ctx,
            conversation,
            Incoming(_name_of(arrival.channel, source_id), text=quoted.text),
            source=arrival.channel,
            source_id=source_id,
            author_name=user.name or arrival.channel.capitalize(),
            channel_user_id=user.id,
            answered=False,
        )
        incoming_files.enqueue_files(session, ctx, arrival.channel, conversation.id, message.id, quoted.files)
        about = message.id
    return f"/report_issue{json.dumps({'about': about, 'value': TO_BE_LOGGED})}"


def _command(conversation: Conversation, clean: Incoming, payload: str) -> dict[str, Any]:
    """Return a choice that no message of ours offered."""
    return {
        "id": "",
        "title": clean.text or "",
        "payload": payload,
        "seq": conversation.last_seq,
        "epoch": conversation.epoch,
    }


def _name_of(channel: str, source_id: str) -> str:
    """Return the id of a message of its own. Cut off, two outside ids could be the same."""
    told = f"{channel}:{source_id}"
    return told if len(told) <= receive.ID_LIMIT - 10 else hashlib.sha256(told.encode()).hexdigest()


def _pieces(arrival: Arrival) -> list[Incoming]:
    """Return the message, or several when it is longer than one may be: nothing is cut off."""
    text = visible(arrival.text).strip() if arrival.text is not None else None
    name = _name_of(arrival.channel, arrival.source_id)
    if text is None or len(text) <= TEXT_LIMIT:
        return [Incoming(name, text=text, choice=arrival.choice)]
    starts = range(0, len(text), TEXT_LIMIT)
    return [Incoming(f"{name}#{start}", text=text[start : start + TEXT_LIMIT]) for start in starts]


async def _found(session: AsyncSession, arrival: Arrival) -> str | None:
    """Return the conversation that is meant: by the button, by the message that is answered, by the place."""
    place, meant = arrival.place, arrival.conversation_id
    if arrival.fresh:
        meant = None
    elif meant is None and place.reply_to is not None:
        meant = await conversation_of(session, arrival.channel, place.reply_to)
    return meant or await _held_at(session, arrival.channel, place)


async def _held_at(session: AsyncSession, channel: str, place: Place) -> str | None:
    """Return the conversation that is held in this place now."""
    found: str | None = await session.scalar(
        select(ChannelThread.conversation_id).where(
            ChannelThread.channel == channel,
            ChannelThread.workspace == place.workspace,
            ChannelThread.thread == place.thread,
        )
    )
    return found


async def _unless_over(session: AsyncSession, arrival: Arrival, conversation_id: str) -> Conversation | None:
    """Lock the conversation that was found, before anything else; None when the arrival does not belong into it.

    An erased one takes nothing more. One that a fresh conversation replaces gives up its place. Raises Superseded when
    its place was taken by another before it was locked.
    """
    conversation = await lock_conversation(session, conversation_id)
    if await _held_at(session, arrival.channel, arrival.place) != conversation_id and arrival.fresh:
        raise Superseded
    thread = await session.get(ChannelThread, conversation_id)
    if conversation is None or thread is None:
        return None
    if arrival.fresh:
        thread.thread = None
        await session.flush()
        return None
    return conversation if conversation.erased_at is None else None


async def conversation_of(session: AsyncSession, channel: str, outside_id: str) -> str | None:
    """Return the conversation of a message outside, be it theirs or ours."""
    event = await event_of(session, channel, outside_id)
    if event is not None:
        return event.conversation_id
    ours: str | None = await session.scalar(
        select(OutboxItem.conversation_id).where(
            OutboxItem.kind == MESSAGE,
            OutboxItem.target == channel,
            bundles.is_at(outside_id),
        )
    )
    return ours


async def _open(session: AsyncSession, ctx: Context, arrival: Arrival, customer_id: int) -> Conversation:
    """Begin a conversation in this place. Raises Superseded when its customer was erased a moment ago."""
    now, place = ctx.clock(), arrival.place
    customer = await lock_row(session, Customer, customer_id)
    if customer is None or customer.erased_at is not None:
        raise Superseded
    product = only_product_at(ctx.support, arrival.channel, place.workspace, place.reference)
    conversation = await lifecycle.begin_conversation(session, customer, now, channel=arrival.channel, product=product)
    session.add(
        ChannelThread(
            conversation_id=conversation.id,
            channel=arrival.channel,
            workspace=place.workspace,
            thread=place.thread,
            shared=place.shared,
            reference=place.reference,
            updated_at=now,
        )
    )
    await session.flush()
    return conversation


async def place_of(ctx: Context, conversation_id: str) -> Place | None:
    """Return where a conversation is held; None when it is not held outside."""
    thread = await thread_of(ctx, conversation_id)
    return Place(thread.workspace, thread.thread or "", thread.reference, thread.shared) if thread else None
