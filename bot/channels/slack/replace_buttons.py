"""After a quick reply was pressed: its message shows what was chosen instead of the buttons."""

from collections.abc import Mapping
from typing import Any

from bot.channels.slack import render
from bot.channels.slack.client import WebApi
from bot.channels.slack.render_text import escaped


async def after_press(api: WebApi, installation: str, payload: Mapping[str, Any]) -> None:
    """Update the message; an ephemeral one cannot be. Raises NotNow or Refused."""
    message, container = payload.get("message"), payload["container"]
    if message is None or container.get("is_ephemeral"):
        return
    shown = with_choice(message.get("blocks") or [], payload["actions"][0], payload["user"]["id"])
    await api.call(
        installation,
        lambda client: client.chat_update(
            channel=container["channel_id"],
            ts=container["message_ts"],
            text=message.get("text") or "",
            blocks=shown,
            parse="none",
        ),
    )


def with_choice(shown: list[dict[str, Any]], action: Mapping[str, Any], user: str) -> list[dict[str, Any]]:
    """Return the blocks with the pressed button's group replaced by who chose what."""
    chosen = render.context(f"✓ <@{user}>: {escaped(action['text']['text'])}")
    return [chosen if _holds_choices(block) else block for block in shown]


def _holds_choices(block: Mapping[str, Any]) -> bool:
    return block["type"] == "actions" and any(
        element.get("action_id", "").startswith(render.CHOICE) for element in block["elements"]
    )
