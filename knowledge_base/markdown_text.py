"""Convert Markdown to plain text under its headings, for indexing and quoting."""

import re
from collections.abc import Iterator

from markdown_it import MarkdownIt
from markdown_it.token import Token

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def headed_blocks(markdown: str) -> Iterator[tuple[str | None, str]]:
    """Yield each heading with the plain text below it; None is the heading of the text before the first one.

    A paragraph, a list item or a table row is one line; numbered steps keep their numbers. A heading without text below
    it is yielded all the same: it may be linked to.
    """
    heading: str | None = None
    lines: list[str] = []
    tokens = _MARKDOWN.parse(_COMMENT.sub("", markdown))
    for place, token in enumerate(tokens):
        if token.type == "heading_open":
            if heading is not None or lines:
                yield heading, "\n".join(lines)
            heading, lines = _plain(tokens[place + 1]), []
        elif token.type == "tr_close":
            lines.append(_row(tokens, place))
        elif token.type in ("fence", "code_block"):
            lines.extend(token.content.splitlines())
        elif token.type == "inline" and tokens[place - 1].type == "paragraph_open":
            lines.append(_bullet(tokens, place) + _plain(token))
    if heading is not None or lines:
        yield heading, "\n".join(lines)


def _plain(inline: Token) -> str:
    """Return the words of a paragraph or heading, without markup."""
    parts = [" " if child.type in ("softbreak", "hardbreak") else child.content for child in inline.children or []]
    return " ".join("".join(parts).split())


def _bullet(tokens: list[Token], place: int) -> str:
    """Return `1. ` when the paragraph is the first of a numbered step, else nothing."""
    item = tokens[place - 2] if place >= 2 else None
    return f"{item.info}. " if item is not None and item.type == "list_item_open" and item.info else ""


def _row(tokens: list[Token], end: int) -> str:
    """Return a table row's cells on one line."""
    start = end
    while tokens[start].type != "tr_open":
        start -= 1
    return " | ".join(_plain(token) for token in tokens[start:end] if token.type == "inline")
