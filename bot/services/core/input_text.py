"""Text that somebody typed, checked for its length and freed of what nobody can see."""

from bot.services.core.errors import Invalid
from bot.triage.text.plain_text import visible

TEXT_LIMIT = 10_000
# Invisible characters are left out before it is counted; what is far too long is refused unread.
LONGEST_READ = 4 * TEXT_LIMIT


def checked_text(text: object, has_files: bool = False) -> str:
    """Return what somebody wrote as one sees it; empty only when files speak for it. Raise Invalid."""
    if text is None and has_files:
        return ""
    if not isinstance(text, str):
        raise Invalid("text must be text; nothing was stored.")
    cleaned = visible(text).strip() if len(text) <= LONGEST_READ else text
    if not cleaned and not has_files:
        raise Invalid("text is empty; write something first. Nothing was stored.")
    if len(cleaned) > TEXT_LIMIT:
        raise Invalid(
            f"text has {len(cleaned):,} characters; {TEXT_LIMIT:,} is the most. Nothing was stored: "
            "shorten it, or attach it as a file."
        )
    return cleaned
