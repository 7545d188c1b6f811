"""Machines log issues, add private notes, and resolve what nobody works on. They never write to a customer."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import ChangedMeanwhile, Invalid, NotOwner
from bot.services.core.input_text import checked_text
from bot.services.desk.labels import STATUSES, word_for
from bot.services.desk.log_for_customer import log_for_customer
from bot.services.hand_off import transitions
from bot.services.hand_off.program_notes import keep_note
from bot.services.issue import issue_status
from bot.services.machine.api_keys import key_actor
from bot.services.technician import access
from bot.store.tables import ApiKey
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus
from bot.triage.privacy.redaction import redact_cards

# Whoever it was logged for goes on in the chat, by a link from a mail.
CHANNEL = "web"
REASON, ID_LIMIT = "api", 150


async def create_issue(ctx: Context, key: ApiKey, fields: Mapping[str, Any]) -> tuple[str, bool]:
    """Log an issue and put it in the queue; return its reference, and whether it was there already.

    ``problem`` and ``contact``, ``name``, ``category``, ``answers``; ``client_id`` makes the same call again give the
    first issue. Raises Invalid, or ClientCallIdReused.
    """
    client_id = fields.get("client_id")
    if client_id is not None and (
        not isinstance(client_id, str) or not 0 < len(client_id) <= ID_LIMIT or not client_id.isprintable()
    ):
        raise Invalid(f"client_id must be text of at most {ID_LIMIT} characters; nothing was logged.")
    return await _create(ctx, key, fields, f"{key_actor(key)}:{client_id}" if client_id else None)


# The same call may be stored over another gateway at the same moment: the next attempt finds it.
@unit_of_work(retried=(IntegrityError,))
async def _create(
    session: AsyncSession, ctx: Context, key: ApiKey, fields: Mapping[str, Any], call_id: str | None
) -> tuple[str, bool]:
    logged = await log_for_customer(
        session, ctx, fields, actor=key_actor(key), channel=CHANNEL, reason=REASON, call_id=call_id
    )
    if logged.hand_off is None:
        return logged.issue.reference, True
    await transitions.post_queue_notices(session, ctx, logged.conversation)
    after_commit(session, transitions.wake_conversation, ctx, logged.conversation)
    return logged.issue.reference, False


@unit_of_work()
async def add_note(session: AsyncSession, ctx: Context, key: ApiKey, reference: str, text: object) -> int:
    """Keep a private note behind the newest message, under the key's name; return its id. Raises Invalid, NotFound."""
    clean = redact_cards(checked_text(text)).text
    _, conversation = await access.logged_issue(session, reference, lock=True)
    note = await keep_note(session, ctx, conversation, clean, key.name)
    audit.record(
        session, key_actor(key), "desk.note", note.created_at, conversation=conversation, details={"note": note.id}
    )
    return note.id


@unit_of_work()
async def resolve_issue(session: AsyncSession, ctx: Context, key: ApiKey, reference: str, seen: object = None) -> None:
    """Resolve an issue that nobody waits with and nobody works on.

    ``seen`` is the status it was decided on. Raises Invalid, NotFound or Conflict (``not_owner``, ``changed``).
    """
    issue, conversation = await access.logged_issue(session, reference, lock=True)
    if seen is not None and seen != issue.status:
        status = word_for(STATUSES, issue.status)
        raise ChangedMeanwhile(f"The status was changed meanwhile: {status}. Nothing was set.")
    if conversation.owner in (Owner.QUEUE, Owner.TECHNICIAN):
        raise NotOwner("A customer waits there or a technician works on it; only they resolve it. Nothing was changed.")
    issue_status.change_status(session, issue, IssueStatus.RESOLVED, actor=key_actor(key), now=ctx.clock())
    conversation.updated_at = ctx.clock()
    after_commit(session, transitions.wake_conversation, ctx, conversation)
