"""Apply the retention times of support.yml to conversations, mails, codes, the audit and backups."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, select, update

from bot.services.core.context import Context
from bot.services.mail.mail_server import file_name
from bot.services.outbox.items import IN_CHANNELS, MAIL, QUEUED
from bot.services.privacy.erasure import UNDER_WAY, erase_conversations
from bot.services.upkeep import backups
from bot.store.tables import AuditEntry, Conversation, Issue, OneTimeCode, OutboxItem, SearchRecord
from bot.triage.issue.issue_status import IssueStatus

AT_ONCE = 200


async def apply_retention(ctx: Context) -> None:
    """Remove what has had its time. A second run finds nothing more."""
    kept, now = ctx.support.retention, ctx.clock()
    for due in _old_conversations(ctx, now):
        async with ctx.db.read() as session:
            found = list(await session.scalars(select(Conversation.id).where(*due).limit(AT_ONCE)))
        await erase_conversations(ctx, found, due)
    await _remove_old_outbox_items(ctx, now - timedelta(days=kept.mail_days))
    async with ctx.db.write() as session:
        await session.execute(delete(AuditEntry).where(AuditEntry.at < now - timedelta(days=kept.audit_days)))
        await session.execute(delete(OneTimeCode).where(OneTimeCode.created_at < now - timedelta(days=kept.code_days)))
        old = (SearchRecord.created_at < now - timedelta(days=kept.search_days), SearchRecord.question != "")
        await session.execute(update(SearchRecord).where(*old).values(question="", shown=[]))
    backups.remove_old(ctx.home, now - timedelta(days=kept.backup_days))


def _old_conversations(ctx: Context, now: datetime) -> tuple[tuple[ColumnElement[bool], ...], ...]:
    """Return the conditions of the two kinds: all issues resolved for long enough, and never an issue.

    For both counts the last activity: whoever still writes in a conversation keeps it.
    """
    kept, mine = ctx.support.retention, Issue.conversation_id == Conversation.id
    with_issue, without = now - timedelta(days=kept.conversation_days), now - timedelta(days=kept.without_issue_days)
    last_solved = select(func.max(Issue.resolved_at)).where(mine).scalar_subquery()
    idle = (Conversation.erased_at.is_(None), Conversation.owner.not_in(UNDER_WAY))
    open_issue = exists().where(mine, Issue.status != IssueStatus.RESOLVED)
    return (
        (*idle, Conversation.updated_at < with_issue, ~open_issue, last_solved < with_issue),
        (*idle, Conversation.updated_at < without, ~exists().where(mine)),
    )


async def _remove_old_outbox_items(ctx: Context, before: datetime) -> None:
    """Delete what left the outbox long ago. Messages stay with their conversation: they name it for the channel."""
    old = (OutboxItem.kind.not_in(IN_CHANNELS), OutboxItem.state != QUEUED, OutboxItem.created_at < before)
    async with ctx.db.write() as session:
        for item in await session.scalars(select(OutboxItem).where(*old).limit(AT_ONCE)):
            if item.kind == MAIL:
                (ctx.home / "mail" / file_name(item)).unlink(missing_ok=True)
            await session.delete(item)
