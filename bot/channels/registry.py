"""Every channel besides the web, on or off. A new one is added here and nowhere else."""

from bot.channels.channel import Channel
from bot.channels.email.channel import email_channel
from bot.channels.slack.channel import slack_channel
from bot.channels.teams.channel import teams_channel
from bot.services.core.context import Context


def outside_channels(ctx: Context) -> list[Channel]:
    """Return the channels with their routes; one whose secrets are missing is off and says what is missing."""
    return [slack_channel(ctx), teams_channel(ctx), email_channel(ctx)]
