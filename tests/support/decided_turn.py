"""Turns of the past for tests of the desk, as their transactions stored them."""

from typing import Any

from bot.services.conversation import lifecycle, transcript
from bot.store.tables import InboundEvent, Turn
from tests.support.gateway_fixture import Case, Gateway

READ: dict[str, Any] = {
    "result": "done",
    "intent": "how_to",
    "confidence": 0.87,
    "rule": "how do I",
    "evidence": ["manual 0.71 confident"],
    "commands": ["record_search", "expect", "say"],
    "milliseconds": 41,
}


async def decided(gateway: Gateway, case: Case, *said: str, message: bool = True, **fields: Any) -> None:
    """A turn of the past, as its transaction stores it: the customer's message if any, the replies and the turn."""
    gateway.clock.advance(seconds=5)
    ctx, now = gateway.ctx, gateway.clock()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, case.conversation_id, lock=True)
        written = None
        if message:
            written = await transcript.append_message(
                session, conversation, now, author="customer", author_name="You", text="secret words"
            )
        for text in said:
            await transcript.say(session, conversation, now, text, author="assistant", author_name="Quill")
        event = InboundEvent(
            source="web",
            source_id=str(now),
            conversation_id=case.conversation_id,
            message_id=written.id if written else None,
            status="done",
            created_at=now,
        )
        session.add(event)
        await session.flush()
        session.add(
            Turn(conversation_id=case.conversation_id, inbound_event_id=event.id, created_at=now, **READ | fields)
        )
