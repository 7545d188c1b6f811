"""Our notation as HTML, for Teams (``textFormat: xml``) and for mail: nobody's words become a mention or a tag."""

import html

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
    Strike,
    Strong,
    Text,
    lines_without_blank_ends,
)
from bot.triage.text.parse_markup import parse_markup

_TAGS = {Strong: "b", Emphasis: "i", Strike: "s"}


def to_html(text: str) -> str:
    """Return a text of our notation as HTML; what it shows is the text, less the marks that became form."""
    return _blocks(parse_markup(text))


def escaped(text: str) -> str:
    return html.escape(text, quote=False)


def bold(text: str) -> str:
    return f"<b>{escaped(text)}</b>"


def small(text: str) -> str:
    return f"<i>{escaped(text)}</i>"


def _blocks(blocks: Blocks) -> str:
    """Return the blocks below each other. What Teams keeps no distance around, lines, is broken by ``<br>``."""
    shown, lines_before = "", False
    for block in blocks:
        lines = isinstance(block, Paragraph) or _counts_otherwise(block)
        shown += ("<br>" if lines and lines_before else "") + _block(block, alone=len(blocks) == 1)
        lines_before = lines
    return shown


def _block(block: Block, *, alone: bool) -> str:
    if isinstance(block, Paragraph):
        lines = block.lines if alone else lines_without_blank_ends(block.lines)
        return "<br>".join(_line(line) for line in lines)
    if isinstance(block, CodeBlock):
        return f"<pre>{escaped(block.text)}</pre>"
    return f"<blockquote>{_blocks(block.blocks)}</blockquote>" if isinstance(block, Quote) else _list(block)


def _counts_otherwise(block: Block) -> bool:
    """Return whether a list begins with another number than 1, where Teams would begin."""
    return isinstance(block, List) and block.start not in (None, 1)


def _list(block: List) -> str:
    """Return a list; one that counts otherwise as lines, so that each step keeps the number it was given."""
    if _counts_otherwise(block):
        return "<br>".join(f"{number}. {_item(item)}" for number, item in enumerate(block.items, block.start or 1))
    tag = "ul" if block.start is None else "ol"
    return f"<{tag}>{''.join(f'<li>{_item(item)}</li>' for item in block.items)}</{tag}>"


def _item(item: Item) -> str:
    return "<br>".join(_line(line) for line in item.lines) + "".join(
        f"<br>{_list(inner)}" if _counts_otherwise(inner) else _list(inner) for inner in item.lists
    )


def _line(line: Inlines) -> str:
    """Return one line; spaces at its beginning are kept."""
    shown = "".join(_inline(one) for one in line)
    body = shown.lstrip(" ")
    return "&nbsp;" * (len(shown) - len(body)) + body


def _inline(one: Inline) -> str:
    if isinstance(one, Text):
        return escaped(one.text)
    if isinstance(one, Code):
        return f"<code>{escaped(one.text)}</code>"
    inner = "".join(_inline(part) for part in one.parts)
    if isinstance(one, Link):
        return f'<a href="{html.escape(one.target)}">{inner}</a>'
    tag = _TAGS[type(one)]
    return f"<{tag}>{inner}</{tag}>"
