"""Write what site generators add to Markdown in Markdown itself, so that no mark of theirs is shown or searched.

Admonitions (`!!! note`, `::: tip`, `> [!NOTE]`, `{{% alert %}}`, `{% hint %}`, `<Note>`) become quotes that begin with
what they are, tabs their label and content one below the other, numbered steps of components a numbered list. Code is
left as it is.
"""

import re
from collections.abc import Callable, Iterable, Sequence

from knowledge_base.importers.admonitions import KINDS, labelled

_FENCE = re.compile(r"\s*(?:>\s*)*(?:[-*+]\s+|\d{1,9}[.)]\s+)?(`{3,}|~{3,})")
# MkDocs: https://squidfunk.github.io/mkdocs-material/reference/admonitions/ and .../content-tabs/
_BANG = re.compile(r"(\s*)(?:!!!|\?\?\?\+?)\s*([\w-]+)?(?:\s+[\w-]+)*\s*(?:\"(.*)\")?\s*$")
_TAB = re.compile(r"(\s*)===[!+]?\s+[\"'](.+)[\"']\s*$")
# Docusaurus, VitePress and MyST: ::: note Title, :::note[Title], :::{note}.
_COLONS = re.compile(r"(\s*)(:{3,})\s*\{?([\w-]+)\}?\s*(?:\[([^\]]*)\]|\{[^}]*\}|(.*?))\s*(?:\{[^}]*\})?\s*$")
_COLONS_END = re.compile(r"\s*(:{3,})\s*$")
_ALERT = re.compile(r"(\s*(?:>\s?)+)\[!(\w+)\][+-]?[ \t]*(.*)$")
_DROPPED = re.compile(
    r"\s*(?:\[\[?_?toc_?\]?\]|\$\{?toc\}?|\[TOC\]|--8<--.*|;--8<--.*|<<<\s*@?[\w./-]+.*|\*\[[^\]]+\]:.*|"
    r"import\s[^\n]*\sfrom\s+[\"'][^\"']+[\"'];?|import\s+[\"'][^\"']+[\"'];?|\{:?\s*[.#][^}]*\}|\{:[^}]*\}|<br\s*/?>)\s*",
    re.I,
)
_JSX_COMMENT = re.compile(r"\{/\*.*?\*/\}", re.DOTALL)
_ESM = re.compile(r"^(?:import|export)\s[^\n]*(?:\n[^\n]+)*", re.MULTILINE)
_EXPRESSION = re.compile(r"(?<![\\$`{])\{[A-Za-z_$][\w$.]{0,80}(?:\([^(){}\n]{0,80}\))?\}(?!\})")
# Tags that frame a note in shortcodes and components, beside the kinds themselves.
_FRAMES = {"alert", "admonition", "callout", "hint", "notice", "aside", "panel", "pageinfo"}
_TABS = {
    "tab",
    "tabitem",
    "codetab",
    "codegroupitem",
    "accordion",
    "details",
    "expand",
    "card",
    "collapse",
    "expandable",
}
_TAG = (
    r"\{\{[<%]\s*(?P<short_end>/)?\s*(?P<short>[\w/.-]+)(?P<short_rest>[^\n]{0,400}?)/?\s*[>%]\}\}"
    r"|\{%-?\s*(?P<block_end>end)?(?P<block>\w+)(?P<block_rest>[^\n]{0,300}?)-?%\}"
    r"|<(?P<jsx_end>/)?(?P<jsx>[A-Z][\w.]{0,40})(?P<jsx_rest>(?:\s[^<>]{0,600}?)?)(?P<jsx_empty>/)?>"
)
_ANY_TAG = re.compile(_TAG)
_ALONE = re.compile(rf"^([ \t]*)(?:{_TAG})[ \t]*$")
_ARGUMENT = re.compile(
    r"(?:(?P<key>[\w-]+)\s*=\s*)?(?:\"(?P<double>[^\"]*)\"|'(?P<single>[^']*)'|\{[\"'`](?P<braced>[^\"'`]*)[\"'`]\}|(?P<bare>[\w./-]+))"
)
_NAMES = ("title", "label", "header", "heading", "name", "summary", "tabname", "value")
_KEYS = re.compile(r"(?<!\+)\+\+([a-z0-9-]+(?:\+[a-z0-9-]+)*)\+\+(?!\+)", re.I)
_ICON = re.compile(r"(?<![\w:]):(?:material|fontawesome|octicons|simple)-[\w-]+:(?:\{[^}\n]*\})?")


