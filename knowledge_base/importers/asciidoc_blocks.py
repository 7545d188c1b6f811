"""The blocks of AsciiDoc, as HTML: https://docs.asciidoctor.org/asciidoc/latest/blocks/"""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge_base.importers.admonitions import KINDS
from knowledge_base.importers.asciidoc_inline import inline_html, with_attributes

_HEADING = re.compile(r"(={1,6}|#{1,6})\s+(\S.*?)(?:\s+\1)?$")
_FENCES = re.compile(r"(?:-{4,}|\.{4,}|={4,}|\*{4,}|_{4,}|\+{4,}|/{4,}|`{3,}\S*|--|[|,:!]={3,})$")
_ATTRIBUTES = re.compile(r"\[(?!\[)([^\]\n]*(?:\"[^\"]*\"[^\]\n]*)*)\]$")
_ANCHOR = re.compile(r"\[\[([\w.:-]+)(?:,[^\]]*)?\]\]$")
_TITLE = re.compile(r"\.([^\s.].*)$")
_ADMONITION = re.compile(r"(NOTE|TIP|IMPORTANT|WARNING|CAUTION):\s+(.*)$", re.DOTALL)
_MACRO = re.compile(r"(image|video|audio|include|toc|link)::([^\s\[]*)\[(.*)\]$")
_ENTRY = re.compile(r":(!?[\w-]+!?):(?:\s+(.*))?$")
_CONDITION = re.compile(r"(?:ifdef|ifndef|ifeval|endif)::\S*\[(.*)\]$")
_ITEM = re.compile(r"[ \t]*(?P<mark>\*{1,6}|-|\.{1,6}|\d{1,4}\.|[a-zA-Z]\.|<(?:\d+|\.)>)[ \t]+(?P<text>\S.*)$")
_TERM = re.compile(r"[ \t]*(?P<term>\S.*?)(?P<mark>:{2,4}|;;)(?:[ \t]+(?P<text>\S.*))?$")
_CHECKED = re.compile(r"\[[ xX*]\]\s+")
_CALLOUT = re.compile(r"[ \t]*(?:(?:#|//|;;|--)[ \t]*)?(?:<(?:\d+|\.)>[ \t]*)+$", re.MULTILINE)
_STYLES = {"loweralpha": "a", "upperalpha": "A", "lowerroman": "i", "upperroman": "I"}
_CELL = re.compile(
    r"(?P<copies>\d+\*)?(?P<span>(?:\d*(?:\.\d+)?)?\+)?(?P<align>[<^>.]{0,4})(?P<style>[adehlmsv])?(?<!\\)\|"
)


@dataclass
class _About:
    """The attributes and title written above a block."""

    style: str = ""
    names: dict[str, str] = field(default_factory=dict)
    title: str = ""
    anchor: str = ""


