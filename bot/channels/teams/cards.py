"""Adaptive Cards: the quick replies of a message and the manual's pages that it names.

The words of a message always go as its text; a card holds only what text cannot. So a client that shows no cards
loses nothing but the buttons, and those are listed in the card's ``fallbackText``.
"""

from collections.abc import Sequence
from typing import Any

from bot.channels.teams.activities import CHOICE_KEY

CONTENT_TYPE = "application/vnd.microsoft.card.adaptive"
# Teams shows six buttons of one set and hides the rest behind three dots.
BUTTONS_IN_A_SET = 6
TITLE_LIMIT, EXCERPT_LIMIT = 200, 600

Json = dict[str, Any]


def card(choices: Sequence[Json], pages: Sequence[Json], fallback: str) -> Json | None:
    """The attachment for these choices ``{id, title}`` and pages ``{title, url, excerpt}``; None without either.

    ``fallback`` is what a client shows that cannot show the card.
    """
    buttons = [_submit(choice["title"], {CHOICE_KEY: choice["id"]}) for choice in choices]
    if not buttons and not pages:
        return None
    sets = [buttons[start : start + BUTTONS_IN_A_SET] for start in range(0, len(buttons), BUTTONS_IN_A_SET)]
    body = [_page(page) for page in pages] + [{"type": "ActionSet", "actions": actions} for actions in sets]
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": fallback,
        "body": body,
        "msteams": {"width": "full"},
    }
    return {"contentType": CONTENT_TYPE, "content": content}


def fallback(choices: Sequence[Json], pages: Sequence[Json]) -> str:
    """Pages and buttons as words, for a client or a notification that cannot show the card."""
    lines = [f"{page['title']}: {page['url']}" for page in pages]
    lines += [f"- {choice['title']}" for choice in choices]
    return "\n".join(lines)


def _submit(title: str, value: Json) -> Json:
    """A button. Teams writes its title into the chat as the customer's own message and sends us ``value``."""
    shown = title[:TITLE_LIMIT]
    return {
        "type": "Action.Submit",
        "title": shown,
        "data": {**value, "msteams": {"type": "messageBack", "displayText": shown, "text": shown, "value": value}},
    }


def _page(page: Json) -> Json:
    """Runs of text, not Markdown: whatever stands in a manual or a title is shown as it is."""
    opens = {"type": "Action.OpenUrl", "url": page["url"]}
    title = {"type": "TextRun", "text": page["title"][:TITLE_LIMIT], "weight": "bolder", "selectAction": opens}
    items: list[Json] = [{"type": "RichTextBlock", "inlines": [title]}]
    if excerpt := page.get("excerpt"):
        items.append({"type": "RichTextBlock", "inlines": [{"type": "TextRun", "text": excerpt[:EXCERPT_LIMIT]}]})
    return {"type": "Container", "style": "emphasis", "selectAction": opens, "items": items}
