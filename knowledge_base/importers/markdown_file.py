"""Import a Markdown or MDX page, with front matter in YAML (`---`) or TOML (`+++`), and embedded HTML."""

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from markdown_it import MarkdownIt
from mdit_py_plugins.deflist import deflist_plugin
from mdit_py_plugins.footnote import footnote_plugin
from mdit_py_plugins.tasklists import tasklists_plugin
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge_base.importers.document import LEFT_OUT, Document, NotImported, decode_text
from knowledge_base.importers.kinds import file_kind
from knowledge_base.importers.markdown_dialects import plain_markdown
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.plain_markup import make_plain
from knowledge_base.safe_html import HEADINGS

_MARKDOWN = (
    MarkdownIt("commonmark", {"html": True})
    .enable(["table", "strikethrough"])
    .use(deflist_plugin)
    .use(footnote_plugin)
    .use(tasklists_plugin)
)
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# Attributes that Kramdown, MkDocs, Hugo and Docusaurus write behind a heading or a link: {#id}, {: .class}, { #id }.
_HEADING_ATTRIBUTES = re.compile(r"\s*\{:?\s*((?:[#.][\w.:-]+|[\w-]+=(?:\"[^\"]*\"|\S+?))(?:\s+[^{}]*?)?)\s*\}\s*$")
_ATTRIBUTES_AFTER = re.compile(r"^\{:?\s*(?:[#.:][\w.:-]+|[\w-]+=(?:\"[^\"]*\"|[^\s}]+))[^{}]*\}")
_LONGEST_FRONT_MATTER = 20_000


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the page as one document. Raises NotImported."""
    text = decode_text(content, charset)
    fields, body = _front_matter(text)
    if fields.get("redirect_to") or fields.get("redirect"):
        raise NotImported(f"{LEFT_OUT}a page that only leads to another one")
    tree = parse_html(_MARKDOWN.render(plain_markdown(body, components=file_kind(name) == ".mdx")) or " ")
    _take_attributes(tree)
    make_plain(tree)
    title = str(fields.get("title") or "").strip()
    first = next(tree.iter("h1"), None)
    if first is not None and (not title or words_of(first) == title):
        title = words_of(first)
        first.drop_tree()
    address = str(fields.get("source_url") or "")
    known = urlsplit(address).scheme in ("http", "https")
    return [Document(title, safe_fragment(tree), address if known else None)]


def _take_attributes(tree: HtmlElement) -> None:
    """Set the id that attributes behind a heading name, and remove attributes behind headings and links."""
    for heading in tree.iter(*HEADINGS):
        last = heading[-1] if len(heading) else None
        text = (last.tail if last is not None else heading.text) or ""
        if match := _HEADING_ATTRIBUTES.search(text):
            own = re.search(r"#([\w.:-]+)", match[1])
            if own:
                heading.set("id", own[1])
            if last is not None:
                last.tail = text[: match.start()]
            else:
                heading.text = text[: match.start()]
    for element in tree.iter("a", "img", "code", "em", "strong", "kbd"):
        if element.tail:
            element.tail = _ATTRIBUTES_AFTER.sub("", element.tail)


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(text[: _LONGEST_FRONT_MATTER + 10])
    if not match:
        return {}, text
    try:
        fields = YAML(typ="safe", pure=True).load(match[2]) if match[1] == "---" else tomllib.loads(match[2])
    except (YAMLError, tomllib.TOMLDecodeError, ValueError) as error:
        raise NotImported(f"broken: its front matter cannot be read ({type(error).__name__})") from None
    return (fields if isinstance(fields, dict) else {}), text[match.end() :]
