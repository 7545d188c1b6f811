"""Prepare a Word document for conversion: hidden text out, styles by their meaning, steps with the numbers they show.

Part and element names are those of WordprocessingML: https://ecma-international.org/publications-and-standards/standards/ecma-376/
"""

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field

from lxml import etree

from knowledge_base.importers.admonitions import KINDS

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_STORIES = re.compile(r"word/(?:document|footnotes|endnotes)\.xml")
_HEADING = re.compile(r"heading ([1-6])", re.I)
_CODE = re.compile(r"code|preformatted|verbatim|listing|macro text|quelltext", re.I)
# Style ids that the conversion knows; no document uses them for anything else.
TITLE, CODE, CODE_WORDS, NOTE = "TechRefTitle", "TechRefCode", "TechRefCodeWords", "TechRefNote-"
NUMBER = re.compile("\ue000(-?\\d+)\ue001")
_DEEPEST = 9


@dataclass
class _Style:
    name: str
    based_on: str | None
    hidden: bool | None
    outline: int | None
    numbering: tuple[str | None, int] | None


@dataclass
class _Numbering:
    """The counters of all lists: ``formats`` and ``starts`` by list and level."""

    lists: dict[str, str] = field(default_factory=dict)
    formats: dict[tuple[str, int], str] = field(default_factory=dict)
    starts: dict[tuple[str, int], int] = field(default_factory=dict)
    restarts: dict[tuple[str, int], int] = field(default_factory=dict)
    counted: dict[tuple[str, int], int] = field(default_factory=dict)
    begun: set[tuple[str, int]] = field(default_factory=set)

    def next(self, number_id: str, level: int) -> int | None:
        """Count an item; return its number, or None in a list with bullets."""
        name = self.lists.get(number_id)
        if name is None or self.formats.get((name, level), "bullet") in ("bullet", "none"):
            return None
        if (number_id, level) in self.restarts and (number_id, level) not in self.begun:
            self.counted.pop((name, level), None)
            self.starts[name, level] = self.restarts[number_id, level]
        self.begun.add((number_id, level))
        before = self.counted.get((name, level))
        self.counted[name, level] = self.starts.get((name, level), 1) if before is None else before + 1
        for deeper in range(level + 1, _DEEPEST):
            self.counted.pop((name, deeper), None)
        return self.counted[name, level]


