"""A passage of the manual for the technician to put into a reply."""

from typing import Any

from bot.services.core.context import Context
from bot.services.core.errors import Invalid

MOST = 5
QUERY_LIMIT = 300


async def passages(ctx: Context, query: str, address: str) -> list[dict[str, Any]]:
    """Return the best passages, each with the text to insert: what it says, and where it stands.

    ``address`` is how customers reach the manual when no public address is set. Raises Invalid.
    """
    words = query.strip()
    if not words or len(words) > QUERY_LIMIT:
        raise Invalid(f"Search with 1 to {QUERY_LIMIT} characters.")
    found = await ctx.manual.find(words, MOST)
    base = (ctx.settings.public_url or address).rstrip("/")
    return [
        {
            "title": passage.page_title,
            "heading": passage.heading,
            "excerpt": passage.excerpt,
            "url": passage.url,
            "insert": f"{passage.excerpt}\n{passage.page_title}: {base}{passage.url}",
        }
        for passage in (found.passages if found else [])
    ]
