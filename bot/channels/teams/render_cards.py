"""Adaptive Cards: the quick replies of a message, the manual's pages that it names, the lines of a summary.

Sentences always go as the message's text; a card holds only what text cannot show as well. ``fallbackText`` has all of
it in words, for clients and notifications that show no cards.
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.teams.parse import ACTION_KEY, CHOICE_KEY, NEW_ISSUE

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
# Teams shows six buttons of one set and hides the rest behind three dots.
BUTTONS_IN_A_SET = 6
TITLE_LIMIT, EXCERPT_LIMIT = 200, 600
CHOICE_MARK = "- "
# What the buttons of forms and ratings carry.
QUESTIONS, SCORE, CONVERSATION = "techref_questions", "techref_score", "techref_conversation"

Json = dict[str, Any]
Lines = Sequence[tuple[str, str]]


def card(
    *,
    choices: Sequence[Json] = (),
    pages: Sequence[Json] = (),
    lines: Lines = (),
    new_issue: str | None = None,
    form: Json | None = None,
    more: Sequence[Json] = (),
) -> Json | None:
    """Return the attachment for choices ``{id, title}``, pages ``{title, url, excerpt}`` and lines (label, value).

    None when there is nothing to show. ``new_issue`` is the title of a button that begins a new conversation, ``form``
    a button that goes with the choices; ``more`` stands under everything.
    """
    buttons = [_submit(choice["title"], {CHOICE_KEY: choice["id"]}) for choice in choices]
    buttons += [form] if form is not None else []
    if new_issue is not None:
        buttons.append(_submit(new_issue, {ACTION_KEY: NEW_ISSUE}))
    sets = [buttons[start : start + BUTTONS_IN_A_SET] for start in range(0, len(buttons), BUTTONS_IN_A_SET)]
    body = [_line(*line) for line in lines]
    body += [_page(page) for page in pages] + [{"type": "ActionSet", "actions": actions} for actions in sets]
    body += more
    if not body:
        return None
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": _in_words(choices, pages, lines),
        "body": body,
        "msteams": {"width": "full"},
    }
    return {"contentType": CONTENT_TYPE, "content": content}


def without_choices(attachment: Json, words: str | None) -> Json | None:
    """Return the card with ``words`` in the place of its quick replies; None when nothing is left to show."""
    content = attachment["content"]
    body = [element for element in content["body"] if not _holds_choices(element)]
    told = [line for line in content["fallbackText"].split("\n") if not line.startswith(CHOICE_MARK)]
    if words is not None:
        body.append(runs({"text": words}))
        told.append(words)
    if not body:
        return None
    return {**attachment, "content": {**content, "body": body, "fallbackText": "\n".join(filter(None, told))}}


def _holds_choices(element: Json) -> bool:
    carried = [action.get("data", {}) for action in element.get("actions", ())]
    return any(CHOICE_KEY in data or QUESTIONS in data for data in carried)


def _in_words(choices: Sequence[Json], pages: Sequence[Json], lines: Lines) -> str:
    told = [f"{label}: {value}" for label, value in lines]
    told += [f"{page['title']}: {page['url']}" for page in pages]
    return "\n".join([*told, *(f"{CHOICE_MARK}{choice['title']}" for choice in choices)])


def _submit(title: str, value: Json) -> Json:
    """Return a button. Teams writes its title into the chat as the customer's own message and sends us ``value``."""
    shown = title[:TITLE_LIMIT]
    return {
        "type": "Action.Submit",
        "title": shown,
        "data": {**value, "msteams": {"type": "messageBack", "displayText": shown, "text": shown, "value": value}},
    }


def _line(label: str, value: str) -> Json:
    return runs({"text": f"{label}: ", "weight": "bolder"}, {"text": value})


def _page(page: Json) -> Json:
    opens = {"type": "Action.OpenUrl", "url": page["url"]}
    items = [runs({"text": page["title"][:TITLE_LIMIT], "weight": "bolder", "selectAction": opens})]
    if excerpt := page.get("excerpt"):
        items.append(runs({"text": excerpt[:EXCERPT_LIMIT]}))
    return {"type": "Container", "style": "emphasis", "selectAction": opens, "items": items}


def runs(*runs: Json) -> Json:
    """Runs of text, not Markdown: what customers wrote or a page is called is shown as it is."""
    return {"type": "RichTextBlock", "inlines": [{"type": "TextRun", **run} for run in runs]}
