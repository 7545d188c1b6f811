"""Our messages as activities of Teams, each under its limit."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from bot.channels.render_html import to_html
from bot.channels.split_text import split_text
from bot.channels.teams import render_cards
from bot.triage.text.print_lines import plain

# Teams takes about 28 KB for a whole activity; texts are counted in UTF-16, and leave room for names and JSON.
TEXT_BYTES, ACTIVITY_BYTES = 20_000, 26_000
# Left of a card without words whose question was answered in writing.
DONE = "✓"

Json = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One activity: ``text`` in our own notation under the lines ``head`` (HTML), and a card.

    ``note``: it goes to the thread, beside a message that went to one person alone.
    """

    text: str = ""
    head: str = ""
    card: Json | None = None
    summary: str = ""
    note: bool = False

    def activity(self) -> Json:
        activity: Json = {"type": "message", "textFormat": "xml", "text": self.head + to_html(self.text)}
        if self.card is not None:
            activity |= {"attachments": [self.card], "summary": self.summary}
        return activity

    def answered(self, words: str | None) -> "Part":
        """Return the part with ``words`` instead of its quick replies."""
        card = render_cards.without_choices(self.card, words) if self.card is not None else None
        return replace(self, card=card) if self.text or card is not None else replace(self, card=None, text=DONE)

    def in_halves(self) -> list["Part"]:
        """For when Teams finds it too big all the same: the text in smaller pieces, the card after them."""
        texts = split_text(self.text, max(size(self.text) // 2, 200), size)
        pieces = [replace(self, text=text, card=None) for text in texts]
        return [*pieces, Part(card=self.card, summary=self.summary)] if self.card else pieces


def size(text: str) -> int:
    """Bytes of a text as HTML in UTF-16."""
    return 2 * len(to_html(text))


def in_parts(text: str, head: str, card: Json | None) -> Sequence[Part]:
    """Return the text in as many activities as it needs; the card with the last, or after it."""
    parts = [Part(piece, head) for piece in split_text(text, TEXT_BYTES, size)]
    if card is None:
        return parts
    last = replace(parts[-1], card=card, summary=plain(text)[:200])
    if _bytes(last.activity()) <= ACTIVITY_BYTES:
        return [*parts[:-1], last]
    return [*parts, Part(card=card, summary=plain(text)[:200])]


def _bytes(activity: Json) -> int:
    return len(json.dumps(activity, ensure_ascii=False).encode("utf-8", "replace"))
