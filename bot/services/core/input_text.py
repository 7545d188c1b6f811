"""Text that somebody typed, checked for its length and freed of control characters."""

import unicodedata

from bot.services.core.errors import Invalid

TEXT_LIMIT = 10_000


KEPT_CONTROLS = "\n\t"


def checked_text(text: object, has_files: bool = False) -> str:
    """What somebody wrote, cleaned; empty only when files speak for it. Raises Invalid."""
    if text is None and has_files:
        return ""
    if not isinstance(text, str):
        raise Invalid("text must be text; nothing was stored.")
    cleaned = clean(text).strip()
    if not cleaned and not has_files:
        raise Invalid("text is empty; write something first. Nothing was stored.")
    if len(cleaned) > TEXT_LIMIT:
        raise Invalid(
            f"text has {len(cleaned):,} characters; {TEXT_LIMIT:,} is the most. Nothing was stored: "
            "shorten it, or attach it as a file."
        )
    return cleaned


def clean(text: str) -> str:
    """Drop what no database or terminal should hold: lone surrogates and control characters."""
    return "".join(
        "\N{REPLACEMENT CHARACTER}" if unicodedata.category(char) == "Cs" else char
        for char in text.replace("\r\n", "\n").replace("\r", "\n")
        if char in KEPT_CONTROLS or unicodedata.category(char) != "Cc"
    )
