"""The fields of a form as inputs of an Adaptive Card."""

from typing import Any

from bot.channels.teams.render_cards import CONTENT_TYPE
from bot.services.core.form_fields import LINE, ONE, SEVERAL, TEXT, Field

LONGEST = 4000
Json = dict[str, Any]


def input_of(field: Field, value: str) -> Json:
    """Return the input for a field, with what is in it."""
    common: Json = {"id": field.name, "label": field.label, "isRequired": not field.optional}
    if not field.optional:
        common["errorMessage"] = "Please fill this in."
    if field.kind in (TEXT, LINE):
        most = min(field.most, LONGEST)
        text: Json = {"type": "Input.Text", "isMultiline": field.kind == TEXT, "maxLength": most, **common}
        return {**text, "value": value} if value else text
    choices = [{"title": title, "value": name} for name, title in field.options]
    several = field.kind == SEVERAL
    chosen = {"type": "Input.ChoiceSet", "choices": choices, "isMultiSelect": several, **common}
    return {**chosen, "style": "compact" if field.kind == ONE else "expanded", **({"value": value} if value else {})}


def attachment(body: list[Json], fallback: str) -> Json:
    """Return the card with these elements; ``fallback`` is for clients that show none."""
    content = {
        "$schema": "http://adaptivecards.io/schemas/adaptive-card.json",
        "type": "AdaptiveCard",
        "version": "1.5",
        "fallbackText": fallback,
        "body": body,
        "msteams": {"width": "full"},
    }
    return {"contentType": CONTENT_TYPE, "content": content}
