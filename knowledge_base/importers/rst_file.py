"""Import a page of reStructuredText, also with what Sphinx and its extensions add to it.

docutils parses; directives and roles that it lacks are taken for what they mean to a reader (`rst_markup`). Nothing is
executed or included: https://docutils.sourceforge.io/docs/howto/security.html
"""

import posixpath
import re

from docutils.core import publish_parts
from docutils.utils import SystemMessage
from lxml.html import HtmlElement

from knowledge_base.importers.document import LEFT_OUT, Document, NotImported, decode_text
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.plain_markup import make_plain
from knowledge_base.importers.rst_markup import know_markup_of

_SETTINGS = {
    "file_insertion_enabled": False,
    "raw_enabled": False,
    "report_level": 5,
    "halt_level": 5,
    "doctitle_xform": False,
    "docinfo_xform": False,
    "initial_header_level": 1,
    "embed_stylesheet": False,
    "syntax_highlight": "none",
    "math_output": "LaTeX",
    "section_self_link": False,
    "toc_backlinks": False,
    "footnote_backlinks": False,
    "line_length_limit": 1_000_000,
    "_disable_config": True,
}
_TARGET = re.compile(r"^\.\. _(`[^`\n]+`|[^:`\n]+):[ \t]*$")
_ADORNMENT = re.compile(r"([^\w\s])\1{2,}[ \t]*$")
_REFERENCE = re.compile(r"`([^`<>\n]{1,200}?)(?:\s*<[^<>\n]{0,500}>)?`__?(?!\w)")
# A character that nobody sees: the text of a substitution may not be empty.
_NOTHING = "\u200b"
_SUBSTITUTION = re.compile(r"(?<![\w|`])\|([A-Za-z][\w .+-]{0,60}?)\|(?![|`])")
_DEFINED = re.compile(r"^[ \t]*\.\. \|([^|\n]+)\|[ \t]", re.MULTILINE)
# Fields before everything else describe the file: `:orphan:`, `:nosearch:`.
_FIELDS = re.compile(r"\A\s*(?::[\w -]{1,60}:[^\n]*\n(?:[ \t]+[^\n]*\n)*)+")


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the page as one document. Raises NotImported."""
    text = _FIELDS.sub("", decode_text(content, charset).replace("\r\n", "\n"))
    if not _has_words(text):
        raise NotImported(f"{LEFT_OUT}a page that only lists other pages")
    depth = posixpath.normpath(name).count("/") if "://" not in name else 0
    know_markup_of(text, _labels(text), "../" * depth)
    try:
        body = publish_parts(_with_substitutions(text), source_path=None, writer="html5", settings_overrides=_SETTINGS)[
            "html_body"
        ]
    except SystemMessage:
        raise NotImported("broken: it cannot be read as reStructuredText") from None
    tree = parse_html(body.replace(_NOTHING, "") or " ")
    _plain_words(tree)
    make_plain(tree)
    first = next(tree.iter("h1"), None)
    title = words_of(first) if first is not None else ""
    if first is not None:
        first.drop_tree()
    return [Document(title, safe_fragment(tree))]


def _has_words(text: str) -> bool:
    """Return False for a page that is nothing but a title and tables of contents."""
    if ".. toctree::" not in text:
        return True
    outside = re.sub(r"^\.\. toctree::[^\n]*\n(?:[ \t]+[^\n]*\n|[ \t]*\n)*", "", f"{text}\n", flags=re.MULTILINE)
    lines = [line for line in outside.splitlines() if line.strip() and not line.startswith(("..", "   ", ":"))]
    return sum(not _ADORNMENT.match(line) for line in lines) > 1


def _labels(text: str) -> dict[str, str]:
    """Return the heading behind each label of the page, which a reference without words of its own shows."""
    labels: dict[str, str] = {}
    waiting: list[str] = []
    lines = text.splitlines()
    for number, line in enumerate(lines):
        if match := _TARGET.match(line):
            waiting.append(match[1].strip("`").casefold())
        elif line.strip() and not _ADORNMENT.match(line):
            below = lines[number + 1] if number + 1 < len(lines) else ""
            heading = line.strip() if _ADORNMENT.match(below) else ""
            labels.update(dict.fromkeys(waiting, heading))
            waiting = []
    return labels


def _with_substitutions(text: str) -> str:
    """Define the substitutions that the site's settings define, such as `|version|`, as nothing."""
    used = {name.casefold() for name in _SUBSTITUTION.findall(text)}
    missing = used - {name.casefold() for name in _DEFINED.findall(text)}
    return "\n".join([text, "", *(f".. |{name}| replace:: {_NOTHING}" for name in sorted(missing)), ""])


def _plain_words(tree: HtmlElement) -> None:
    """Mark what docutils sets as code, and leave of links that lead nowhere their words."""
    for literal in tree.iter("span", "tt"):
        if "literal" in (literal.get("class") or "").split():
            literal.tag = "code"
    for element in tree.iter():
        if element.tag in ("pre", "code"):
            element.tail = _without_link_marks(element.tail)
        elif isinstance(element.tag, str):
            element.text, element.tail = _without_link_marks(element.text), _without_link_marks(element.tail)


def _without_link_marks(text: str | None) -> str | None:
    return _REFERENCE.sub(r"\1", text) if text and "`" in text else text
