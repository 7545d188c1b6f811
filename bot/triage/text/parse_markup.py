"""Parse the product's one notation into a tree (docs/decisions/0220).

It is what people write in a chat: ``**bold**``, ``*italic*``, ``_italic_``, ``~~struck~~``, code between backquotes,
code blocks between three of them, ``[words](address)``, lines that begin with ``- `` or ``1. ``, quotes behind ``>``.
There is no escape: what is no mark by these rules is a character.
"""

import re
from collections.abc import Mapping
from functools import lru_cache

from bot.triage.text.markup import (
    Block,
    Blocks,
    Code,
    CodeBlock,
    Emphasis,
    Inlines,
    Item,
    Link,
    List,
    Paragraph,
    Quote,
    Strike,
    Strong,
    Text,
)
from bot.triage.text.parse_inline import Dialect, Form, parse_line

FENCE = "```"
DEEPEST_QUOTE, DEEPEST_LIST = 4, 6
ADDRESS = r"https?://[^\s<>|\"]+"
MAIL = r"[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}"
RUN = r"(?P<run>\*+|_+|~+)"
CODE = r"(?<!`)`(?P<code>[^`]+)`(?!`)"
TARGET = rf"(?:https?://|mailto:)[^\s()<>\"]+(?:\([^\s()<>\"]*\)[^\s()<>\"]*)*|{MAIL}"
_LINK = rf"\[(?P<label>[^\[\]]+)\]\((?P<target>{TARGET})\)"
_BARE = rf"(?P<bare>{ADDRESS})|(?<![\w.+-])(?P<mail>{MAIL})(?![\w@])"
_TAIL = ".,;:!?'*_~`"


def item_pattern(bullets: str) -> re.Pattern[str]:
    """Return what begins an item: one of these characters or a number with a full stop."""
    return re.compile(rf"(?P<indent> *)(?:[{bullets}]|(?P<number>[0-9]{{1,3}})\.) +(?=\S)")


def parse_markup(text: str) -> Blocks:
    """Return the tree of a text in our notation."""
    return _parsed(text)


@lru_cache(maxsize=256)
def _parsed(text: str) -> Blocks:
    return parse_blocks(text, NOTATION)


def parse_blocks(text: str, dialect: Dialect, depth: int = 0) -> Blocks:
    """Return the tree of a text whose marks are those of ``dialect``; ``depth`` counts the quotes around it."""
    blocks: list[Block] = []
    lines: list[str] = []
    place = 0
    while place <= len(text):
        end = _end_of_line(text, place)
        if depth < DEEPEST_QUOTE and dialect.quote.match(text, place, end):
            quoted, place = _quoted(text, place, dialect)
            blocks += [*_without_code(lines, dialect), Quote(parse_blocks(quoted, dialect, depth + 1))]
            lines = []
        elif (fence := _fence(text, place, end)) is not None:
            opened, closed = fence
            lines += filter(None, [text[place:opened].rstrip()])
            content = text[opened + len(FENCE) : closed].strip("\n")
            blocks += [*_without_code(lines, dialect), CodeBlock(dialect.read_code(content))]
            lines, place = [], _after_fence(text, closed + len(FENCE))
        else:
            lines.append(text[place:end])
            place = end + 1
    return (*blocks, *_without_code(lines, dialect))


def _end_of_line(text: str, place: int) -> int:
    end = text.find("\n", place)
    return end if end >= 0 else len(text)


def _quoted(text: str, place: int, dialect: Dialect) -> tuple[str, int]:
    """Return the lines of a quote without its mark, and where it ends."""
    lines = []
    while place <= len(text):
        end = _end_of_line(text, place)
        mark = dialect.quote.match(text, place, end)
        if mark is None:
            break
        lines.append(text[mark.end() : end])
        place = end + 1
    return "\n".join(lines), place


def _fence(text: str, place: int, end: int) -> tuple[int, int] | None:
    """Return where the first code block of this line opens and where it closes; one without content is none."""
    opened = text.find(FENCE, place, end)
    while opened >= 0:
        closed = text.find(FENCE, opened + len(FENCE))
        if closed < 0:
            return None
        if text[opened + len(FENCE) : closed].strip():
            return opened, closed
        opened = text.find(FENCE, closed + len(FENCE), end)
    return None


def _after_fence(text: str, place: int) -> int:
    """Return where the text goes on after a code block; one past its end when nothing follows."""
    while text[place : place + 1] == " ":
        place += 1
    return place + 1 if text[place : place + 1] in ("\n", "") else place


