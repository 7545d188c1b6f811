"""Cards, posts and forms of a staff channel as Slack's blocks and modals."""

import json
from typing import Any

from bot.channels.slack import render
from bot.channels.slack.form_inputs import TITLE, input_block, plain
from bot.channels.slack.render import Block
from bot.channels.slack.render_text import escaped, link
from bot.services.staff_channel import wording
from bot.services.staff_channel.act_forms import Form
from bot.services.staff_channel.card import BUTTONS, CLAIM, Card
from bot.services.staff_channel.news import Post

# Before the colon of an action's name, and the callback of every form.
PRESS, FORM = "staff", "staff_form"
SEND_NOTE, DESK = "send_note", "desk"
SECTION, FIELDS = 2900, 10


def card_blocks(card: Card) -> list[Block]:
    """Return a card: title and state, the problem, the lines, the manual's pages, and what can be done."""
    head = f"*{escaped(card.reference)}*  {escaped(card.title)}".rstrip()
    blocks = [render.section(head), render.context(escaped(card.state))]
    if card.problem:
        blocks.append(render.section(escaped(card.problem)[:SECTION]))
    fields = [{"type": "mrkdwn", "text": _line(*line), "verbatim": True} for line in card.lines]
    blocks += [{"type": "section", "fields": fields[at : at + FIELDS]} for at in range(0, len(fields), FIELDS)]
    if card.pages:
        pages = " · ".join(link(address, title or address) for title, address in card.pages)
        blocks.append(render.context(f"Manual shown: {pages}"[:SECTION]))
    return [*blocks, *render.actions(_buttons(card))]


def _line(label: str, value: str) -> str:
    return f"*{escaped(label)}*\n{escaped(value)}"[:1990]


def _buttons(card: Card) -> list[Block]:
    buttons = [render.button(BUTTONS[act], f"{PRESS}:{act}", str(card.hand_off_id)) for act in card.actions]
    for one in buttons:
        if one["action_id"] == f"{PRESS}:{CLAIM}":
            one["style"] = "primary"
    if card.desk:
        opens = render.button(wording.OPEN_AT_DESK, f"{PRESS}:{DESK}", str(card.hand_off_id))
        buttons.append({**opens, "url": card.desk})
    return buttons


def card_text(card: Card) -> str:
    """Return what notifications say of a card."""
    return escaped(f"{card.reference}: {card.state}")


def post_blocks(post: Post, mention: str | None) -> list[Block]:
    """Return a post; ``mention`` is the user it pings."""
    by = " ".join(filter(None, (f"<@{mention}>" if mention else "", f"*{escaped(post.by)}*" if post.by else "")))
    blocks = [render.context(by)] if by else []
    blocks.append(render.section(escaped(post.words)[:SECTION]))
    if post.note is None:
        return blocks
    sends = render.button(post.send, f"{PRESS}:{SEND_NOTE}", str(post.note))
    sure = {
        "title": plain(post.send[:100]),
        "text": plain(wording.SURE),
        "confirm": plain("Send"),
        "deny": plain("Keep it inside"),
    }
    return [*blocks, *render.actions([{**sends, "confirm": sure}])]


def without_button(blocks: list[Block]) -> list[Block]:
    """Return the blocks of an answer whose note was sent."""
    return [block for block in blocks if block["type"] != "actions"]


def modal(form: Form) -> dict[str, Any]:
    """Return the form as a modal (https://docs.slack.dev/reference/views/modal-views)."""
    kept = {"act": form.act, "hand_off": form.hand_off_id, "state": form.state}
    return {
        "type": "modal",
        "callback_id": FORM,
        "private_metadata": json.dumps(kept),
        "title": plain(form.title[:TITLE]),
        "submit": plain(form.send[:TITLE]),
        "close": plain("Cancel"),
        "blocks": [input_block(field) for field in form.fields],
    }
