"""The fields of a form as inputs of Slack's modals, and what was put into them."""

from collections.abc import Mapping
from typing import Any

from bot.channels.slack.render import Block
from bot.services.core.form_fields import ONE, SEVERAL, TEXT, Field

# https://docs.slack.dev/reference/block-kit: characters.
TITLE, LABEL, HINT, INPUT, OPTION = 24, 2000, 2000, 3000, 75
Json = Mapping[str, Any]


def input_block(field: Field) -> Block:
    """Return the input for a field; its ``block_id`` is the field's name."""
    block = {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label[:LABEL]),
        "optional": field.optional,
        "element": {"action_id": field.name, **_element(field)},
    }
    return {**block, "hint": plain(field.help[:HINT])} if field.help else block


def _element(field: Field) -> dict[str, Any]:
    options = [{"text": plain(title[:OPTION]), "value": value} for value, title in field.options]
    chosen = [one for one in options if one["value"] == field.value]
    if field.kind == ONE:
        return {"type": "static_select", "options": options}
    if field.kind == SEVERAL:
        return {"type": "checkboxes", "options": options, **({"initial_options": chosen} if chosen else {})}
    most = min(field.most, INPUT)
    begun = {"initial_value": field.value[:most]} if field.value else {}
    return {"type": "plain_text_input", "multiline": field.kind == TEXT, "max_length": most, **begun}


def values_of(view: Json) -> dict[str, str | list[str]]:
    """Return what was put into the fields of a modal, by their names."""
    return {name: _value(next(iter(fields.values()))) for name, fields in view["state"]["values"].items()}


def _value(field: Json) -> str | list[str]:
    if "selected_options" in field:
        return [str(one["value"]) for one in field["selected_options"] or ()]
    if "selected_option" in field:
        return str((field["selected_option"] or {}).get("value") or "")
    return str(field.get("value") or "")


def form_errors(errors: Mapping[str, str]) -> dict[str, Any]:
    """Return the answer that keeps a form open, with sentences at its fields
    (https://docs.slack.dev/surfaces/modals/#displaying_errors).
    """
    return {"response_action": "errors", "errors": dict(errors)}


def plain(text: str) -> dict[str, str]:
    """Return text without marks."""
    return {"type": "plain_text", "text": text}
