"""The directives and roles of Sphinx and its extensions, by what they mean to a reader.

docutils drops what it does not know, with everything in it. So each name that a page uses is known before it is parsed:
as a note, tabs, code, a description of an option or function, or as nothing but the text in it.
"""

# docutils is not typed.
# mypy: disable-error-code="misc"

import re
from typing import Any

from docutils import nodes
from docutils.parsers.rst import Directive, directives, roles
from docutils.parsers.rst.languages import en as english
from docutils.parsers.rst.states import Inliner

from bot.triage.text.plain_text import word_set

_USED_DIRECTIVE = re.compile(r"^[ \t]*(?:\.\. (?:\|[^|\n]+\| )?)([A-Za-z][\w:+.-]*?)::(?:[ \t]|$)", re.MULTILINE)
_USED_ROLE = re.compile(r":([A-Za-z][\w:+.-]*):`")
_TITLED = re.compile(r"(.+?)\s*(?<!\\)<([^<>]+)>$", re.DOTALL)

_DROPPED = word_set(
    "toctree index literalinclude include contents highlight currentmodule module py:module py:currentmodule "
    "automodule autoclass autofunction automethod autoattribute autodata autosummary autoenum tabularcolumns meta raw "
    "sectnum default-role testsetup testcleanup graphviz digraph graph uml mermaid youtube vimeo video audio "
    "sectionauthor codeauthor moduleauthor todolist bibliography plot program default-domain cssclass rst-class class "
    "header footer title date target-notes restructuredtext-test-directive button-link button-ref inheritance-diagram "
    "inheritance_diagram click command-output program-output rstcheck spelling:word-list config:option:list"
)
_CODE = word_set(
    "code code-block sourcecode "
    "prompt console doctest testcode testoutput code-cell ipython jupyter-execute parsed-code "
    "code-tab code-example command productionlist highlight-block literal-block"
)
_TRANSPARENT = word_set(
    "tabs tab-set tab-set-code md-tab-set content-tabs only ifconfig cond grid panels container hlist acks glossary "
    "compound centered "
    "card-carousel grid-item rst-example nested-parse div flat-table tabbed-set details-set figure-md"
)
_TITLES = word_set(
    "tab group-tab tab-item md-tab-item tabbed dropdown card grid-item-card collapse toggle details step"
)
_NOTES = {"seealso": "seealso", "todo": "todo", "deprecated": "", "warn": "warning", "info": "info"}
_VERSIONS = {
    "versionadded": "New in version",
    "versionchanged": "Changed in version",
    "versionremoved": "Removed in version",
    "deprecated": "Deprecated since version",
    "version-added": "New in version",
    "version-changed": "Changed in version",
    "version-deprecated": "Deprecated since version",
}
_STRONG = word_set("guilabel menuselection dfn term-strong button")
_WORDS = word_set("ref doc term abbr numref any sup sub download pep rfc cve cwe issue pr user ghissue eq keyword")


class _Lenient(dict[str, Any]):
    """Options of a directive: those that it lacks are taken and left alone."""

    def __missing__(self, name: str) -> Any:
        return directives.unchanged

    def __bool__(self) -> bool:
        return True


class _Any(Directive):
    """A directive with any arguments, options and content."""

    optional_arguments = 1
    final_argument_whitespace = True
    has_content = True
    option_spec = _Lenient()

    def inside(self, around: nodes.Element) -> nodes.Element:
        """Parse the content into a node."""
        self.state.nested_parse(self.content, self.content_offset, around)
        return around

    def argument(self) -> list[nodes.Node]:
        """Return the argument as running text."""
        words = " ".join(self.arguments[0].split()) if self.arguments else ""
        parsed, _ = self.state.inline_text(words, self.lineno)
        return list(parsed)


class _Dropped(_Any):
    def run(self) -> list[nodes.Node]:
        return []


class _Code(_Any):
    def run(self) -> list[nodes.Node]:
        text = "\n".join(self.content)
        caption = self.options.get("caption")
        before = [nodes.paragraph("", str(caption))] if caption else []
        named = self.arguments[0].split(None, 1)[1:] if self.name == "code-tab" and self.arguments else []
        before += [nodes.paragraph("", "", nodes.strong("", title)) for title in named]
        return [*before, nodes.literal_block(text, text)] if text.strip() else list(before)


class _Transparent(_Any):
    def run(self) -> list[nodes.Node]:
        return list(self.inside(nodes.container()).children)


class _Titled(_Any):
    def run(self) -> list[nodes.Node]:
        title = self.argument()
        before = [nodes.paragraph("", "", nodes.strong("", "", *title))] if title else []
        return [*before, *self.inside(nodes.container()).children]


class _Note(_Any):
    def run(self) -> list[nodes.Node]:
        kind = _NOTES.get(self.name) or "note"
        box = nodes.admonition("", classes=[kind])
        box += nodes.title("", "See also" if kind == "seealso" else kind.capitalize())
        if title := self.argument():
            box += nodes.paragraph("", "", *title)
        return [self.inside(box)]


