"""Slack's mrkdwn as our own notation: plain text with Markdown for emphasis and links."""

import re

from bot.channels.emoji_names import from_names

_TOKEN = re.compile(r"<([^<>\n]+)>")
_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_BOLD = re.compile(r"(?<![\w*])\*(?=[^\s*])([^*\n]*[^\s*])\*(?![\w*])")
_STRIKE = re.compile(r"(?<![\w~])~(?=[^\s~])([^~\n]*[^\s~])~(?![\w~])")
_SCHEME = re.compile(r"^(?:https?://|mailto:|tel:)", re.IGNORECASE)


def from_mrkdwn(text: str, bot_user: str | None = None) -> str:
    """Return what somebody wrote in Slack; a mention of ``bot_user`` is how we were called and is left out."""
    parts = _CODE.split(text)
    for place in range(0, len(parts), 2):
        parts[place] = from_names(_STRIKE.sub(r"~~\1~~", _BOLD.sub(r"**\1**", parts[place])))
    unwrapped = _TOKEN.sub(lambda found: _unwrapped(found[1], bot_user), "".join(parts))
    return _unescaped(unwrapped).strip()


def _unwrapped(token: str, bot_user: str | None) -> str:
    target, bar, label = token.partition("|")
    if target.startswith("@"):
        return "" if target[1:] == bot_user else f"@{label or target[1:]}"
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith("!"):
        return _special(target, label)
    return _link(target, label if bar else "")


def _special(target: str, label: str) -> str:
    """``<!here>``, a group of users, a date with the words to show instead."""
    if label:
        return label
    name = target[1:].split("^")[0]
    return f"@{name}"


def _link(target: str, label: str) -> str:
    plain = _SCHEME.sub("", target)
    if not label:
        return target if target.lower().startswith("http") else plain
    if label in (target, plain, plain.rstrip("/")):
        return label
    return label if target.lower().startswith("tel:") else f"[{label}]({target})"


def _unescaped(text: str) -> str:
    """Slack escapes these three and no others; ``&amp;`` last, so that ``&amp;lt;`` stays what it was."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
