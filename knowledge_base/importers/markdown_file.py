"""Import a Markdown page, with front matter in YAML (`---`) or TOML (`+++`), and embedded HTML."""

import re
import tomllib
from typing import Any
from urllib.parse import urlsplit

from markdown_it import MarkdownIt
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from knowledge_base.importers.document import Document, NotImported, decode_text
from knowledge_base.importers.markup import parse_html, safe_fragment, set_heading_ids

_MARKDOWN = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
_FRONT_MATTER = re.compile(r"\A(---|\+\+\+)[ \t]*\r?\n(.*?)\r?\n\1[ \t]*(?:\r?\n|\Z)", re.DOTALL)
# Markup of site generators: {{< note >}}, {{% tip %}}, {% raw %}, > [!NOTE], ::: warning.
_SHORTCODE = re.compile(r"\{\{[<%][^\n]{0,500}?[>%]\}\}|\{%[^\n]{0,300}?%\}|^:::.*$|(?<=^> )\[!\w+\]", re.MULTILINE)
_LONGEST_FRONT_MATTER = 20_000


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the page as one document. Raises NotImported."""
    text = decode_text(content, charset)
    fields, body = _front_matter(text)
    tree = parse_html(_MARKDOWN.render(_SHORTCODE.sub("", body)) or " ")
    set_heading_ids(tree)
    title = str(fields.get("title") or "").strip()
    first = next(tree.iter("h1"), None)
    if first is not None and (not title or " ".join(first.text_content().split()) == title):
        title = " ".join(first.text_content().split())
        first.drop_tree()
    address = str(fields.get("source_url") or "")
    known = urlsplit(address).scheme in ("http", "https")
    return [Document(title, safe_fragment(tree), address if known else None)]


def _front_matter(text: str) -> tuple[dict[str, Any], str]:
    match = _FRONT_MATTER.match(text[: _LONGEST_FRONT_MATTER + 10])
    if not match:
        return {}, text
    try:
        fields = YAML(typ="safe", pure=True).load(match[2]) if match[1] == "---" else tomllib.loads(match[2])
    except (YAMLError, tomllib.TOMLDecodeError, ValueError) as error:
        raise NotImported(f"broken: its front matter cannot be read ({type(error).__name__})") from None
    return (fields if isinstance(fields, dict) else {}), text[match.end() :]