def plain_markdown(text: str, *, components: bool = False) -> str:
    """Return CommonMark of the dialects' Markdown; ``components`` says that the file is MDX."""
    if components:
        text = _outside_code(text, _without_javascript)
    lines = _outside_fences(text.splitlines(), _tags_on_their_own_lines)
    return "\n".join(_outside_fences(_blocks(lines), _within_lines))


def _outside_code(text: str, change: Callable[[str], str]) -> str:
    return "\n".join(_outside_fences(text.splitlines(), lambda lines: change("\n".join(lines)).splitlines()))


def _outside_fences(lines: Iterable[str], change: Callable[[list[str]], list[str]]) -> list[str]:
    """Apply a change to the stretches of lines between blocks of code."""
    changed: list[str] = []
    plain: list[str] = []
    fence = ""
    for line in lines:
        before, fence = fence, _fence_after(fence, line)
        if before or fence:
            changed += [*change(plain), line]
            plain = []
        else:
            plain.append(line)
    return [*changed, *change(plain)]


def _fence_after(fence: str, line: str) -> str:
    """Return the fence that is open after a line, when ``fence`` was open before it; empty when none is."""
    match = _FENCE.match(line)
    if not fence:
        return match[1] if match else ""
    closes = match and match[1].startswith(fence) and not line.strip("> \t").strip(match[1][0])
    return "" if closes else fence


def _without_javascript(text: str) -> str:
    return _EXPRESSION.sub("", _ESM.sub("", _JSX_COMMENT.sub("", text)))


def _tags_on_their_own_lines(lines: list[str]) -> list[str]:
    """Put tags of components and shortcodes that hold blocks on lines of their own, where `_blocks` finds them."""
    apart: list[str] = []
    for line in _joined_tags(lines):
        match = _ANY_TAG.match(line.strip())
        if match and _shape(match) and match.end() < len(line.strip()):
            indent = line[: len(line) - len(line.lstrip())]
            rest = line.strip()[match.end() :]
            apart.append(indent + match[0])
            apart += _tags_on_their_own_lines([indent + rest.strip()])
            continue
        last = [
            one for one in _ANY_TAG.finditer(line) if _shape(one) and _ends(one) and one.end() == len(line.rstrip())
        ]
        if last and line[: last[-1].start()].strip():
            indent = line[: len(line) - len(line.lstrip())]
            apart += [line[: last[-1].start()].rstrip(), indent + last[-1][0]]
            continue
        apart.append(line)
    return apart


def _joined_tags(lines: Iterable[str]) -> list[str]:
    """Join the lines of a component's tag whose attributes stand below each other."""
    joined: list[str] = []
    for line in lines:
        before = joined[-1] if joined else ""
        if re.match(r"\s*<[A-Z][\w.]*(?:\s[^<>]*)?$", before) and len(before) < 1000:
            joined[-1] = f"{before} {line.strip()}"
        else:
            joined.append(line)
    return joined


def _blocks(lines: Sequence[str]) -> list[str]:
    """Rewrite the blocks that hold lines, the outer ones first."""
    written: list[str] = []
    place = 0
    fence = ""
    while place < len(lines):
        before, fence = fence, _fence_after(fence, lines[place])
        if before or fence:
            written.append(lines[place])
            place += 1
        else:
            place += _block(lines, place, written)
    return written