def prepared(content: bytes) -> bytes:
    """Return the document as the conversion should see it. Raises etree.XMLSyntaxError, KeyError for a damaged one."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(written, "w") as new:
        styles = _read_styles(_root(old, "word/styles.xml"))
        numbering = _read_numbering(_root(old, "word/numbering.xml"))
        for part in old.infolist():
            raw = old.read(part)
            if _STORIES.fullmatch(part.filename):
                root = _parse(raw)
                _prepare(root, styles, numbering)
                raw = etree.tostring(root, encoding="UTF-8", xml_declaration=True)
            new.writestr(part.filename, raw)
    return written.getvalue()


def _root(packed: zipfile.ZipFile, name: str) -> etree._Element | None:
    return _parse(packed.read(name)) if name in packed.namelist() else None


def _parse(raw: bytes) -> etree._Element:
    return etree.fromstring(
        raw, etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=True)
    )


def _value(element: etree._Element | None, *path: str) -> str | None:
    for name in path:
        element = element.find(f"{_W}{name}") if element is not None else None
    return element.get(f"{_W}val") if element is not None else None


def _on(properties: etree._Element | None, name: str) -> bool | None:
    """Return whether a property is on; None when nothing is said of it."""
    found = properties.find(f"{_W}{name}") if properties is not None else None
    return None if found is None else found.get(f"{_W}val", "1") not in ("0", "false", "off")


def _read_styles(root: etree._Element | None) -> dict[str, _Style]:
    styles: dict[str, _Style] = {}
    for style in root.iter(f"{_W}style") if root is not None else ():
        paragraph = style.find(f"{_W}pPr")
        outline = _value(paragraph, "outlineLvl")
        styles[style.get(f"{_W}styleId", "")] = _Style(
            _value(style, "name") or "",
            _value(style, "basedOn"),
            _on(style.find(f"{_W}rPr"), "vanish"),
            int(outline) if outline and outline.isdigit() else None,
            _numbered(paragraph),
        )
    return styles


def _numbered(properties: etree._Element | None) -> tuple[str | None, int] | None:
    found = properties.find(f"{_W}numPr") if properties is not None else None
    if found is None:
        return None
    level = _value(found, "ilvl") or "0"
    return _value(found, "numId"), int(level) if level.isdigit() else 0


def _read_numbering(root: etree._Element | None) -> _Numbering:
    read = _Numbering()
    if root is None:
        return read
    for described in root.iter(f"{_W}abstractNum"):
        name = described.get(f"{_W}abstractNumId", "")
        for level in described.iter(f"{_W}lvl"):
            key = name, int(level.get(f"{_W}ilvl", "0"))
            read.formats[key] = _value(level, "numFmt") or "decimal"
            read.starts[key] = int(_value(level, "start") or "1")
    for one in root.iter(f"{_W}num"):
        number_id = one.get(f"{_W}numId", "")
        read.lists[number_id] = _value(one, "abstractNumId") or ""
        for changed in one.iter(f"{_W}lvlOverride"):
            if start := _value(changed, "startOverride"):
                read.restarts[number_id, int(changed.get(f"{_W}ilvl", "0"))] = int(start)
    return read


def _chain(style: str | None, styles: dict[str, _Style]) -> Iterator[tuple[str, _Style]]:
    """Yield a style and those that it is based on."""
    seen: set[str] = set()
    while style and style in styles and style not in seen:
        seen.add(style)
        yield style, styles[style]
        style = styles[style].based_on


def _prepare(root: etree._Element, styles: dict[str, _Style], numbering: _Numbering) -> None:
    for paragraph in list(root.iter(f"{_W}p")):
        properties = paragraph.find(f"{_W}pPr")
        style = _value(properties, "pStyle")
        hidden = _style_hides(style, styles)
        for run in list(paragraph.iter(f"{_W}r")):
            own = run.find(f"{_W}rPr")
            says = _on(own, "vanish")
            character = _value(own, "rStyle")
            if says or (says is None and (hidden or _style_hides(character, styles))):
                run.getparent().remove(run)
            elif any(_CODE.search(known.name) for _, known in _chain(character, styles)):
                own.find(f"{_W}rStyle").set(f"{_W}val", CODE_WORDS)
        meant = _meaning(style, properties, styles)
        if meant:
            _set_style(paragraph, meant)
        elif number := _number(properties, style, styles, numbering):
            _insert_number(paragraph, number)


def _style_hides(style: str | None, styles: dict[str, _Style]) -> bool:
    return bool(next((known.hidden for _, known in _chain(style, styles) if known.hidden is not None), False))


def _meaning(style: str | None, properties: etree._Element | None, styles: dict[str, _Style]) -> str | None:
    """Return the style id that says what the paragraph is, by its style or one that this is based on."""
    own = _value(properties, "outlineLvl")
    if own and own.isdigit() and int(own) < 6:
        return f"Heading{int(own) + 1}"
    for _, known in _chain(style, styles):
        if heading := _HEADING.fullmatch(known.name):
            return f"Heading{heading[1]}"
        if known.name.casefold() == "title":
            return TITLE
        if known.name.casefold() in KINDS:
            return f"{NOTE}{known.name.casefold()}"
        if _CODE.search(known.name):
            return CODE
        if known.outline is not None and known.outline < 6:
            return f"Heading{known.outline + 1}"
    return None


def _number(
    properties: etree._Element | None, style: str | None, styles: dict[str, _Style], numbering: _Numbering
) -> int | None:
    found = _numbered(properties) or next(
        (known.numbering for _, known in _chain(style, styles) if known.numbering), None
    )
    if found is None or found[0] is None:
        return None
    return numbering.next(found[0], found[1])


def _set_style(paragraph: etree._Element, style: str) -> None:
    properties = paragraph.find(f"{_W}pPr")
    if properties is None:
        properties = etree.Element(f"{_W}pPr")
        paragraph.insert(0, properties)
    for old in properties.findall(f"{_W}pStyle"):
        properties.remove(old)
    named = etree.Element(f"{_W}pStyle")
    named.set(f"{_W}val", style)
    properties.insert(0, named)


def _insert_number(paragraph: etree._Element, number: int) -> None:
    """Put the number into the text, between signs of no script, from where it is taken again after the conversion."""
    run = etree.Element(f"{_W}r")
    etree.SubElement(run, f"{_W}t").text = f"\ue000{number}\ue001"
    properties = paragraph.find(f"{_W}pPr")
    paragraph.insert(0 if properties is None else list(paragraph).index(properties) + 1, run)
