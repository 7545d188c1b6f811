"""Send the mails of the outbox: each until it is accepted, refused or too late."""

import logging

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.mail.mail_server import build, file_name, server_of
from bot.services.outbox import leases
from bot.services.outbox.items import FILED, MAIL, QUEUED, SENT
from bot.services.outbox.outcomes import Refused
from bot.services.outbox.recording import until_recorded
from bot.store.tables import OutboxItem
from bot.store.unit_of_work import unit_of_work

log = logging.getLogger(__name__)


class MailSender:
    """Sends each mail to the server that the settings name."""

    kind, at_once = MAIL, 5

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def targets(self) -> None:
        """Any address can be reached."""

    async def send(self, item: OutboxItem) -> None:
        """Hand the mail to the server and record that. Raises NotNow or Refused."""
        server = server_of(self._ctx)
        try:
            mail = build(self._ctx, item)
        except Exception as error:
            # Another try would build the same mail: it fails for good, by itself.
            about = log_format.log_fields(item=item.id, letter=(item.payload or {}).get("letter"))
            log.error("a mail cannot be built", extra=about, exc_info=error)
            raise Refused(f"mail: {type(error).__name__}") from error
        async with server.accepting(file_name(item), mail):
            await until_recorded(lambda: _sent(self._ctx, item, SENT if server.delivers else FILED))


@unit_of_work(priority=True)
async def _sent(session: AsyncSession, ctx: Context, item: OutboxItem, state: str) -> None:
    """Record it. The server is back: what waited for it need not wait any longer."""
    now = ctx.clock()
    await leases.sent(session, item, now, state)
    waiting = (OutboxItem.kind == MAIL, OutboxItem.state == QUEUED, OutboxItem.trouble)
    late = update(OutboxItem).where(*waiting, OutboxItem.due_at > now, OutboxItem.lease_until.is_(None))
    await session.execute(late.values(due_at=now))
