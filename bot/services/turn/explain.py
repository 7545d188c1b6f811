"""Explain the turns of a conversation: intent, confidence, rule and actions."""

from dataclasses import dataclass

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.errors import NotFound
from bot.store.tables import Conversation, InboundEvent, Issue, Message, Turn
from bot.triage.reading.tech_reference import find_references


@dataclass(frozen=True)
class TurnLine:
    """One turn. ``masked_text`` keeps the shape of what was written and none of the words."""

    seq: int | None
    masked_text: str
    intent: str | None
    confidence: float | None
    rule: str | None
    actions: list[str]
    effects: list[str]
    result: str
    milliseconds: int


async def explain_turns(session: AsyncSession, name: str) -> list[TurnLine]:
    """Return the turns in order; ``name`` is a conversation's id or a Tech Reference. Raises NotFound."""
    conversation_id = await _conversation_id(session, name)
    rows = await session.execute(
        select(Turn, Message)
        .join(InboundEvent, InboundEvent.id == Turn.inbound_event_id)
        .outerjoin(Message, Message.id == InboundEvent.message_id)
        .where(Turn.conversation_id == conversation_id)
        .order_by(Turn.id)
    )
    return [_line(turn, message) for turn, message in rows]


async def _conversation_id(session: AsyncSession, name: str) -> str:
    found = find_references(name)
    if found and found[0].valid:
        issue = await session.scalar(select(Issue).where(Issue.reference == found[0].reference))
        if issue is not None:
            return issue.conversation_id
    if await session.get(Conversation, name) is None:
        raise NotFound("There is no conversation or issue of that name; nothing was changed.")
    return name


def _line(turn: Turn, message: Message | None) -> TurnLine:
    return TurnLine(
        seq=message.seq if message else None,
        masked_text=mask(message.text) if message else "",
        intent=turn.intent,
        confidence=turn.confidence,
        rule=turn.rule,
        actions=list(turn.actions),
        effects=list(turn.effects),
        result=turn.result if turn.reason is None else f"{turn.result}: {turn.reason}",
        milliseconds=turn.milliseconds,
    )


def mask(text: str) -> str:
    """Letters become x and digits 0, so that only the shape is left; at most 40 characters."""
    masked = "".join("x" if char.isalpha() else "0" if char.isdigit() else char for char in text)
    line = " ".join(masked.split())
    return line if len(line) <= 40 else line[:39] + "…"
