"""The turns of a conversation as the desk shows them: numbers and names, nobody's words."""

from typing import Any

from bot.services.core.context import Context
from bot.services.technician import access
from bot.services.turn.explain import TurnLine, explain_turns
from bot.store.tables import Technician


async def turns_view(ctx: Context, technician: Technician, conversation_id: str) -> list[dict[str, Any]]:
    """Return the turns in order; the reading is recorded. Raises NotFound as for the conversation's messages."""
    await access.open_conversation(ctx, technician, conversation_id)
    async with ctx.db.read() as session:
        await access.load_readable(session, technician, conversation_id)
        return [_shown(line) for line in await explain_turns(session, conversation_id)]


def _shown(line: TurnLine) -> dict[str, Any]:
    return {
        "seq": line.seq,
        "at": line.at.isoformat(),
        "read_by": line.read_by,
        "intent": line.intent,
        "confidence": line.confidence,
        "evidence": line.evidence,
        "rule": line.rule,
        "commands": line.commands,
        "result": line.result,
        "milliseconds": line.milliseconds,
        "replies": line.replies,
        "marked": line.marked,
    }
