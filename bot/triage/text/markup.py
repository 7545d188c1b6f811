"""The tree of a formatted text: what every printer prints and every parser of a channel builds.

Blocks stand below each other, inlines within one line. Emphasis never spans lines, and no mark stands within its like,
so the depth of a tree is bounded.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Text:
    """Characters that mean only themselves."""

    text: str


@dataclass(frozen=True)
class Code:
    text: str


@dataclass(frozen=True)
class Strong:
    parts: "Inlines"


@dataclass(frozen=True)
class Emphasis:
    parts: "Inlines"


@dataclass(frozen=True)
class Strike:
    parts: "Inlines"


@dataclass(frozen=True)
class Link:
    """``target`` is an address with ``http:``, ``https:`` or ``mailto:``; ``parts`` is what is shown for it."""

    target: str
    parts: "Inlines"

    @property
    def address(self) -> str:
        """Return the target as people write it: a mail address without its scheme."""
        return self.target.removeprefix("mailto:")

    @property
    def shows_its_target(self) -> bool:
        return words_of(self.parts) == self.address


Inline = Text | Code | Strong | Emphasis | Strike | Link
Inlines = tuple[Inline, ...]


@dataclass(frozen=True)
class Paragraph:
    """Lines as they were broken; an empty line has no inlines."""

    lines: tuple[Inlines, ...]


@dataclass(frozen=True)
class CodeBlock:
    text: str


@dataclass(frozen=True)
class Quote:
    blocks: "Blocks"


@dataclass(frozen=True)
class Item:
    """One item: its lines, and the lists within it."""

    lines: tuple[Inlines, ...]
    lists: tuple["List", ...] = ()


@dataclass(frozen=True)
class List:
    """``start`` is the first number; None for a list with bullets."""

    start: int | None
    items: tuple[Item, ...]


Block = Paragraph | CodeBlock | Quote | List
Blocks = tuple[Block, ...]


def words_of(parts: Inlines) -> str:
    """Return the characters of inlines without their form."""
    return "".join(one.text if isinstance(one, Text | Code) else words_of(one.parts) for one in parts)


def lines_without_blank_ends(lines: Sequence[Inlines]) -> Sequence[Inlines]:
    """Return the lines of a paragraph for a surface that keeps a distance between blocks by itself."""
    kept = [place for place, line in enumerate(lines) if words_of(line).strip()]
    return lines[kept[0] : kept[-1] + 1] if kept else ()


def with_targets_shown(blocks: Blocks) -> Blocks:
    """Return the tree with every link showing its own address, after the words that stood for it.

    For what strangers wrote: their words must not hide where a link leads.
    """
    return _mapped(blocks, lambda line: tuple(_exposed(line)))


def _exposed(parts: Inlines) -> Iterable[Inline]:
    for one in parts:
        if isinstance(one, Link) and not one.shows_its_target:
            yield from (*one.parts, Text(" ("), replace(one, parts=(Text(one.address),)), Text(")"))
        elif isinstance(one, Strong | Emphasis | Strike):
            yield replace(one, parts=tuple(_exposed(one.parts)))
        else:
            yield one


def _mapped(blocks: Blocks, change: Callable[[Inlines], Inlines]) -> Blocks:
    return tuple(_mapped_block(block, change) for block in blocks)


def _mapped_block(block: Block, change: Callable[[Inlines], Inlines]) -> Block:
    if isinstance(block, Paragraph):
        return Paragraph(tuple(map(change, block.lines)))
    if isinstance(block, Quote):
        return Quote(_mapped(block.blocks, change))
    return _mapped_list(block, change) if isinstance(block, List) else block


def _mapped_list(block: List, change: Callable[[Inlines], Inlines]) -> List:
    items = (
        Item(tuple(map(change, item.lines)), tuple(_mapped_list(one, change) for one in item.lists))
        for item in block.items
    )
    return List(block.start, tuple(items))
