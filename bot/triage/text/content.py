"""The tree of a message as JSON: the browsers of customers and technicians build their elements from it."""

from typing import Any

from bot.triage.text.markup import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    Emphasis,
    Inline,
    Inlines,
    Link,
    List,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Text,
    with_targets_shown,
)
from bot.triage.text.parse_markup import parse_markup

Json = dict[str, Any]
_KINDS = {Strong: "strong", Emphasis: "emphasis", Strike: "strike"}


def content_of(text: str, *, by_customer: bool) -> list[Json] | None:
    """Return the blocks of a text in our notation; None when it is lines without any form.

    Of a customer's text every link shows its address: their words must not hide from a technician where it leads.
    """
    blocks = parse_markup(text)
    if all(isinstance(block, Paragraph) and _is_plain(block) for block in blocks):
        return None
    return _blocks(with_targets_shown(blocks) if by_customer else blocks)


def _is_plain(paragraph: Paragraph) -> bool:
    return all(isinstance(one, Text) for line in paragraph.lines for one in line)


def _blocks(blocks: Blocks) -> list[Json]:
    return [_block(block) for block in blocks]


def _block(block: Block) -> Json:
    if isinstance(block, Paragraph):
        return {"kind": "paragraph", "lines": _lines(block.lines)}
    if isinstance(block, CodeBlock):
        return {"kind": "code", "text": block.text}
    return {"kind": "quote", "blocks": _blocks(block.blocks)} if isinstance(block, Quote) else _list(block)


def _list(block: List) -> Json:
    items = [{"lines": _lines(item.lines), "lists": [_list(one) for one in item.lists]} for item in block.items]
    return {"kind": "list", "start": block.start, "items": items}


def _lines(lines: tuple[Inlines, ...]) -> list[list[str | Json]]:
    return [[_inline(one) for one in line] for line in lines]


def _inline(one: Inline) -> str | Json:
    if isinstance(one, Text):
        return one.text
    if isinstance(one, Code):
        return {"kind": "code", "text": one.text}
    parts = [_inline(part) for part in one.parts]
    if isinstance(one, Link):
        return {"kind": "link", "target": one.target, "parts": parts}
    return {"kind": _KINDS[type(one)], "parts": parts}
