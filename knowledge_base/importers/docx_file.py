"""Import a Word document (DOCX): headings, lists, code, notes and tables by their styles."""

import io
from typing import Any

import mammoth
from lxml.html import HtmlElement

from knowledge_base.importers.admonitions import KINDS
from knowledge_base.importers.document import LONGEST_MARKUP, Document, NotImported
from knowledge_base.importers.docx_parts import CODE, CODE_WORDS, NOTE, NUMBER, TITLE, prepared
from knowledge_base.importers.markup import parse_html, safe_fragment, words_of
from knowledge_base.importers.packed import refuse_bombs
from knowledge_base.importers.plain_markup import make_plain

_STYLES = "\n".join(
    [
        f"p.{TITLE} => p.{TITLE}:fresh",
        f"p.{CODE} => pre:separator('\\n')",
        f"r.{CODE_WORDS} => code",
        *(f"p.{NOTE}{kind} => div.admonition.{kind} > p:fresh" for kind in KINDS),
    ]
)
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"


def read(content: bytes, name: str, charset: str | None = None) -> list[Document]:
    """Return the file as one document. Raises NotImported."""
    if content.startswith(_OLD_OFFICE):
        raise NotImported("encrypted, or of the old kind .doc: save it as .docx without a password")
    refuse_bombs(content, "DOCX")
    try:
        found = mammoth.convert_to_html(
            io.BytesIO(prepared(content)), style_map=_STYLES, convert_image=mammoth.images.img_element(_no_picture)
        )
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 - the library raises any exception on a damaged part
        raise NotImported(f"broken: it cannot be read as DOCX ({type(error).__name__})") from None
    if len(found.value) > LONGEST_MARKUP:
        raise NotImported(f"huge: more than {LONGEST_MARKUP // 1_000_000} million characters; split it")
    tree = parse_html(found.value or " ")
    _set_numbers(tree)
    make_plain(tree)
    return [Document(_take_title(tree), safe_fragment(tree))]


def _take_title(tree: HtmlElement) -> str:
    """Return the title, by its style or the first main heading; remove it where it only names."""
    titles = [one for one in tree.iter("p") if one.get("class") == TITLE]
    headings = list(tree.iter("h1"))
    title = " ".join(words_of(one) for one in titles) or next((words_of(one) for one in headings), "")
    for named in titles or (headings if len(headings) == 1 else []):
        named.drop_tree()
    return title


def _set_numbers(tree: HtmlElement) -> None:
    """Number items as the document does, also where a paragraph stands between them."""
    for element in tree.iter():
        for text in ("text", "tail"):
            for number in NUMBER.findall(getattr(element, text) or ""):
                item = next((one for one in (element, *element.iterancestors()) if one.tag == "li"), None)
                if item is not None:
                    item.set("value", number)
                setattr(element, text, NUMBER.sub("", getattr(element, text)))


def _no_picture(_image: Any) -> dict[str, str]:
    return {}
