"""The chat widget: the demo page, the script of the embed tag, the chat in its frame."""
