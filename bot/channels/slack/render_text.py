"""Our notation as Slack's mrkdwn, in which nothing that anybody wrote can ping a channel or become another's markup."""

from bot.triage.text.markup import Link, words_of
from bot.triage.text.parse_markup import FENCE, parse_markup
from bot.triage.text.print_lines import LineStyle, print_lines


def to_mrkdwn(text: str) -> str:
    """Return a text of our notation with Slack's marks (https://docs.slack.dev/messaging/formatting-message-text)."""
    return print_lines(parse_markup(text), _MRKDWN)


def escaped(text: str) -> str:
    """Return the three characters by which Slack begins a mention, a link or an entity."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def link(target: str, label: str) -> str:
    """Return a link with its words; neither can end it early."""
    return f"<{_target(target)}|{escaped(label)}>"


def _target(target: str) -> str:
    return escaped(target).replace("|", "%7C")


def _link(found: Link) -> str:
    """Return a bare address without words beside it; of a mailbox it needs no link to be pressed."""
    if not found.shows_its_target:
        return link(found.target, words_of(found.parts))
    return f"<{_target(found.target)}>" if found.target == found.address else escaped(found.address)


_MRKDWN = LineStyle("*", "_", "~", "`", FENCE, "• ", _link, escaped, ">")
