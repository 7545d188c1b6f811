"""A conversation whose turns are decided by the table, without the engine: each message with the label given."""

from dataclasses import dataclass
from typing import Any

from bot.dialogue.evidence import Evidence
from bot.dialogue.reading import Reading
from bot.services.core.context import Context
from bot.services.turn import turns
from bot.services.turn.turns import Outcome
from tests.support.service_fixtures import Customer
from tests.support.turn_contexts import NOTHING, decided


@dataclass
class Writer:
    """A customer whose words are decided by the table, with the label given."""

    ctx: Context
    customer: Customer

    async def says(self, text: str, intent: str = "report_issue", **decides: Any) -> str:
        """Write, and return what is answered."""
        last = (await self.customer.reads() or [{"seq": 0}])[-1]["seq"]
        await self.customer.writes(text)
        return await self.is_answered(last, intent, **decides)

    async def presses(self, title: str) -> str:
        writer = await self.customer.reads()
        choice = next(one for said in reversed(writer) for one in said.get("choices") or [] if title in one["title"])
        await self.customer.chooses(choice["id"])
        return await self.is_answered(writer[-1]["seq"], None)

    async def is_answered(self, after: int = 0, intent: str | None = "", **decides: Any) -> str:
        lease, prepared = await self.customer.begins_a_turn()
        pressed = prepared.context.choice
        label = pressed.intent if pressed is not None else intent or "event"
        plan = decided(prepared.context, label, manual=NOTHING, support=self.ctx.support, **decides)
        outcome = Outcome(plan, Reading(label, 0.95), Evidence(), self.ctx.support.digest)
        assert await turns.complete(self.ctx, lease, prepared, outcome) is None
        said = await self.customer.reads(after)
        return "\n".join(one["text"] for one in said if one["author"] != "customer")
