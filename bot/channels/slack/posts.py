"""A bundle of messages as what is posted in Slack: one post, or several where Slack's limits ask for it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.channels.slack import render
from bot.channels.slack.render_text import escaped
from bot.services.channel.outgoing import Outgoing

# https://docs.slack.dev/reference/block-kit/blocks: 50 blocks. How long all of them may be together is not published;
# some 11,300 characters were refused (https://github.com/slackapi/bolt-js/issues/2867).
MOST_BLOCKS, MOST_CHARACTERS = 50, 9_000


@dataclass
class Post:
    """One post: ``blocks`` as Slack shows them, ``words`` in our notation for those who are read them."""

    blocks: list[render.Block] = field(default_factory=list)
    words: list[str] = field(default_factory=list)

    def has_room_for(self, blocks: Sequence[render.Block]) -> bool:
        return (
            len(self.blocks) + len(blocks) <= MOST_BLOCKS and _length(self.blocks) + _length(blocks) <= MOST_CHARACTERS
        )

    def add(self, blocks: Iterable[render.Block], words: str = "") -> None:
        self.blocks += blocks
        self.words += [words] if words else []

    @property
    def text(self) -> str:
        """Return what notifications and screen readers say."""
        return render.fallback("\n\n".join(self.words))


def posts(outgoing: Outgoing, new_issue: str, form: str, rate: str) -> list[Post]:
    """Return the posts in order; the quick replies of the last question stand under the last one.

    ``new_issue`` is the title of the button that begins a new conversation, ``form`` of the one for all questions;
    ``rate`` asks how well the issue was handled.
    """
    made: list[Post] = []
    for message in outgoing.messages:
        pieces = render.pieces(message["text"]) if message["text"] else [""] if message["cards"] else []
        for place, piece in enumerate(pieces):
            blocks = render.words(piece)
            if not made or place > 0 or not made[-1].has_room_for(blocks):
                made.append(Post())
            made[-1].add(blocks, piece)
        for card in message["cards"]:
            _add(made, [render.card(card, outgoing.reference.get("base", ""))])
    _add(made, _under(outgoing, new_issue, form, rate) if made or not outgoing.attachments else [])
    return made


def _add(made: list[Post], blocks: list[render.Block]) -> None:
    """Add blocks to the last post, or to one of their own where it has no room."""
    if blocks and not (made and made[-1].has_room_for(blocks)):
        made.append(Post())
    if blocks:
        made[-1].add(blocks)


def _under(outgoing: Outgoing, new_issue: str, form: str, rate: str) -> list[render.Block]:
    """Return what stands under everything: quick replies, form, Tech Reference, new issue, rating."""
    shown = render.choices(outgoing)
    if outgoing.form:
        shown += render.questions(outgoing, form)
    if outgoing.tech_reference and outgoing.tech_reference not in outgoing.text:
        shown.append(render.context(escaped(outgoing.tech_reference)))
    if outgoing.tech_reference and not outgoing.shared and not outgoing.choices and not outgoing.form:
        shown += render.new_issue(outgoing, new_issue)
    if outgoing.rates:
        shown += render.rating(outgoing, rate)
    return shown


def _length(blocks: Iterable[Any]) -> int:
    """Return the characters of all texts in the blocks."""
    total = 0
    for block in blocks:
        texts = [block["text"]] if isinstance(block.get("text"), dict) else []
        for one in (*texts, *block.get("fields", ()), *block.get("elements", ())):
            text = one["text"]
            total += len(text["text"] if isinstance(text, dict) else text)
    return total
