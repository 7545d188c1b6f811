"""The chat widget: the demo page, the script of the embed tag, the chat in its frame."""

from bot.widget.blueprint import widget_blueprint

__all__ = ["widget_blueprint"]
