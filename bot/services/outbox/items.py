"""The outbox: one row for each target of everything that leaves, written in the transaction that raises it.

Kinds: a message to a channel, a mail, a notice to one address of a team, the news of a known problem to one issue, an
update of a message outside whose quick replies are over, the answer to a message that was edited or deleted there, an
event of an issue to a webhook, an issue to the developers' tracker, what a staff channel is shown, and what was written
there.
"""

from datetime import datetime
from typing import Any

from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import backoff
from bot.store.tables import Issue
from bot.store.tables import OutboxItem as OutboxItem

MESSAGE, MAIL, TEAM_NOTICE, KNOWN_PROBLEM_NEWS = "message", "mail", "team_notice", "known_problem_news"
BUTTON_UPDATE, MESSAGE_CHANGE = "button_update", "message_change"
WEBHOOK, ESCALATION = "webhook", "escalation"
STAFF, STAFF_WRITTEN = "staff", "staff_written"
# They name what stands outside, and stay as long as their conversation.
IN_CHANNELS = (MESSAGE, BUTTON_UPDATE)
QUEUED, SENT, FILED, FAILED, DROPPED = "queued", "sent", "filed", "failed", "dropped"
# Left the outbox well: sent, or written to a file where no mail server is set.
DELIVERED = (SENT, FILED)
EXPIRED = "expired"
# The first and the longest wait between two tries, in seconds. Greylisting mail servers want some minutes.
WAITS = {
    MESSAGE: (backoff.FIRST_WAIT_SECONDS, backoff.LONGEST_WAIT_SECONDS),
    MAIL: (60.0, 1800.0),
    TEAM_NOTICE: (5.0, 300.0),
    KNOWN_PROBLEM_NEWS: (2.0, 300.0),
    BUTTON_UPDATE: (backoff.FIRST_WAIT_SECONDS, backoff.LONGEST_WAIT_SECONDS),
    MESSAGE_CHANGE: (2.0, 300.0),
    WEBHOOK: (5.0, 3600.0),
    # The search of a tracker may know what was made only after a while.
    ESCALATION: (60.0, 1800.0),
    STAFF: (backoff.FIRST_WAIT_SECONDS, backoff.LONGEST_WAIT_SECONDS),
    STAFF_WRITTEN: (backoff.FIRST_WAIT_SECONDS, backoff.LONGEST_WAIT_SECONDS),
}
ERROR_LIMIT = 100


async def enqueue(
    session: AsyncSession, *, kind: str, key: str, target: str, now: datetime, **fields: Any
) -> OutboxItem | None:
    """Queue an item in this transaction; None when ``key`` was queued before.

    Items of one ``lane`` go in the order of their ids. After ``expires_at`` an item is not sent any more; without one
    the operator's ``delivery.give_up_after_hours`` hold.
    """
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    values = {"kind": kind, "key": key, "target": target, "due_at": now, "created_at": now, **fields}
    query = insert(OutboxItem).values(**values).on_conflict_do_nothing(index_elements=[OutboxItem.key])
    queued: OutboxItem | None = await session.scalar(query.returning(OutboxItem))
    return queued


def message_item(message_id: int, conversation_id: str, channel: str, now: datetime) -> OutboxItem:
    """Return the item of a message that is to be sent through a channel, in order within its conversation.

    ``conversation.bundles`` lets it send the messages after it as well, up to ``last_message_id``.
    """
    return OutboxItem(
        kind=MESSAGE,
        key=f"message:{message_id}:{channel}",
        target=channel,
        lane=conversation_id,
        conversation_id=conversation_id,
        message_id=message_id,
        last_message_id=message_id,
        due_at=now,
        created_at=now,
    )


async def enqueue_news(session: AsyncSession, update_id: int, issue: Issue, now: datetime) -> None:
    """Queue an update of a known problem for one issue, in order with the issue's other updates."""
    await enqueue(
        session,
        kind=KNOWN_PROBLEM_NEWS,
        key=f"news:{update_id}:{issue.id}",
        target=f"issue:{issue.id}",
        now=now,
        lane=f"issue:{issue.id}",
        conversation_id=issue.conversation_id,
        issue_id=issue.id,
        update_id=update_id,
    )


def without_text(payload: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return an item's payload without its text."""
    return {**payload, "text": ""} if payload else payload
