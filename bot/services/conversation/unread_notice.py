"""A technician's answer that nobody has read for some minutes is told by e-mail, once for each burst of answers."""

from datetime import datetime, timedelta

from sqlalchemy import Select, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import aliased

from bot.services.conversation.customer_mail import enqueue_reply_mail
from bot.services.core.context import Context
from bot.store.tables import Conversation, Issue, Message

# An answer that is older was told long ago, or is of a time when there was no mail.
OLDEST = timedelta(days=1)
WEB = "web"


async def mark_seen(ctx: Context, conversation_id: str, seq: int) -> None:
    """The customer has the messages up to ``seq`` before their eyes; never goes back."""
    read = update(Conversation).where(
        Conversation.id == conversation_id, Conversation.customer_read_seq < seq, Conversation.last_seq >= seq
    )
    async with ctx.db.write() as session:
        await session.execute(read.values(customer_read_seq=seq, customer_seen_at=ctx.clock()))


async def enqueue_unread_mails(ctx: Context) -> None:
    """Queue a mail for every conversation of the web whose technician waits to be read. A second run adds none."""
    before = ctx.clock() - timedelta(minutes=ctx.support.email.reply_unread_minutes)
    async with ctx.db.read() as session:
        waiting = list(await session.execute(_unread(before, ctx.clock() - OLDEST)))
    for conversation_id, first_seq in waiting:
        async with ctx.db.write() as session:
            await _enqueue_mail(session, ctx, conversation_id, first_seq)


def _unread(before: datetime, not_before: datetime) -> Select[tuple[str, int]]:
    """(conversation, seq of the first unread answer) where that answer is old enough."""
    own = aliased(Message)
    wrote_since = select(func.max(own.seq)).where(own.conversation_id == Conversation.id, own.author == "customer")
    return (
        select(Conversation.id, func.min(Message.seq))
        .join(Message, Message.conversation_id == Conversation.id)
        .where(
            Conversation.channel == WEB,
            Conversation.issue_id.is_not(None),
            Conversation.updated_at > not_before,
            Message.author == "technician",
            Message.seq > Conversation.customer_read_seq,
            Message.seq > func.coalesce(wrote_since.scalar_subquery(), 0),
        )
        .group_by(Conversation.id)
        .having(func.min(Message.created_at) <= before)
    )


async def _enqueue_mail(session: AsyncSession, ctx: Context, conversation_id: str, first_seq: int) -> None:
    conversation = await session.get_one(Conversation, conversation_id)
    if conversation.customer_read_seq >= first_seq or conversation.issue_id is None:
        return
    issue = await session.get_one(Issue, conversation.issue_id)
    first = select(Message.author_name).where(Message.conversation_id == conversation_id, Message.seq == first_seq)
    name = await session.scalar(first) or ctx.office_for(conversation).company
    await enqueue_reply_mail(session, ctx, conversation, issue, name, first_seq)
