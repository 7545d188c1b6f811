"""Print a tree as lines of text: in our own notation, as plain text for mail, or with a channel's own marks."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from bot.triage.text.markup import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    Emphasis,
    Inline,
    Inlines,
    Item,
    Link,
    List,
    Paragraph,
    Quote,
    Strong,
    Text,
    words_of,
)
from bot.triage.text.parse_markup import FENCE, TARGET, parse_markup

# Three spaces and no more: the text below a bullet or a number of one digit begins there.
_NESTED = "   "
_WRITABLE = re.compile(TARGET, re.IGNORECASE)


@dataclass(frozen=True)
class LineStyle:
    """The marks of one kind of lines. ``escape`` is applied to every character that people wrote."""

    strong: str
    emphasis: str
    strike: str
    code: str
    fence: str
    bullet: str
    link: Callable[[Link], str]
    escape: Callable[[str], str] = str
    quote: str = "> "


def print_lines(blocks: Blocks, style: LineStyle) -> str:
    """Return the whole text."""
    return "\n".join(line for block in blocks for line in _block(block, style))


def print_inlines(parts: Inlines, style: LineStyle) -> str:
    """Return what stands in one line."""
    return "".join(_inline(one, style) for one in parts)


def _block(block: Block, style: LineStyle) -> Iterator[str]:
    if isinstance(block, Paragraph):
        yield from (print_inlines(line, style) for line in block.lines)
    elif isinstance(block, CodeBlock):
        yield from filter(None, (style.fence, style.escape(block.text), style.fence))
    elif isinstance(block, Quote):
        for line in print_lines(block.blocks, style).split("\n"):
            yield f"{style.quote}{line}".rstrip(" ")
    else:
        yield from _list(block, style, "")


def _list(block: List, style: LineStyle, indent: str) -> Iterator[str]:
    for place, item in enumerate(block.items):
        mark = style.bullet if block.start is None else f"{block.start + place}. "
        yield from _item(item, style, indent, mark)


def _item(item: Item, style: LineStyle, indent: str, mark: str) -> Iterator[str]:
    first, *others = item.lines
    yield f"{indent}{mark}{print_inlines(first, style)}"
    yield from (f"{indent}{_NESTED}{print_inlines(line, style)}" for line in others)
    for inner in item.lists:
        yield from _list(inner, style, indent + _NESTED)


def _inline(one: Inline, style: LineStyle) -> str:
    if isinstance(one, Text):
        return style.escape(one.text)
    if isinstance(one, Code):
        return f"{style.code}{style.escape(one.text)}{style.code}"
    if isinstance(one, Link):
        return style.link(one)
    mark = style.strong if isinstance(one, Strong) else style.emphasis if isinstance(one, Emphasis) else style.strike
    return f"{mark}{print_inlines(one.parts, style)}{mark}"


def _notation_link(link: Link) -> str:
    if link.shows_its_target:
        return link.address
    label = print_inlines(link.parts, NOTATION).replace("[", "(").replace("]", ")")
    address = link.address
    if not _WRITABLE.fullmatch(address):
        address = re.sub(r"[\s()<>\"]", lambda found: f"%{ord(found[0]):02X}", address)
    return f"[{label}]({address})"


def _plain_link(link: Link) -> str:
    label = words_of(link.parts)
    return link.address if link.shows_its_target else f"{label} ({link.address})"


NOTATION = LineStyle("**", "_", "~~", "`", FENCE, "- ", _notation_link)
PLAIN = LineStyle("", "", "", "", "", "- ", _plain_link)
_LABELLED = re.compile(r"\](?=\((?:https?://|mailto:|[\w.+-]{1,64}@))", re.IGNORECASE)


def to_notation(blocks: Blocks) -> str:
    """Return the tree in our own notation."""
    return print_lines(blocks, NOTATION)


def plain(text: str) -> str:
    """Return a text of our notation without its marks, for mail and for quoting. It holds no link with other words."""
    return _LABELLED.sub("] ", print_lines(parse_markup(text), PLAIN))