class Blocks:
    """One document while its blocks are written as HTML."""

    def __init__(self, attributes: dict[str, str], titles: dict[str, str]) -> None:
        self.attributes = attributes
        self.titles = titles
        self.taken: set[str] = set()
        # The marks of the lists that are open: an item of one of them goes on with that list.
        self._around: list[str] = []

    def write(self, lines: Sequence[str]) -> str:
        """Return the HTML of these lines."""
        written: list[str] = []
        about, place = _About(), 0
        while place < len(lines):
            line = lines[place].rstrip()
            if not line.strip():
                place += 1
                continue
            if self._describes(line, about):
                place += 1
                continue
            took, markup = self._block(lines, place, about)
            written.append(markup)
            place += took
            about = _About()
        return "\n".join(filter(None, written))

    def _describes(self, line: str, about: _About) -> bool:
        """Read a line that only describes what follows, or says nothing to a reader."""
        if match := _ENTRY.match(line):
            self.attributes[match[1].strip("!").lower()] = "" if "!" in match[1] else (match[2] or "").strip()
        elif match := _ANCHOR.match(line):
            about.anchor = match[1]
        elif match := _ATTRIBUTES.match(line):
            self._read_attributes(match[1], about)
        elif (match := _TITLE.match(line)) and not _FENCES.match(line) and not _ITEM.match(line):
            about.title = self.inline(match[1])
        else:
            return (
                (line.startswith("//") and not line.startswith("////")) or bool(_CONDITION.match(line)) or line == "'''"
            )
        return True

    def _read_attributes(self, written: str, about: _About) -> None:
        for number, part in enumerate(re.findall(r'(?:[^,"]|"[^"]*")+', with_attributes(written, self.attributes))):
            name, equals, value = part.strip().partition("=")
            if equals and re.fullmatch(r"[\w-]+", name):
                about.names[name.lower()] = value.strip('"')
            elif number == 0:
                about.style = re.split(r"[.#%]", name)[0].strip().lower() or about.style
                if found := re.search(r"#([\w.:-]+)", name):
                    about.anchor = found[1]
                about.names.update(dict.fromkeys(re.findall(r"%(\w+)", name), ""))
            else:
                about.names.setdefault(f"{number}", name.strip('"'))
        about.anchor = about.names.get("id", about.anchor)

    def _block(self, lines: Sequence[str], place: int, about: _About) -> tuple[int, str]:
        line = lines[place].rstrip()
        if match := _HEADING.match(line):
            return 1, self._heading(match, about)
        if _FENCES.match(line):
            return self._delimited(lines, place, about)
        if match := _MACRO.match(line):
            return 1, self._block_macro(match, about)
        if line[0] in " \t" and not _ITEM.match(line) and not _TERM.match(line):
            held = _paragraph(lines, place)
            return len(held), _pre(held)
        if _ITEM.match(line) or (_TERM.match(line) and about.style not in ("source", "listing")):
            return self._list(lines, place, about)
        held = _paragraph(lines, place, in_list=bool(self._around))
        return len(held), self._paragraph(held, about)

    def _heading(self, match: re.Match[str], about: _About) -> str:
        level = len(match[1])
        words = with_attributes(match[2], self.attributes)
        if found := re.search(r"\s*\[\[([\w.:-]+)\]\]", words):
            about.anchor, words = found[1], words.replace(found[0], "")
        if about.style in ("discrete", "float"):
            return f"<p><strong>{self.inline(words)}</strong></p>"
        anchor = about.anchor or self.anchor_of(words)
        self.taken.add(anchor)
        return f'<h{level} id="{html.escape(anchor)}">{self.inline(words)}</h{level}>'

    def anchor_of(self, words: str) -> str:
        """Return the id that Asciidoctor gives a heading."""
        prefix, between = self.attributes.get("idprefix", "_"), self.attributes.get("idseparator", "_")
        plain = re.sub(r"<[^>]*>|&\w+;", "", words.lower())
        kept = re.sub(r"[^\w\- .]", "", plain)
        joined = re.sub(r"[ .\-]+", between or "", kept) if between else re.sub(r"[ .\-]+", "", kept)
        base = f"{prefix}{joined.strip(between) if between else joined}"
        anchor, number = base, 1
        while anchor in self.taken:
            number += 1
            anchor = f"{base}{between or '_'}{number}"
        return anchor

    def _delimited(self, lines: Sequence[str], place: int, about: _About) -> tuple[int, str]:
        fence = lines[place].rstrip()
        closing = "```" if fence.startswith("```") else fence
        end = next((n for n in range(place + 1, len(lines)) if lines[n].rstrip() == closing), len(lines))
        held, took = list(lines[place + 1 : end]), end - place + 1
        caption = f"<p><strong>{about.title}</strong></p>" if about.title else ""
        kind = fence[0]
        if kind == "/" or (kind == "+" and about.style not in ("source", "listing")):
            return took, ""
        if kind in "|,:!" and fence[1] == "=":
            return took, caption + self._table(held, about)
        if fence != "--" and (kind in "-.`" or about.style in ("source", "listing", "literal")):
            return took, caption + _pre(held)
        if about.style in ("source", "listing", "literal"):
            return took, caption + _pre(held)
        return took, self._framed(self.write(held), about)

    def _framed(self, inner: str, about: _About) -> str:
        if about.style in KINDS:
            return _box(about.style, about.title, inner)
        title = f"<p><strong>{about.title}</strong></p>" if about.title else ""
        return f"<blockquote>{title}{inner}</blockquote>" if about.style in ("quote", "verse") else title + inner

    def _paragraph(self, held: Sequence[str], about: _About) -> str:
        text = "\n".join(line.strip() for line in held)
        if about.style in ("source", "listing", "literal"):
            return _pre(held)
        if match := _ADMONITION.match(text):
            return _box(match[1].lower(), about.title, f"<p>{self.inline(match[2])}</p>")
        anchor = f'<a id="{about.anchor}"></a>' if about.anchor else ""
        return self._framed(f"<p>{anchor}{self.inline(text)}</p>", about)

    def _block_macro(self, match: re.Match[str], about: _About) -> str:
        if match[1] != "image":
            return ""
        alt = match[3].split(",")[0].strip(' "')
        caption = f"<figcaption>{about.title}</figcaption>" if about.title else ""
        picture = f'<img src="{html.escape(match[2])}" alt="{html.escape(alt)}">'
        return f"<figure>{picture}{caption}</figure>"

    def _list(self, lines: Sequence[str], place: int, about: _About) -> tuple[int, str]:
        """Write a list with those nested in it."""
        kind = _kind(lines[place])
        items: list[str] = []
        start = place
        self._around.append(kind)
        while place < len(lines) and _kind(lines[place]) == kind:
            took, item = self._item(lines, place, kind)
            items.append(item)
            place += took
            after = _next_line(lines, place)
            if after is None or _kind(lines[after]) != kind:
                break
            place = after
        self._around.pop()
        title = f"<p><strong>{about.title}</strong></p>" if about.title else ""
        if kind.startswith(":"):
            return place - start, f"{title}<dl>{''.join(items)}</dl>"
        if kind[0] not in ".1a<":
            return place - start, f"{title}<ul>{''.join(items)}</ul>"
        counted = _STYLES.get(about.style, "a" if kind == "a" else "")
        first = about.names.get("start") or (re.match(r"\s*(\d+)\.", lines[start]) or ["", "1"])[1]
        numbered = f' type="{counted}"' if counted else ""
        backwards = " reversed" if "reversed" in about.names else ""
        return place - start, f'{title}<ol start="{html.escape(first)}"{numbered}{backwards}>{"".join(items)}</ol>'

    def _item(self, lines: Sequence[str], place: int, kind: str) -> tuple[int, str]:
        """Write one item: its line, what is attached with `+`, and deeper lists."""
        match = _TERM.match(lines[place]) if kind.startswith(":") else _ITEM.match(lines[place])
        first = [match["text"]] if match and match["text"] else []
        start, place = place, place + 1
        while place < len(lines) and lines[place].strip() and not _ends_item(lines[place]):
            first.append(lines[place].strip())
            place += 1
        inner = [f"<p>{self.inline(_CHECKED.sub('', chr(10).join(first)))}</p>"] if first else []
        while (after := _next_line(lines, place)) is not None:
            took, markup = self._attached(lines, place, after, kind)
            if not took:
                break
            place += took
            inner.append(markup)
        if match and kind.startswith(":"):
            return place - start, f"<dt>{self.inline(match['term'])}</dt><dd>{''.join(inner)}</dd>"
        return place - start, f"<li>{''.join(inner)}</li>"

    def _attached(self, lines: Sequence[str], place: int, after: int, kind: str) -> tuple[int, str]:
        """Return the lines and HTML of the next block when it belongs to the item; no lines when it does not."""
        if lines[after].strip() == "+" and after == place:
            about, at = _About(), place + 1
            while at < len(lines) and lines[at].strip() and self._describes(lines[at].rstrip(), about):
                at += 1
            if at >= len(lines) or not lines[at].strip():
                return at - place, ""
            took, markup = self._block(lines, at, about)
            return at - place + took, markup
        deeper = _kind(lines[after])
        if deeper and deeper != kind and deeper not in self._around:
            took, markup = self._list(lines, after, _About())
            return after - place + took, markup
        if (
            kind.startswith(":")
            and not deeper
            and after > place - 1
            and lines[after - 1 :]
            and lines[after][:1] in (" ", "\t")
        ):
            held = _paragraph(lines, after)
            return after - place + len(held), f"<p>{self.inline(' '.join(line.strip() for line in held))}</p>"
        return 0, ""

    def _table(self, held: Sequence[str], about: _About) -> str:
        blank_after_first = len(held) > 1 and bool(held[0].strip()) and not held[1].strip()
        columns = _columns(about.names.get("cols", "")) or _cells_in(
            held[0] if held and held[0].strip() else " ".join(held[:2])
        )
        if about.names.get("format") in ("csv", "dsv"):
            between = "," if about.names["format"] == "csv" else ":"
            cells = [cell.strip().strip('"') for line in held if line.strip() for cell in line.split(between)]
            columns = len(held[0].split(between)) if held else 1
        else:
            cells = self._cells("\n".join(held))
        header = "header" in about.names or about.names.get("options") == "header" or blank_after_first
        rows = [cells[n : n + columns] for n in range(0, len(cells), max(1, columns))]
        written = []
        for number, row in enumerate(rows):
            tag = "th" if header and number == 0 else "td"
            written.append("<tr>" + "".join(f"<{tag}>{self._cell(cell)}</{tag}>" for cell in row) + "</tr>")
        return f"<table>{''.join(written)}</table>"

    def _cells(self, text: str) -> list[str]:
        cells: list[str] = []
        end, copies = None, 1
        for match in _CELL.finditer(text):
            if end is not None:
                cells += [text[end : match.start()].strip()] * copies
            end, copies = match.end(), int((match["copies"] or "1*")[:-1])
        return cells + ([text[end:].strip()] * copies if end is not None else [])

    def _cell(self, text: str) -> str:
        if re.search(r"^(?:[*.\-]+ |----|\w+::)|\n\n", text, re.MULTILINE):
            return self.write(text.splitlines())
        return self.inline(text.replace("\\|", "|"))

    def inline(self, text: str) -> str:
        """Return a line as HTML."""
        return inline_html(with_attributes(text, self.attributes), self.titles)


