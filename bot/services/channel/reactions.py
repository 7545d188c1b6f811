"""Read a reaction on a message of ours as the quick reply that it stands for."""

import hashlib
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.context import PressedChoice
from bot.dialogue.turn import CLOSE_IT, LEAVE_QUEUE
from bot.services.channel import arrivals
from bot.services.channel.arrivals import Arrival
from bot.services.channel.channel_people import Person
from bot.services.conversation import bundles
from bot.services.core.context import Context
from bot.store.tables import ChannelUser, Conversation, Message, OutboxItem
from bot.triage.reading.signs import in_words

YES, NO = "yes", "no"
_INTENTS = {
    "solved": YES,
    "confirm_summary": YES,
    "not_solved": NO,
    "correct_line": NO,
}


_ENDS = frozenset(("solved", "leave_queue", "cancel"))


@dataclass(frozen=True)
class Reaction:
    """An emoji, as a character, that ``person`` added to the message ``outside_id``."""

    channel: str
    outside_id: str
    person: Person
    emoji: str


async def arrival_of(ctx: Context, reaction: Reaction) -> Arrival | None:
    """Return the press that the reaction counts as; None when it answers nothing.

    Counts only on the latest message of a conversation, while that message offers one yes and one no in the current
    epoch, and only from the customer who is asked. It never closes an issue and never leaves the queue: that takes a
    press or words. The same person's reactions to one message are one press: neither a
    delivery that is repeated nor a reaction that is removed and added again answers twice.
    """
    answer = in_words(reaction.emoji)
    if answer not in (YES, NO):
        return None
    async with ctx.db.read() as session:
        message = await _asked(session, reaction)
    choice = _choice(message.choices, answer) if message else None
    place = await arrivals.place_of(ctx, message.conversation_id) if message and choice else None
    if message is None or place is None:
        return None
    return Arrival(
        channel=reaction.channel,
        source_id=_source_id(reaction),
        place=place,
        person=reaction.person,
        choice=choice,
        conversation_id=message.conversation_id,
        private=message.private,
    )


def _source_id(reaction: Reaction) -> str:
    """Return the key under which this person's reactions to this message are one, however long their ids are."""
    named = f"{reaction.outside_id}:{reaction.person.workspace}:{reaction.person.user_id}"
    return f"reaction:{hashlib.sha256(named.encode()).hexdigest()}"


async def _asked(session: AsyncSession, reaction: Reaction) -> Message | None:
    """Return our message whose buttons stand there, if nothing was said since and its customer is who reacted."""
    query = (
        select(Message, Conversation)
        .join(OutboxItem, bundles.sends())
        .join(Conversation, Conversation.id == Message.conversation_id)
        .join(ChannelUser, ChannelUser.customer_id == Conversation.customer_id)
        .where(
            OutboxItem.target == reaction.channel,
            bundles.is_at(reaction.outside_id),
            ChannelUser.channel == reaction.channel,
            ChannelUser.workspace == reaction.person.workspace,
            ChannelUser.user_id == reaction.person.user_id,
        )
        .order_by(Message.seq.desc())
    )
    sent = (await session.execute(query)).all()
    if not sent or sent[0][0].seq != sent[0][1].last_seq:
        return None
    asked = next((message for message, _ in sent if message.choices), None)
    if asked is not None and _ends_something(sent[0][1], asked.choices):
        return None
    return asked if asked is not None and asked.epoch == sent[0][1].epoch else None


def _ends_something(conversation: Conversation, choices: list[dict[str, Any]]) -> bool:
    """Return whether the answer would close an issue, or leave the queue."""
    if conversation.pending_question in (CLOSE_IT, LEAVE_QUEUE):
        return True
    meant = {PressedChoice.of_payload(choice["payload"]).intent for choice in choices}
    return bool(meant & _ENDS) and conversation.issue_id is not None


def _choice(choices: list[dict[str, Any]], answer: str) -> str | None:
    """Return the id of the choice that means the answer; None unless exactly one means yes and one no."""
    meant: dict[str, list[str]] = {YES: [], NO: []}
    for choice in choices:
        meaning = _meaning(choice)
        if meaning:
            meant[meaning].append(choice["id"])
    if any(len(ids) != 1 for ids in meant.values()):
        return None
    return meant[answer][0]


def _meaning(choice: dict[str, Any]) -> str | None:
    intent = PressedChoice.of_payload(choice["payload"]).intent
    if intent in _INTENTS:
        return _INTENTS[intent]
    title = str(choice["title"]).casefold()
    return title if title in (YES, NO) else None
