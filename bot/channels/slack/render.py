"""A message of ours as Slack's blocks, each under its published limit."""

from collections.abc import Sequence
from typing import Any

from bot.channels.slack.render_text import escaped, link, to_mrkdwn
from bot.channels.split_text import split_text
from bot.services.channel.outgoing import Outgoing
from bot.services.conversation.rate_issue import HIGHEST, LOWEST

# https://docs.slack.dev/reference/block-kit: characters, and elements of a block.
SECTION, FIELD, BUTTON, FALLBACK = 3000, 2000, 75, 3900
FIELDS, BUTTONS = 10, 25
BULLET = "• "
SCORES = range(LOWEST, HIGHEST + 1)
CHOICE, NEW_ISSUE, PRIVATELY, QUESTIONS, RATE = "choice", "new_issue", "privately", "questions", "rate"
Block = dict[str, Any]


def section(text: str) -> Block:
    """``text`` is mrkdwn already. Verbatim: Slack must not look for names and addresses in it by itself."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


def context(text: str) -> Block:
    return {"type": "context", "elements": [{"type": "mrkdwn", "text": text, "verbatim": True}]}


def button(title: str, action_id: str, value: str) -> Block:
    """Return a button shows at most 75 characters; its value names the choice, never a payload."""
    shown = title if len(title) <= BUTTON else title[: BUTTON - 1].rstrip() + "…"
    return {"type": "button", "text": {"type": "plain_text", "text": shown}, "action_id": action_id, "value": value}


def actions(buttons: Sequence[Block]) -> list[Block]:
    groups = [buttons[start : start + BUTTONS] for start in range(0, len(buttons), BUTTONS)]
    return [{"type": "actions", "elements": list(group)} for group in groups]


def pieces(text: str) -> list[str]:
    """Return the text in our notation, in pieces of which each fits one section once it is converted."""
    return split_text(text, SECTION, lambda piece: len(to_mrkdwn(piece)))


def words(piece: str) -> list[Block]:
    """Return a piece as sections; the lines of a summary become fields."""
    lines = piece.split("\n")
    bullets = [place for place, line in enumerate(lines) if line.startswith(BULLET) and ": " in line]
    if len(bullets) < 2 or bullets != list(range(bullets[0], bullets[-1] + 1)):
        return [section(to_mrkdwn(piece))] if piece else []
    before, after = "\n".join(lines[: bullets[0]]), "\n".join(lines[bullets[-1] + 1 :])
    fields = [_field(lines[place]) for place in bullets]
    rows = [fields[start : start + FIELDS] for start in range(0, len(fields), FIELDS)]
    return [
        *([section(to_mrkdwn(before))] if before.strip() else []),
        *({"type": "section", "fields": row} for row in rows),
        *([section(to_mrkdwn(after))] if after.strip() else []),
    ]


def _field(line: str) -> Block:
    label, _, value = line.removeprefix(BULLET).partition(": ")
    text = f"*{escaped(label)}*\n{to_mrkdwn(value)}"
    return {"type": "mrkdwn", "text": text if len(text) <= FIELD else text[: FIELD - 1] + "…", "verbatim": True}


def card(one: dict[str, Any], base: str) -> Block:
    """Return a page of the manual: its title as a link, and what it says there."""
    url = one["url"] if one["url"].startswith("http") else f"{base}{one['url']}"
    excerpt = escaped(one.get("excerpt") or "")
    title = link(url, one["title"])
    return section(f"*{title}*\n{excerpt}"[: SECTION - 1].rstrip())


def choices(outgoing: Outgoing) -> list[Block]:
    """Quick replies. The value is opaque: which conversation, and which choice of it."""
    offered = outgoing.choices
    return actions(
        [
            button(choice["title"], f"{CHOICE}:{place}", f"{outgoing.conversation_id}:{choice['id']}")
            for place, choice in enumerate(offered)
        ]
    )


def questions(outgoing: Outgoing, title: str) -> list[Block]:
    """Return the button that opens the form of the open questions."""
    return actions([button(title, QUESTIONS, f"{outgoing.conversation_id}:")])


def rating(outgoing: Outgoing, question: str) -> list[Block]:
    """Return the question how well an issue was handled, with a button for each score."""
    scores = [button("★" * score, f"{RATE}:{score}", f"{outgoing.conversation_id}:{score}") for score in SCORES]
    return [context(escaped(question)), *actions(scores)]


def new_issue(outgoing: Outgoing, title: str) -> list[Block]:
    return actions([button(title, NEW_ISSUE, f"{outgoing.conversation_id}:")])


def fallback(text: str) -> str:
    """Return what notifications and screen readers say; at most 4,000 characters are recommended."""
    return to_mrkdwn(text[: FALLBACK // 2])[:FALLBACK]
