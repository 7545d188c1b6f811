"""Cards, posts and forms of a staff channel as Adaptive Cards and dialogs of Teams."""

import html
import secrets
from collections.abc import Mapping
from typing import Any

from bot.channels.teams.form_inputs import attachment, input_of
from bot.channels.teams.render_cards import BUTTONS_IN_A_SET, runs
from bot.services.staff_channel import wording
from bot.services.staff_channel.act_forms import Form
from bot.services.staff_channel.card import BUTTONS, CLAIM, Card
from bot.services.staff_channel.news import Post

# What our buttons and forms carry, beside what was typed.
ACT, ABOUT, STATE, ONCE = "techref_staff", "techref_about", "techref_state", "techref_once"
SEND_NOTE = "send_note"
Json = dict[str, Any]


def card_activity(card: Card) -> Json:
    """Return the message that shows a card."""
    body = [runs({"text": f"{card.reference}  ", "weight": "bolder"}, {"text": card.title or " "})]
    body.append(runs({"text": card.state, "isSubtle": True}))
    if card.problem:
        body.append(runs({"text": card.problem}))
    body += [runs({"text": f"{label}: ", "weight": "bolder"}, {"text": value}) for label, value in card.lines]
    for title, address in card.pages:
        opens = {"type": "Action.OpenUrl", "url": address}
        body.append(runs({"text": f"Manual shown: {title or address}", "selectAction": opens}))
    buttons = [(_execute if act == CLAIM else _opens)(act, card.hand_off_id) for act in card.actions]
    if card.desk:
        buttons.append({"type": "Action.OpenUrl", "title": wording.OPEN_AT_DESK, "url": card.desk})
    sets = [buttons[at : at + BUTTONS_IN_A_SET] for at in range(0, len(buttons), BUTTONS_IN_A_SET)]
    body += [{"type": "ActionSet", "actions": actions} for actions in sets]
    summary = f"{card.reference}: {card.state}"
    return {"type": "message", "attachments": [attachment(body, summary)], "summary": summary}


def _execute(act: str, about: int, title: str | None = None) -> Json:
    """Return a button whose answer only who pressed it is shown
    (https://learn.microsoft.com/microsoftteams/platform/task-modules-and-cards/cards/universal-actions-for-adaptive-cards/overview).
    """
    return {"type": "Action.Execute", "title": title or BUTTONS[act], "verb": act, "data": {ACT: act, ABOUT: about}}


def _opens(act: str, about: int) -> Json:
    """Return a button that opens a form in a dialog."""
    data = {"msteams": {"type": "task/fetch"}, ACT: act, ABOUT: about}
    return {"type": "Action.Submit", "title": BUTTONS[act], "data": data}


def post_activity(post: Post, mention: str | None) -> Json:
    """Return a post; ``mention`` is the id of the user it pings."""
    name = post.technician[2] if post.technician else ""
    at = f"<at>{html.escape(name, quote=False)}</at>"
    lines = [at] if mention else []
    lines += [f"<b>{html.escape(post.by, quote=False)}</b>"] if post.by else []
    lines += [html.escape(line, quote=False) for line in post.words.split("\n")]
    activity: Json = {"type": "message", "textFormat": "xml", "text": "<br>".join(lines)}
    if mention:
        entity = {"type": "mention", "text": at, "mentioned": {"id": mention, "name": name}}
        activity["entities"] = [entity]
    if post.note is not None:
        body = [{"type": "ActionSet", "actions": [_execute(SEND_NOTE, post.note, post.send)]}]
        activity["attachments"] = [attachment(body, post.words)]
    return activity


def dialog(form: Form, problem: str = "", typed: Mapping[str, str] | None = None, once: str = "") -> Json:
    """Return the form as a dialog's next step; ``problem`` says why what was ``typed`` could not be sent.

    Each form has a name of its own (``once``), so that one that is sent twice does its work once.
    """
    body: list[Json] = [runs({"text": problem, "color": "attention"})] if problem else []
    body += [input_of(field, (typed or {}).get(field.name, field.value)) for field in form.fields]
    kept = {ACT: form.act, ABOUT: form.hand_off_id, STATE: form.state, ONCE: once or secrets.token_hex(12)}
    send = {"type": "Action.Submit", "title": form.send, "data": kept}
    body.append({"type": "ActionSet", "actions": [send]})
    shown = {"title": form.title, "height": "medium", "width": "medium", "card": attachment(body, form.title)}
    return {"task": {"type": "continue", "value": shown}}


def dialog_message(words: str) -> Json:
    """Return the last step of a dialog: a sentence."""
    return {"task": {"type": "message", "value": words}}


def toast(words: str) -> Json:
    """Return the answer to a button that only who pressed it is shown."""
    return {"statusCode": 200, "type": "application/vnd.microsoft.activity.message", "value": words}
