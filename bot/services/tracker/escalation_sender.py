"""Make the issue at the tracker, once: before each attempt it is searched for by our marker."""

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.services.outbox import leases
from bot.services.outbox.items import ESCALATION
from bot.services.outbox.outcomes import NotNeeded
from bot.services.outbox.recording import until_recorded
from bot.services.tracker.tracker_api import Opened, api_of
from bot.store.locks import lock_row
from bot.store.tables import Escalation, OutboxItem, Tracker
from bot.store.unit_of_work import after_commit, unit_of_work

OPEN = "open"


class EscalationSender:
    """Brings each escalated issue to its tracker."""

    kind, at_once = ESCALATION, 5

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def targets(self) -> None:
        """Any tracker can be reached."""

    async def send(self, item: OutboxItem) -> None:
        """Make the issue, or find the one of an attempt whose end was not recorded; raises NotNeeded without a text."""
        async with self._ctx.db.read() as session:
            made = await session.get_one(Escalation, (item.payload or {})["escalation"])
            tracker = await session.get_one(Tracker, made.tracker_id)
        if tracker.removed_at is not None or not made.text:
            raise NotNeeded
        api = api_of(self._ctx, tracker)
        opened = await api.find(made) or await api.create(made)
        await until_recorded(lambda: _opened(self._ctx, item, made.id, opened))


@unit_of_work(priority=True)
async def _opened(session: AsyncSession, ctx: Context, item: OutboxItem, escalation_id: int, opened: Opened) -> None:
    now = ctx.clock()
    conversation = await lifecycle.load(session, item.conversation_id or "", lock=True, erased=True)
    made = await lock_row(session, Escalation, escalation_id)
    if made is not None:
        made.outside_id, made.url, made.state, made.opened_at = opened.key, opened.url, OPEN, now
        actor, details = f"{audit.TRACKER}{made.tracker_id}", {"escalation": made.id}
        audit.record(
            session, actor, "tracker.opened", now, conversation=conversation, issue_id=made.issue_id, details=details
        )
    await leases.sent(session, item, now)
    conversation.updated_at = now
    after_commit(session, transitions.wake_conversation, ctx, conversation)
