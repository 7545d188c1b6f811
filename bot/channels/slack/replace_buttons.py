"""Once a question is answered its message shows what was chosen, or nothing, instead of the buttons."""

from collections.abc import Mapping
from typing import Any

from bot.channels.slack import render
from bot.channels.slack.render_text import escaped
from bot.services.channel.answered import Answered

DONE = "✓"


def without_choices(blocks: list[render.Block], answered: Answered) -> list[render.Block]:
    """Return the blocks with the quick replies replaced by who chose what; without them when the answer was written."""
    kept = [block for block in blocks if not _holds_choices(block)]
    if answered.title is not None:
        who = f"<@{answered.user_id}>: " if answered.user_id else ""
        kept.insert(_place_of_choices(blocks), render.context(f"{DONE} {who}{escaped(answered.title)}"))
    return kept or [render.context(DONE)]


def _place_of_choices(blocks: list[render.Block]) -> int:
    return next((place for place, block in enumerate(blocks) if _holds_choices(block)), len(blocks))


def _holds_choices(block: Mapping[str, Any]) -> bool:
    return block["type"] == "actions" and any(
        element.get("action_id", "").partition(":")[0] in (render.CHOICE, render.QUESTIONS)
        for element in block["elements"]
    )
