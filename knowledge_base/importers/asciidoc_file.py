"""Import a page of AsciiDoc, by a reader of our own (docs/decisions/0232-readers-of-more-kinds.md)."""

import re

from knowledge_base.importers.asciidoc_blocks import Blocks
from knowledge_base.importers.document import Document, decode_text
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.plain_markup import make_plain

_TITLE = re.compile(r"[=#]\s+(\S.*)$")
_UNDERLINED = re.compile(
    r"(?:(?<=\n\n)|(?<=\]\n)|\A)(\w[^\n]{0,200})\n(={2,}|-{2,}|~{2,}|\^{2,}|\+{2,})[ \t]*$", re.MULTILINE
)
_LEVELS = "=-~^+"
_ENTRY = re.compile(r":(!?[\w-]+!?):(?:\s+(.*))?$")
_ANCHORED = re.compile(
    r"(?:^\[\[([\w.:-]+)\]\]|^\[#([\w.:-]+)[^\]\n]*\])[ \t]*\n(?:\[[^\n]*\]\n)*(={2,6})\s+(.+)$", re.MULTILINE
)
_HEADING = re.compile(r"^={2,6}\s+(.+)$", re.MULTILINE)


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the page as one document. Raises NotImported."""
    lines = _UNDERLINED.sub(_one_line, decode_text(content, charset).replace("\r\n", "\n")).split("\n")
    title, attributes, place = _header(lines)
    text = "\n".join(lines[place:])
    titles = {match[1] or match[2]: match[4].strip() for match in _ANCHORED.finditer(text)}
    blocks = Blocks(attributes, titles)
    for match in _HEADING.finditer(text):
        titles.setdefault(blocks.anchor_of(match[1]), match[1].strip())
    tree = parse_html(f"<body>{blocks.write(lines[place:])}</body>")
    make_plain(tree)
    named = parse_html(f"<p>{blocks.inline(title)}</p>") if title else None
    return [Document(words_of(named) if named is not None else "", safe_fragment(tree))]


def _one_line(match: re.Match[str]) -> str:
    """Return a heading that is underlined in the form of one line."""
    if abs(len(match[1]) - len(match[2])) > 1:
        return match[0]
    return f"{'=' * (_LEVELS.index(match[2][0]) + 1)} {match[1]}"


def _header(lines: list[str]) -> tuple[str, dict[str, str], int]:
    """Return the title, the attributes, and the line on which the text begins."""
    attributes: dict[str, str] = {}
    title, place = "", 0
    while place < len(lines):
        line = lines[place].strip()
        if match := _ENTRY.match(line):
            attributes[match[1].strip("!").lower()] = "" if "!" in match[1] else (match[2] or "").strip()
        elif not title and (match := _TITLE.match(line)):
            title = match[1]
        elif title and line and not line.startswith("//"):
            # Lines right below the title are its author and revision.
            above = lines[place - 1].strip()
            if not above or not re.match(r"(?:[\w.'-]+ ){1,4}<\S+@\S+>|v?\d[\w.]*(?:,|$)|\w+ \w+$", line):
                break
        elif line.startswith("////") or (line and not line.startswith("//")):
            break
        place += 1
    return title, attributes, place