def _block(lines: Sequence[str], place: int, written: list[str]) -> int:
    """Write the block or line at ``place``; return how many lines it took."""
    line = lines[place]
    if match := _BANG.match(line):
        held = _indented(lines, place + 1, len(match[1]) + 1)
        _write_note(match[1], match[2] or "note", match[3] or "", _dedented(held), written)
        return 1 + len(held)
    if match := _TAB.match(line):
        held = _indented(lines, place + 1, len(match[1]) + 1)
        _write_headed(match[1], match[2], _dedented(held), written)
        return 1 + len(held)
    if match := _COLONS.match(line):
        held = _until_colons(lines, place + 1, match[2])
        _write_colons(match[1], match[3], (match[4] or match[5] or "").strip(), held, written)
        return 2 + len(held)
    if _COLONS_END.match(line):
        return 1
    if match := _ALERT.match(line):
        kind = match[2].lower()
        label = labelled(kind, match[3])
        written.append(f"{match[1].rstrip()} **{label}{'' if ':' in label else ':'}**")
        if ":" in label:
            written.append(match[1].rstrip())
        return 1
    tag = _ALONE.match(line)
    if tag and (shape := _shape(tag)):
        return _component(lines, place, tag, shape, written)
    return _other(line, written)


def _other(line: str, written: list[str]) -> int:
    if not _DROPPED.fullmatch(line):
        written.append(line)
    return 1


def _write_colons(indent: str, name: str, title: str, held: list[str], written: list[str]) -> None:
    kind = name.lower()
    if kind in KINDS or kind in _FRAMES:
        _write_note(indent, "note" if kind in _FRAMES else kind, title, held, written)
    else:
        _write_headed(indent, title, held, written)


def _component(lines: Sequence[str], place: int, tag: re.Match[str], shape: str, written: list[str]) -> int:
    """Write what a component or shortcode holds; return how many lines it took."""
    if _ends(tag):
        return 1
    name, rest = _name(tag), _rest(tag)
    end = _end_of(lines, place + 1, name)
    held, took = _dedented(lines[place + 1 : end]), (end or place) - place + 1
    arguments = _arguments(rest)
    title = next((arguments[key] for key in _NAMES if arguments.get(key)), "") or arguments.get("", "")
    indent = tag[1]
    if end is None:
        return 1
    if shape == "note":
        said = (*(arguments.get(key) or "" for key in ("type", "style", "kind", "color")), name, title)
        kind = next((one.lower() for one in said if one.lower() in KINDS), "note")
        _write_note(indent, kind, title, held, written)
    elif shape == "headed":
        _write_headed(indent, title, held, written)
    elif shape == "steps":
        _write_steps(indent, held, written)
    else:
        written += [f"{indent}{line}" for line in _blocks(held)]
    return took


def _write_note(indent: str, kind: str, title: str, held: Sequence[str], written: list[str]) -> None:
    label = labelled(kind, title)
    inside = _blocks(held)
    while inside and not inside[0].strip():
        inside.pop(0)
    begins = bool(inside) and bool(re.match(r"[^\s\-*+>#|`~<\d]", inside[0]))
    if (title.strip() and ":" in label) or not begins:
        inside = [f"**{label}{'' if ':' in label or not inside else ':'}**", "", *inside]
    else:
        inside[0] = f"**{label}:** {inside[0]}"
    written += ["", *(f"{indent}> {line}".rstrip() for line in inside), ""]


def _write_headed(indent: str, title: str, held: Sequence[str], written: list[str]) -> None:
    inside = [f"**{title}**", ""] if title else []
    written += ["", *(f"{indent}{line}".rstrip() for line in [*inside, *_blocks(held)]), ""]


def _write_steps(indent: str, held: Sequence[str], written: list[str]) -> None:
    """Write the steps of a component as a numbered list."""
    number, place = 0, 0
    while place < len(held):
        tag = _ALONE.match(held[place])
        if not tag or _ends(tag) or _name(tag) != "step":
            place += _block(held, place, written)
            continue
        end = _end_of(held, place + 1, "step")
        inside = _dedented(held[place + 1 : end]) if end is not None else []
        arguments = _arguments(_rest(tag))
        title = arguments.get("title") or arguments.get("stepname") or ""
        number += 1
        lines = [f"**{title}**", "", *inside] if title else list(inside)
        while lines and not lines[0].strip():
            lines.pop(0)
        sign = f"{number}. "
        lines = _blocks(lines) or [""]
        written += [
            "",
            *(f"{indent}{sign if not n else ' ' * len(sign)}{line}".rstrip() for n, line in enumerate(lines)),
        ]
        place = (end if end is not None else place) + 1
    written.append("")


