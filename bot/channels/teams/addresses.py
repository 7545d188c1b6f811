"""Addresses that a customer in Teams can open."""

from typing import Any
from urllib.parse import quote

from bot.services.core.context import Context

PREFIX = "/channels/teams"
FILES = f"{PREFIX}/files"


def own_address(ctx: Context, reference: dict[str, Any]) -> str:
    """Return where customers reach the gateway: as set, else as Microsoft reached it. Ends without a slash."""
    return ctx.settings.public_url or str(reference.get("base_url") or "")


def chat_with_us(bot: str) -> str:
    """Opens the personal chat with the bot ``28:…`` in Teams."""
    return f"https://teams.microsoft.com/l/chat/0/0?users={quote(bot, safe='')}"