def _without_code(lines: list[str], dialect: Dialect) -> list[Block]:
    """Return the paragraphs and lists of lines that hold no code block and no quote."""
    blocks: list[Block] = []
    plain: list[Inlines] = []
    place = 0
    while place < len(lines):
        if dialect.item.match(lines[place]):
            if plain:
                blocks.append(Paragraph(tuple(plain)))
            found, place = _list(lines, place, dialect, 0)
            blocks.append(found)
            plain = []
        else:
            plain.append(parse_line(lines[place], dialect))
            place += 1
    if plain:
        blocks.append(Paragraph(tuple(plain)))
    return blocks


def _list(lines: list[str], place: int, dialect: Dialect, depth: int) -> tuple[List, int]:
    """Return the list that begins at this line, and the line after it.

    An item of the same kind goes on with it, also after empty lines. Numbers go up by one, else another list begins.
    """
    first = _item(lines, place, dialect)
    indent, start = first if first else (0, None)
    items: list[Item] = []
    while (following := _next_item(lines, place, dialect)) is not None:
        at, (its_indent, number) = following
        if items and not _goes_on(indent, start, len(items), its_indent, number):
            break
        item, place = _one_item(lines, at, dialect, indent, depth)
        items.append(item)
    return List(start, tuple(items)), place


def _goes_on(indent: int, start: int | None, count: int, its_indent: int, number: int | None) -> bool:
    same_level = indent - 2 < its_indent
    return same_level and (number is None if start is None else number == start + count)


def _next_item(lines: list[str], place: int, dialect: Dialect) -> tuple[int, tuple[int, int | None]] | None:
    while place < len(lines) and not lines[place].strip():
        place += 1
    found = _item(lines, place, dialect) if place < len(lines) else None
    return (place, found) if found else None


def _item(lines: list[str], place: int, dialect: Dialect) -> tuple[int, int | None] | None:
    """Return how far a line's item is indented, and its number."""
    found = dialect.item.match(lines[place])
    if found is None:
        return None
    return len(found["indent"]), int(found["number"]) if found["number"] else None


def _one_item(lines: list[str], place: int, dialect: Dialect, indent: int, depth: int) -> tuple[Item, int]:
    """Return an item with the indented lines and lists below it, and the line after it."""
    mark = dialect.item.match(lines[place])
    own = [parse_line(lines[place][mark.end() if mark else 0 :], dialect)]
    lists: list[List] = []
    place += 1
    while place < len(lines) and lines[place].startswith(" " * (indent + 2)) and lines[place].strip():
        if dialect.item.match(lines[place]) and depth < DEEPEST_LIST:
            inner, place = _list(lines, place, dialect, depth + 1)
            lists.append(inner)
        elif lists or dialect.item.match(lines[place]):
            break
        else:
            own.append(parse_line(lines[place].strip(), dialect))
            place += 1
    return Item(tuple(own), tuple(lists)), place


def _read_token(found: re.Match[str]) -> tuple[Inlines, int]:
    code, label, bare = found["code"], found["label"], found["bare"]
    if code is not None:
        return (Code(code),), found.end()
    if label is not None:
        return (Link(as_target(found["target"]), parse_line(label, _LABEL)),), found.end()
    if bare is not None:
        address = without_tail(bare)
        return (Link(address, (Text(address),)),), found.start() + len(address)
    return (Link(as_target(found["mail"]), (Text(found["mail"]),)),), found.end()


def as_target(address: str) -> str:
    """Return an address with its scheme: a mail address may be written without."""
    return address if ":" in address else f"mailto:{address}"


def without_tail(address: str) -> str:
    """Return an address without what belongs to the sentence: a full stop, a bracket that it does not open."""
    end, surplus = len(address), address.count(")") - address.count("(")
    while end and (address[end - 1] in _TAIL or (address[end - 1] == ")" and surplus > 0)):
        surplus -= address[end - 1] == ")"
        end -= 1
    return address[:end]


_MARKS: Mapping[str, Form] = {"**": Strong, "*": Emphasis, "_": Emphasis, "~~": Strike, "~": Strike}
_QUOTE = re.compile(r">(?: |$)")
NOTATION = Dialect(
    pattern=re.compile(f"{CODE}|{_LINK}|{_BARE}|{RUN}", re.IGNORECASE),
    marks=_MARKS,
    read_token=_read_token,
    read_text=str,
    read_code=str,
    quote=_QUOTE,
    item=item_pattern("-*•"),
)
_LABEL = Dialect(
    pattern=re.compile(f"{CODE}|{RUN}"),
    marks=_MARKS,
    read_token=lambda found: ((Code(found["code"]),), found.end()),
    read_text=str,
    read_code=str,
    quote=_QUOTE,
    item=NOTATION.item,
)
