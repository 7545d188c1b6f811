"""Every channel besides the web, on or off: our own, named here, and those that installed packages bring along.

A package of its own names a function ``(ctx) -> Channel`` under the entry point ``techref.channels``; the entry point's
name is the channel's. docs/channels.md has the contract, examples/channel_plain_http a small one.
"""

import logging
import re
from collections.abc import Collection, Iterator
from importlib.metadata import EntryPoint, entry_points

from sanic import Blueprint

from bot.channels.channel import Channel
from bot.channels.email.channel import email_channel
from bot.channels.slack.channel import slack_channel
from bot.channels.teams.channel import teams_channel
from bot.services.conversation.transcript import READ_IN_PLACE, SPOKEN
from bot.services.core.context import Context

log = logging.getLogger(__name__)

GROUP = "techref.channels"
# What rows, addresses and metrics hold.
_NAME = re.compile(r"[a-z][a-z0-9_]{1,19}")


class NotAChannel(Exception):
    """The package does not keep to the contract."""


def outside_channels(ctx: Context) -> list[Channel]:
    """Return the channels with their routes; one whose secrets are missing is off and says what is missing."""
    own = [slack_channel(ctx), teams_channel(ctx), email_channel(ctx)]
    return [*own, *_installed(ctx, {READ_IN_PLACE, SPOKEN, *(one.name for one in own)})]


def _installed(ctx: Context, taken: Collection[str]) -> Iterator[Channel]:
    """Yield the channels of installed packages; one that cannot be loaded is off, and stops nothing else."""
    for entry in sorted(entry_points(group=GROUP), key=lambda one: one.name):
        try:
            yield _loaded(ctx, entry, taken)
        except Exception as error:
            log.error("the installed channel %s is off: %s", entry.name, type(error).__name__, exc_info=error)
            why = str(error) if isinstance(error, NotAChannel) else f"{type(error).__name__}, see the log"
            name = f"{entry.name} (installed)"
            yield Channel(name, Blueprint(f"installed_{entry.name}"), f"its package cannot be used: {why}")


def _loaded(ctx: Context, entry: EntryPoint, taken: Collection[str]) -> Channel:
    if _NAME.fullmatch(entry.name) is None or entry.name in taken:
        raise NotAChannel("its name is taken, or is not 2 to 20 small letters, digits and _")
    channel = entry.load()(ctx)
    if not isinstance(channel, Channel) or channel.name != entry.name:
        raise NotAChannel("its function must return a Channel of the entry point's name")
    prefix = f"/channels/{entry.name}"
    if channel.blueprint.url_prefix != prefix:
        raise NotAChannel(f"its routes must lie under {prefix}")
    if channel.is_on and channel.deliver is None:
        raise NotAChannel("it is on and delivers nothing")
    return channel
