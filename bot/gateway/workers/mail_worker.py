"""Send queued mail, in a task of its own: a slow mail server must hold up nothing else."""

from bot.services.core.context import Context
from bot.services.mail.mail_sending import send_due
from bot.services.mail.mail_server import server_of

LOOK_EVERY_SECONDS = 1.0


class MailWorker:
    """Looks every second for mail that is due."""

    def __init__(self, ctx: Context) -> None:
        self._ctx, self._server = ctx, server_of(ctx)

    async def look(self) -> None:
        """Send every mail that is due."""
        await send_due(self._ctx, self._server)
