"""Check the outbox for `techref doctor`: items that wait too long, and items that failed for good."""

import asyncio
from collections.abc import Iterator

from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.installation.finding import Finding
from bot.services.core.context import CannotStart, Context, wire
from bot.services.mail.mail_status import OFF, TROUBLE, MailStatus, mail_status
from bot.services.outbox import status
from bot.settings.env.settings import Settings
from bot.store.tables import WebhookEndpoint
from bot.triage.text.time_format import format_span

REMEDY = "Look at the desk's page Outgoing, which says why and sends again."
RESUME = "Resume it at the desk under Administration > Integrations > Webhooks once its address answers."
TITLES = {
    "message": "messages to Slack and Teams",
    "team_notice": "notices to teams",
    "known_problem_news": "news of known problems",
    "button_update": "buttons in Slack and Teams that were answered",
    "escalation": "issues to trackers",
    "webhook": "events to webhooks",
    "message_change": "answers to edits and deletions in Slack and Teams",
    "staff": "cards and news in staff channels",
    "staff_written": "messages that technicians wrote in staff channels",
}


def check_outbox(settings: Settings) -> Iterator[Finding]:
    """Check what leaves. A database that cannot be used is the finding of another check."""
    try:
        mail, counts, paused = asyncio.run(_counts(settings))
    except (*CannotStart, SQLAlchemyError, OSError):
        return
    yield _of_mail(mail)
    for kind, title in TITLES.items():
        yield from _of_kind(title, counts[kind])
    for name in paused:
        yield Finding(f"webhook {name}", False, "is paused: nothing is sent to it", RESUME)


def _of_mail(mail: MailStatus) -> Finding:
    """Without a server, or with mails that failed, it is worth a look; stuck mails are a fault."""
    if mail.late or mail.state == TROUBLE:
        return Finding("e-mail", False, mail.in_words(), REMEDY)
    if mail.state == OFF:
        return Finding("e-mail", None, mail.in_words())
    return Finding("e-mail", None if mail.failed else True, mail.in_words(), REMEDY if mail.failed else "")


def _of_kind(title: str, numbers: dict[str, float]) -> Iterator[Finding]:
    if numbers["late"]:
        age = format_span(numbers["oldest_seconds"])
        yield Finding(title, False, f"{numbers['queued']:,} wait, the oldest for {age}", REMEDY)
    if numbers["failed"]:
        yield Finding(title, None, f"{numbers['failed']:,} failed for good", REMEDY)


async def _counts(settings: Settings) -> tuple[MailStatus, dict[str, dict[str, float]], list[str]]:
    ctx: Context = wire(settings)
    try:
        async with ctx.db.read() as session:
            counts = await status.standing(session, ctx)
            paused = select(WebhookEndpoint.name).where(WebhookEndpoint.paused_at.is_not(None))
            names = list(await session.scalars(paused.order_by(WebhookEndpoint.name)))
        return await mail_status(ctx), counts, names
    finally:
        await ctx.db.close()
