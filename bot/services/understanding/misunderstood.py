"""List and label misunderstood phrases: anonymised, the most frequent first, those marked at the desk above all.

A phrase is labelled with an intent and learned, or dismissed; either way it is not shown again. The customer's answer
to "did you mean" is shown as a suggestion.
"""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from typing import Any

from sqlalchemy import Row, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.dialogue.context import PressedChoice
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.understanding import learned_examples
from bot.store.tables import (
    Contract,
    Conversation,
    Customer,
    InboundEvent,
    Message,
    ReviewedPhrase,
    Turn,
)
from bot.store.turn_events import OF_ITS_TURN
from bot.triage.privacy.anonymise import anonymise, as_example, customer_names, phrase_key

BY_RULES = "read by rules"
# The rules that decided so (bot/dialogue/decide.py).
NOT_UNDERSTOOD = ("not understood", "nothing we do")
OPEN_FOR = timedelta(days=180)
MOST_TURNS = 5000


@dataclass
class Phrase:
    """One misunderstood phrase. ``marked``: how often a technician said so; ``taken_as``: what it was understood as;
    ``suggested``: the choices of customers afterwards, by intent.
    """

    key: str
    text: str
    count: int = 0
    marked: int = 0
    last_at: datetime | None = None
    taken_as: Counter[str] = field(default_factory=Counter)
    suggested: Counter[str] = field(default_factory=Counter)

    @property
    def suggestion(self) -> str | None:
        return self.suggested.most_common(1)[0][0] if self.suggested else None


async def list_misunderstood(ctx: Context, limit: int = 50) -> list[Phrase]:
    """Return the unreviewed phrases of the last 180 days."""
    async with ctx.db.read(long=True) as session:
        turns = await _turns(session, ctx.clock() - OPEN_FOR)
        reviewed = await session.execute(select(ReviewedPhrase.key, ReviewedPhrase.at))
        done = {row.key: row.at for row in reviewed}
        chosen = await _chosen_afterwards(session, {rows[0].Message.id for rows in turns})
    taught = {phrase_key(one) for sentences in _taught(ctx.home) for one in sentences}
    phrases: dict[str, Phrase] = {}
    for row, *more in turns:
        words = " ".join(one.Message.text for one in (row, *more))
        text = anonymise(words, customer_names(row.Customer.name, row.Customer.email), row.company)
        if not phrase_key(text) or phrase_key(as_example(text)) in taught or _is_done(row.Turn, done.get(key_of(text))):
            continue
        phrase = phrases.setdefault(key_of(text), Phrase(key_of(text), text))
        phrase.count += 1
        phrase.last_at = phrase.last_at or row.Turn.created_at
        phrase.marked += row.Turn.marked_at is not None
        phrase.taken_as[row.Turn.intent or BY_RULES] += 1
        phrase.suggested.update(chosen.get(row.Message.id, ()))
    return sorted(phrases.values(), key=lambda one: (-one.marked, -one.count, one.text))[:limit]


async def label_phrase(ctx: Context, key: str, intent: str | None, *, actor: str, file: Path | None = None) -> str:
    """Teach the phrase as ``intent``, or dismiss it (None); return the diff of the changed file.

    ``file``: the file to change, by default this installation's own examples. Raises NotFound for a phrase that is not
    open, Invalid for an unknown intent, Conflict (``held_out``).
    """
    phrase = next((one for one in await list_misunderstood(ctx, MOST_TURNS) if one.key == key), None)
    if phrase is None:
        raise NotFound("Somebody has dealt with this phrase already; nothing was changed.")
    diff = ""
    if intent is not None:
        diff = learned_examples.add_example(
            file or learned_examples.own_file(ctx.home), intent, as_example(phrase.text)
        )
    now = ctx.clock()
    async with ctx.db.write() as session:
        await session.merge(ReviewedPhrase(key=key, intent=intent, at=now))
        action = "nlu.dismiss" if intent is None else "nlu.label"
        audit.record(session, actor, action, now, details={"phrase": key, "intent": intent})
    return diff