def _shape(tag: re.Match[str]) -> str:
    """Return how what a tag holds is written; empty for tags that are only removed."""
    name = _name(tag)
    if tag["jsx_empty"]:
        return ""
    if name in KINDS or name in _FRAMES:
        return "note"
    if name in _TABS:
        return "headed"
    if name == "steps" or name == "stepper":
        return "steps"
    return (
        "held"
        if name
        in ("tabs", "tabpane", "tabbed", "codegroup", "codetabs", "cardgroup", "cards", "accordiongroup", "step")
        else ""
    )


def _name(tag: re.Match[str]) -> str:
    return (tag["short"] or tag["block"] or tag["jsx"]).lower().rpartition("/")[2].replace("-", "")


def _rest(tag: re.Match[str]) -> str:
    return tag["short_rest"] or tag["block_rest"] or tag["jsx_rest"] or ""


def _ends(tag: re.Match[str]) -> bool:
    return bool(tag["short_end"] or tag["block_end"] or tag["jsx_end"])


def _arguments(rest: str) -> dict[str, str]:
    """Return a tag's arguments by name in lower case; the first nameless one has an empty name."""
    found: dict[str, str] = {}
    for match in _ARGUMENT.finditer(rest):
        value = next((match[kind] for kind in ("double", "single", "braced", "bare") if match[kind] is not None), "")
        found.setdefault((match["key"] or "").lower(), value)
    return found


def _end_of(lines: Sequence[str], place: int, name: str) -> int | None:
    """Return the line on which the tag that began before ``place`` ends."""
    depth = 1
    for number in range(place, len(lines)):
        tag = _ALONE.match(lines[number])
        if tag and _name(tag) == name and not tag["jsx_empty"]:
            depth += -1 if _ends(tag) else 1
            if not depth:
                return number
    return None


def _indented(lines: Sequence[str], place: int, least: int) -> list[str]:
    """Return the lines from ``place`` on that are indented, with empty ones between them."""
    held: list[str] = []
    for line in lines[place:]:
        if line.strip() and len(line) - len(line.lstrip()) < least:
            break
        held.append(line)
    while held and not held[-1].strip():
        held.pop()
    return held


def _until_colons(lines: Sequence[str], place: int, opened: str) -> list[str]:
    """Return the lines up to the colons that close a container; one within another may use as many."""
    depth, fence = 1, ""
    for number in range(place, len(lines)):
        before, fence = fence, _fence_after(fence, lines[number])
        if before or fence:
            continue
        if end := _COLONS_END.match(lines[number]):
            depth -= 1
            if not depth or len(end[1]) > len(opened):
                return list(lines[place:number])
        elif _COLONS.match(lines[number]):
            depth += 1
    return list(lines[place:])


def _dedented(lines: Sequence[str]) -> list[str]:
    least = min((len(line) - len(line.lstrip()) for line in lines if line.strip()), default=0)
    return [line[least:] for line in lines]


def _within_lines(lines: list[str]) -> list[str]:
    """Take the marks within lines off, where they are not code."""
    return [_outside_code_spans(line) for line in lines]


def _outside_code_spans(line: str) -> str:
    parts = re.split(r"(`+[^`]*`+)", line)
    parts[::2] = [_without_marks(part) for part in parts[::2]]
    return "".join(parts)


def _without_marks(text: str) -> str:
    text = _ANY_TAG.sub(_only_words, text)
    text = _KEYS.sub(lambda match: "+".join(f"<kbd>{key.capitalize()}</kbd>" for key in match[1].split("+")), text)
    return _ICON.sub("", text)


def _only_words(tag: re.Match[str]) -> str:
    """Return what is shown of a tag within a line: the target of a reference, or nothing."""
    if (tag["short"] or tag["block"]) and _name(tag) in ("ref", "relref", "link"):
        return _arguments(_rest(tag)).get("", "")
    return ""
