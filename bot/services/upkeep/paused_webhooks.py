"""Mail the administrators when a webhook was paused: until somebody resumes it, what happens does not leave."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.store.tables import Technician, WebhookEndpoint
from bot.store.unit_of_work import unit_of_work

ADMIN = "admin"


@unit_of_work()
async def mail_administrators(session: AsyncSession, ctx: Context) -> None:
    """Queue one mail for each pause and each active administrator, however often this runs."""
    paused = list(await session.scalars(select(WebhookEndpoint).where(WebhookEndpoint.paused_at.is_not(None))))
    if not paused:
        return
    admins = select(Technician).where(Technician.role == ADMIN, Technician.active)
    for admin in list(await session.scalars(admins)):
        for endpoint in paused:
            key = f"webhook-paused:{endpoint.id}:{endpoint.paused_at}:{admin.id}"
            if not await outgoing_mail.is_queued(session, key):
                await outgoing_mail.enqueue(session, ctx, _letter(ctx, key, admin, endpoint))


def _letter(ctx: Context, key: str, admin: Technician, endpoint: WebhookEndpoint) -> OutgoingMail:
    texts, subjects = ctx.support.email.texts, ctx.support.email.subjects
    page = f"{ctx.settings.public_url or ''}/desk/administration/webhooks"
    text = texts.webhook_paused.format(name=admin.name, address=endpoint.url, page=page)
    return OutgoingMail(key, "webhook_paused", admin.email, subjects.webhook_paused, text)
