"""The channel e-mail, put together from its settings."""

from bot.channels.channel import Channel
from bot.channels.email.imap import Mailbox
from bot.channels.email.routes import blueprint
from bot.channels.email.send import EmailDeliver
from bot.channels.email.spool import SpooledFiles, SpoolSweep
from bot.channels.file_fetcher import FileFetcher
from bot.services.channel.channel_people import EMAIL
from bot.services.core.context import Context
from bot.settings.env.settings import Settings


def email_channel(ctx: Context) -> Channel:
    """Return the channel, on when mail can come in."""
    off = off_because(ctx.settings)
    if off is not None:
        return Channel(EMAIL, blueprint(None), off)
    files = FileFetcher(ctx, EMAIL, SpooledFiles(ctx))
    steps = [files.background(), SpoolSweep(ctx).background()]
    if ctx.settings.imap_url:
        steps.append(Mailbox(ctx, ctx.settings.imap_url, files.kick).background())
    return Channel(EMAIL, blueprint(files.kick), None, EmailDeliver(ctx), steps)


def off_because(settings: Settings) -> str | None:
    """Return what is missing, in one sentence; None when the channel can work."""
    comes_in = settings.imap_url or settings.mail_drop_secret
    return None if comes_in else "set TECHREF_IMAP_URL to fetch mail, or TECHREF_MAIL_DROP_SECRET to have it handed in"
