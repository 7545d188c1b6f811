"""Every channel besides the web, on or off. A new one is added here and nowhere else."""

from bot.channels.channel import Channel
from bot.services.context import Context


def outside_channels(_ctx: Context) -> list[Channel]:
    """The channels with their routes; one whose secrets are missing is off and says what is missing."""
    return []
