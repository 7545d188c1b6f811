"""The outbox for supervisors: items that wait too long or failed for good, the newest ones, and sending again."""

from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import NotFound
from bot.services.core.topics import DESK
from bot.services.mail.mail_status import mail_status
from bot.services.outbox import status
from bot.services.outbox.resend import queue_again
from bot.store.locks import lock_row
from bot.store.tables import OutboxItem, Technician
from bot.store.unit_of_work import after_commit, unit_of_work


async def overview(ctx: Context) -> dict[str, Any]:
    """Return the mail status, counts for each kind, what needs attention, and the newest items."""
    async with ctx.db.read() as session:
        counts = await status.standing(session, ctx)
    return {
        "mail": (await mail_status(ctx)).as_json(),
        "counts": counts,
        "attention": await status.list_items(ctx, status.needs_attention(ctx)),
        "newest": await status.list_items(ctx),
    }


@unit_of_work()
async def resend(session: AsyncSession, ctx: Context, technician: Technician, item_id: int) -> None:
    """Send an item again at once; raise NotFound, or Conflict when it was delivered or cannot be sent again."""
    conversation = None
    conversation_id = await session.scalar(select(OutboxItem.conversation_id).where(OutboxItem.id == item_id))
    if conversation_id is not None:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
    item = await lock_row(session, OutboxItem, item_id)
    if item is None:
        raise NotFound("There is no such item in the outbox; nothing was sent.")
    queue_again(session, item, ctx.clock(), audit.technician_actor(technician), conversation)
    after_commit(session, ctx.wake, conversation_id or DESK)
