"""Explain the turns of a conversation: who read, with what label, the evidence, the rule and the commands."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.reading import ENGINE, RULES, ReadBy
from bot.services.core.errors import NotFound
from bot.services.turn import poison_message
from bot.services.turn.perform import ASSISTANT
from bot.store.tables import Conversation, InboundEvent, Issue, Message, Turn
from bot.store.turn_events import OF_ITS_TURN
from bot.triage.reading.tech_reference import find_references

# An event without words, or one that was set aside unread.
NOBODY: Literal["nobody"] = "nobody"
# How the result of a turn that rules read begins; "fallback" in rows of earlier versions.
_READ_BY_RULES = (RULES, "fallback")


@dataclass(frozen=True)
class TurnLine:
    """One turn. ``masked_text`` keeps the shape of what was written and none of the words.

    ``seq`` is the customer's message, the first of a batch, None for an event without one; ``replies`` are the
    messages that the turn said.
    """

    seq: int | None
    masked_text: str
    at: datetime
    read_by: ReadBy | Literal["nobody"]
    intent: str | None
    confidence: float | None
    evidence: tuple[str, ...]
    rule: str | None
    commands: tuple[str, ...]
    result: str
    milliseconds: int
    replies: tuple[int, ...]
    marked: bool


async def explain_turns(session: AsyncSession, conversation_id: str) -> list[TurnLine]:
    """Return the conversation's turns in order."""
    replies = await _replies(session, conversation_id)
    rows = await session.execute(
        select(Turn, Message)
        .join(InboundEvent, OF_ITS_TURN)
        .outerjoin(Message, Message.id == InboundEvent.message_id)
        .where(Turn.conversation_id == conversation_id, InboundEvent.conversation_id == conversation_id)
        .order_by(Turn.id, InboundEvent.id)
    )
    taken: dict[Turn, list[Message]] = {}
    for turn, message in rows:
        taken.setdefault(turn, []).extend([message] if message is not None else [])
    return [_line(turn, messages, replies.get(turn.created_at, [])) for turn, messages in taken.items()]


async def find_conversation(session: AsyncSession, name: str) -> str:
    """Return a conversation's id by itself or by the Tech Reference of its issue; raise NotFound."""
    found = find_references(name)
    if found and found[0].valid:
        issue = await session.scalar(select(Issue).where(Issue.reference == found[0].reference))
        if issue is not None:
            return issue.conversation_id
    if await session.get(Conversation, name) is None:
        raise NotFound("There is no conversation or issue of that name; nothing was changed.")
    return name


async def _replies(session: AsyncSession, conversation_id: str) -> dict[datetime, list[int]]:
    """Return the assistant's messages by their moment, which is the moment of the turn that said them."""
    said = await session.execute(
        select(Message.created_at, Message.seq)
        .where(Message.conversation_id == conversation_id, Message.author == ASSISTANT)
        .order_by(Message.seq)
    )
    by_moment = defaultdict[datetime, list[int]](list)
    for at, seq in said:
        by_moment[at].append(seq)
    return by_moment


def _line(turn: Turn, messages: list[Message], replies: list[int]) -> TurnLine:
    read_by = _read_by(turn, messages)
    return TurnLine(
        seq=messages[0].seq if messages else None,
        masked_text=mask(" ".join(message.text for message in messages)),
        at=turn.created_at,
        read_by=read_by,
        intent=None if read_by == NOBODY else turn.intent,
        confidence=None if read_by == NOBODY else turn.confidence,
        evidence=tuple(turn.evidence),
        rule=turn.rule,
        commands=tuple(turn.commands),
        result=turn.result if turn.reason is None else f"{turn.result} ({turn.reason})",
        milliseconds=turn.milliseconds,
        replies=tuple(replies),
        marked=turn.marked_at is not None,
    )


def _read_by(turn: Turn, messages: list[Message]) -> ReadBy | Literal["nobody"]:
    if not messages or turn.result.startswith(poison_message.BY):
        return NOBODY
    return RULES if turn.result.startswith(_READ_BY_RULES) else ENGINE


def mask(text: str) -> str:
    """Letters become x and digits 0, so that only the shape is left; at most 40 characters."""
    masked = "".join("x" if char.isalpha() else "0" if char.isdigit() else char for char in text)
    line = " ".join(masked.split())
    return line if len(line) <= 40 else line[:39] + "…"