async def mark_turn(ctx: Context, conversation_id: str, seq: int, misunderstood: bool, *, actor: str) -> None:
    """Mark the turn that answered a customer's message as misunderstood, or take the mark back. Raises NotFound."""
    now = ctx.clock()
    query = (
        select(Turn)
        .join(InboundEvent, OF_ITS_TURN)
        .join(Message, Message.id == InboundEvent.message_id)
        .where(Turn.conversation_id == conversation_id, Message.seq == seq)
        .order_by(Turn.id.desc())
        .limit(1)
    )
    async with ctx.db.write() as session:
        turn = await session.scalar(query)
        if turn is None:
            raise NotFound("No decision is recorded for this message; nothing was changed.")
        turn.marked_at = now if misunderstood else None
        audit.record(session, actor, "nlu.mark", now, details={"turn": turn.id, "misunderstood": misunderstood})


async def forget_example(ctx: Context, intent: str, sentence: str, *, actor: str) -> None:
    """Remove a learned sentence; raise NotFound when it is not among this installation's own."""
    if not learned_examples.remove_example(learned_examples.own_file(ctx.home), intent, sentence):
        raise NotFound("This sentence is not among the learned ones; nothing was changed.")
    async with ctx.db.write() as session:
        audit.record(session, actor, "nlu.forget", ctx.clock(), details={"intent": intent})


def _is_done(turn: Turn, reviewed_at: datetime | None) -> bool:
    """Return whether the phrase was dealt with, and not marked again since."""
    return reviewed_at is not None and (turn.marked_at is None or turn.marked_at <= reviewed_at)


def key_of(text: str) -> str:
    """Return the phrase's key: a hash, so that no words are stored a second time."""
    return hashlib.sha256(phrase_key(text).encode()).hexdigest()[:16]


def _taught(home: Path) -> Iterable[list[str]]:
    return [*learned_examples.list_intents().values(), *learned_examples.learned_examples(home).values()]


async def _turns(session: AsyncSession, since: datetime) -> list[tuple[Row[Any], ...]]:
    """Return the rows of each turn, one for each message of its batch."""
    query = (
        select(Turn, Message, Customer, Contract.company.label("company"))
        .join(InboundEvent, OF_ITS_TURN)
        .join(Message, Message.id == InboundEvent.message_id)
        .join(Conversation, Conversation.id == Turn.conversation_id)
        .join(Customer, Customer.id == Conversation.customer_id)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .where(
            or_(
                and_(Turn.intent.in_(("nlu_fallback", "out_of_scope")), Turn.rule.in_(NOT_UNDERSTOOD)),
                Turn.marked_at.is_not(None),
            ),
            Turn.created_at > since,
        )
        .order_by(Turn.id.desc(), InboundEvent.id)
        .limit(MOST_TURNS)
    )
    rows = [row for row in await session.execute(query) if row.Message.chosen is None]
    return [tuple(its) for _, its in groupby(rows, key=lambda row: row.Turn.id)]


async def _chosen_afterwards(session: AsyncSession, message_ids: set[int]) -> dict[int, list[str]]:
    """Return the "did you mean" choices pressed for these messages, whose payload names the message."""
    if not message_ids:
        return {}
    asked, pressed = aliased(Message), aliased(Message)
    query = (
        select(pressed.chosen)
        .join(asked, asked.conversation_id == pressed.conversation_id)
        .where(asked.id.in_(message_ids), pressed.seq > asked.seq, pressed.chosen.is_not(None))
    )
    chosen: dict[int, list[str]] = {}
    seen: set[str] = set()
    for choice in filter(None, await session.scalars(query)):
        meant = PressedChoice.of_payload(choice["payload"])
        about = meant.fields.get("about")
        if about in message_ids and choice["id"] not in seen:
            seen.add(choice["id"])
            chosen.setdefault(about, []).append(meant.intent)
    return chosen