def _box(kind: str, title: str, inner: str) -> str:
    named = f'<p class="admonition-title">{title or KINDS[kind]}</p>'
    return f'<div class="admonition {kind}">{named}{inner}</div>'


def _pre(held: Sequence[str]) -> str:
    least = min((len(line) - len(line.lstrip()) for line in held if line.strip()), default=0)
    text = "\n".join(line[least:] for line in held)
    return f"<pre>{html.escape(_CALLOUT.sub('', text))}</pre>"


def _kind(line: str) -> str:
    """Return what tells a list's items from those of other lists; empty for any other line."""
    if match := _ITEM.match(line):
        mark = match["mark"]
        return "1." if mark[0].isdigit() else "a" if mark[0].isalpha() else "<" if mark[0] == "<" else mark
    match = _TERM.match(line)
    return f":{match['mark']}" if match and not _MACRO.match(line) else ""


def _ends_item(line: str) -> bool:
    text = line.strip()
    return (
        text == "+" or bool(_kind(line)) or bool(_FENCES.match(text) or _ATTRIBUTES.match(text) or _ANCHOR.match(text))
    )


def _next_line(lines: Sequence[str], place: int) -> int | None:
    return next((number for number in range(place, len(lines)) if lines[number].strip()), None)


def _paragraph(lines: Sequence[str], place: int, *, in_list: bool = False) -> list[str]:
    held: list[str] = []
    for line in lines[place:]:
        text = line.rstrip()
        if held and in_list and _kind(text):
            break
        if not text.strip() or (held and (_FENCES.match(text) or _ATTRIBUTES.match(text) or text.strip() == "+")):
            break
        if not text.startswith("//"):
            held.append(text)
        else:
            held.append("")
    return held


def _columns(written: str) -> int:
    count = 0
    for part in re.split(r"[,;]", written) if written.strip() else []:
        copies = re.match(r"\s*(\d+)\*", part)
        count += int(copies[1]) if copies else 1
    return count


def _cells_in(line: str) -> int:
    return max(1, sum(int((match["copies"] or "1*")[:-1]) for match in _CELL.finditer(line)))
