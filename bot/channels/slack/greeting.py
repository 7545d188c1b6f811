"""Greet who installed the app, and a channel that it was added to: once, and no member of it."""

from collections.abc import Mapping
from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.parse import bot_user, installation
from bot.channels.slack.render import section
from bot.channels.slack.render_text import to_mrkdwn
from bot.services.core.context import Context

Json = Mapping[str, Any]


def joined(envelope: Json) -> tuple[str, str] | None:
    """Return the installation and the channel that the app itself was added to; None for every other event."""
    event = envelope["event"]
    if event.get("type") != "member_joined_channel" or not envelope["team_id"] or event["user"] != bot_user(envelope):
        return None
    return installation(envelope), str(event["channel"])


async def greet(ctx: Context, api: WebApi, installed: str, place: str) -> None:
    """Say the greeting in a channel, or to a user in a direct message. Raises NotNow or Refused."""
    words = to_mrkdwn(ctx.support.greeting)
    channel = place
    if place.startswith(("U", "W")):
        opened = await api.call(installed, lambda client: client.conversations_open(users=[place]))
        channel = opened["channel"]["id"]
    await api.call(
        installed,
        lambda client: client.chat_postMessage(channel=channel, text=words, blocks=[section(words)], parse="none"),
    )
