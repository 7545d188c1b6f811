"""Emoji as people wrote them in a chat: one character each, without its skin tone."""

import re

# Slack writes emoji by name (https://docs.slack.dev/messaging/formatting-message-text/#emoji), tones after them.
_NAME = re.compile(r":[a-z0-9_+'-]{1,60}:")
_TONE_NAME = re.compile(r":skin-tone-[2-6]:")
# https://www.unicode.org/reports/tr51/#Emoji_Modifiers_Table
_TONES = re.compile("[\U0001f3fb-\U0001f3ff]")


def without_tones(text: str) -> str:
    """Return the text with every emoji in its one neutral form, so that it is recognised whoever sent it."""
    return _TONES.sub("", text)


def from_names(text: str) -> str:
    """Return the text with ``:+1:`` and its like as characters; a name that nobody knows stays as it is."""
    if not _NAME.search(text):
        return without_tones(text)
    import emoji

    return without_tones(emoji.emojize(_TONE_NAME.sub("", text), language="alias"))
