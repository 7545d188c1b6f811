"""The channel e-mail, put together from its settings."""

from bot.channels.channel import Channel
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
    steps = (files.background(), SpoolSweep(ctx).background())
    return Channel(EMAIL, blueprint(files.kick), None, EmailDeliver(ctx), steps)


def off_because(settings: Settings) -> str | None:
    """Return what is missing, in one sentence; None when the channel can work."""
    return None if settings.mail_drop_secret else "TECHREF_MAIL_DROP_SECRET is not set"
