"""Convert Markdown to plain text under its headings, for indexing and quoting."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


@dataclass
class HeadedBlock:
    """A heading with what stands below it: plain text for the index, and the same in our notation for answers."""

    heading: str | None
    plain: list[str] = field(default_factory=list)
    marked: list[str] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Return whether this is the text before the first heading, and there is none."""
        return self.heading is None and not self.plain


def headed_blocks(markdown: str) -> Iterator[HeadedBlock]:
    """Yield each heading with the text below it; None is the heading of the text before the first one.

    A paragraph, a list item or a table row is one line; numbered steps keep their numbers. A heading without text below
    it is yielded all the same: it may be linked to.
    """
    block, depth = HeadedBlock(None), Counter[str]()
    tokens = _MARKDOWN.parse(_COMMENT.sub("", markdown))
    for place, token in enumerate(tokens):
        depth[token.type.removesuffix("_open").removesuffix("_close")] += token.nesting
        if token.type == "heading_open":
            if not block.is_empty:
                yield block
            block = HeadedBlock(_plain(tokens[place + 1]))
        elif token.type == "tr_close":
            cells = _cells(tokens, place)
            block.plain.append(" | ".join(_plain(cell) for cell in cells))
            if tokens[place + 1].type != "thead_close":
                block.marked.append(marked_row([_marked(cell) for cell in cells]))
        elif token.type in ("fence", "code_block"):
            block.plain.extend(token.content.splitlines())
            block.marked += ["```", *token.content.splitlines(), "```"]
        elif token.type == "inline" and tokens[place - 1].type == "paragraph_open":
            block.plain.append(_number(tokens, place) + _plain(token))
            block.marked.append(_marks_before(tokens, place, depth) + _marked(token))
    if not block.is_empty:
        yield block


def marked_row(cells: Sequence[str]) -> str:
    """Return a table row as an item of a list in our notation, its first cell in bold."""
    first, *others = [cell for cell in cells if cell] or [""]
    name = first if first.startswith("**") else f"**{first}**"
    return f"- {name}: {', '.join(others)}" if others else f"- {first}"


def _plain(inline: Token) -> str:
    """Return the words of a paragraph or heading, without markup."""
    parts = [" " if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or []]
    return " ".join("".join(parts).split())


_NESTED = "   "
_MARKS = {"strong_open": "**", "strong_close": "**", "em_open": "_", "em_close": "_"}


def _marked(inline: Token) -> str:
    """Return a paragraph in our notation; a link is its words, for the manual's own links lead to other pages of it."""
    parts = []
    for child in inline.children or []:
        if child.type == "code_inline":
            parts.append(f"`{child.content}`")
        else:
            parts.append(_MARKS.get(child.type, " " if child.type in ("softbreak", "hardbreak") else child.content))
    return " ".join("".join(parts).split())


def _number(tokens: list[Token], place: int) -> str:
    """Return `1. ` when the paragraph is the first of a numbered step, else nothing."""
    item = tokens[place - 2] if place >= 2 else None
    return f"{item.info}. " if item is not None and item.type == "list_item_open" and item.info else ""


def _marks_before(tokens: list[Token], place: int, depth: Counter[str]) -> str:
    """Return what begins the paragraph's line in our notation: its number or bullet, or the mark of a quote."""
    inside = _NESTED * depth["list_item"]
    if place >= 2 and tokens[place - 2].type == "list_item_open":
        return inside.removeprefix(_NESTED) + (_number(tokens, place) or "- ")
    return inside or ("> " if depth["blockquote"] else "")


def _cells(tokens: list[Token], end: int) -> list[Token]:
    """Return the cells of a table row."""
    start = end
    while tokens[start].type != "tr_open":
        start -= 1
    return [token for token in tokens[start:end] if token.type == "inline"]