class _Version(_Any):
    def run(self) -> list[nodes.Node]:
        number, *others = (self.arguments[0] if self.arguments else "").split(None, 1)[:2] or [""]
        rest = " ".join(" ".join(others).split())
        words, _ = self.state.inline_text(rest, self.lineno)
        said = f"{_VERSIONS[self.name]} {number}{':' if rest or self.content else '.'} "
        paragraph = nodes.paragraph("", "", nodes.emphasis("", said.strip()), nodes.Text(" "), *words)
        return [paragraph, *self.inside(nodes.container()).children]


class _Described(_Any):
    """An option, setting, function or class: its signatures, and what is said of it."""

    def run(self) -> list[nodes.Node]:
        item = nodes.definition_list_item()
        for signature in self.arguments[0].splitlines() if self.arguments else []:
            item += nodes.term("", "", nodes.literal("", signature.strip()))
        item += self.inside(nodes.definition())
        return [nodes.definition_list("", item)] if self.arguments else list(item.children)


def know_markup_of(text: str, labels: dict[str, str], root: str) -> None:
    """Make every directive and role that the text uses known to docutils.

    ``labels`` are the headings behind the page's own labels, ``root`` leads from the page to the top of the manual.
    """
    for name in set(_USED_DIRECTIVE.findall(text)):
        directives.register_directive(name, _directive(name.lower()))
    for name in set(_USED_ROLE.findall(text)):
        if name.lower() not in _OF_DOCUTILS:
            roles.register_local_role(name, _role(name.lower().rpartition(":")[2], labels, root))


# Roles that docutils itself shows as they are meant.
_OF_DOCUTILS = word_set("emphasis strong literal code math title title-reference subscript superscript")


def _directive(name: str) -> type[Directive]:
    plain = name.rpartition(":")[2]
    for names, kind in ((_DROPPED, _Dropped), (_CODE, _Code), (_VERSIONS, _Version), (_NOTES, _Note)):
        if name in names or plain in names:
            return kind
    for names, kind in ((_TRANSPARENT, _Transparent), (_TITLES, _Titled)):
        if name in names:
            return kind
    if name in english.directives:
        known, _ = directives.directive(name, english, None)
        return known if issubclass(known, _Any) else _lenient(known)
    return _Described if ":" in name or plain in _DESCRIBED else _Titled


_DESCRIBED = word_set(
    "option cmdoption envvar confval setting describe object function method class data attribute property exception "
    "decorator macro type var member enum enumerator struct union django-admin templatetag templatefilter fieldlookup "
    "signal rst:directive role staticmethod classmethod decoratormethod describe get post put delete patch "
    "config:option program-option config-setting"
)


def _lenient(known: type[Directive]) -> type[Directive]:
    if isinstance(known.option_spec, _Lenient):
        return known
    return type(known.__name__, (known,), {"option_spec": _Lenient(known.option_spec or {})})


def _role(kind: str, labels: dict[str, str], root: str) -> Any:
    def role(
        name: str, rawtext: str, text: str, lineno: int, inliner: Inliner, options: Any = None, content: Any = None
    ) -> tuple[list[nodes.Node], list[nodes.system_message]]:
        return [_shown(kind, nodes.unescape(text), labels, root)], []

    return role


def _shown(kind: str, text: str, labels: dict[str, str], root: str) -> nodes.Node:
    """Return what a reader sees of a role's text."""
    titled = _TITLED.match(text.strip())
    words, target = (titled[1], titled[2].strip()) if titled else (text.strip().lstrip("!"), text.strip().lstrip("!"))
    if kind == "menuselection":
        return nodes.strong("", re.sub(r"\s*-->\s*", " > ", words).replace("&", ""))
    if kind in _STRONG:
        return nodes.strong("", words.replace("&", ""))
    if kind == "doc":
        address = f"{root}{target.lstrip('/')}" if target.startswith("/") else target
        shown = words if titled else target.rpartition("/")[2].replace("-", " ").replace("_", " ")
        return nodes.reference("", shown, refuri=f"{address}.rst")
    if kind in ("ref", "numref"):
        heading = labels.get(target.casefold())
        shown = words if titled else heading or re.sub(r"[-_]+", " ", target.rpartition(":")[2])
        return nodes.reference("", shown, refuri=f"#{nodes.make_id(target)}") if heading else nodes.inline("", shown)
    if kind == "abbr":
        return nodes.inline("", text.strip())
    if kind in ("pep", "rfc"):
        return nodes.inline("", words if titled else f"{kind.upper()} {words}")
    if kind in _WORDS:
        return nodes.inline("", words)
    short = words.lstrip("~").rpartition(".")[2] if words.startswith("~") else words
    return nodes.literal("", short)
