"""The allow-list of HTML in foreign pages, shared by importers and the manual's site."""

import nh3

TAGS = {
    "a", "abbr", "b", "blockquote", "br", "caption", "code", "dd", "del", "dl", "dt", "em", "figcaption",
    "figure", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "i", "img", "ins", "kbd", "li", "mark", "ol", "p", "pre",
    "q", "s", "samp", "small", "strong", "sub", "sup", "table", "tbody", "td", "tfoot", "th", "thead", "tr",
    "u", "ul", "var",
}  # fmt: skip
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SCHEMES = {"http", "https", "mailto", "tel"}
_SPANS = {"colspan", "rowspan"}
ATTRIBUTES = {
    "a": {"href", "title"},
    "img": {"src", "alt"},
    "ol": {"start", "type", "reversed"},
    "li": {"value"},
    "td": _SPANS,
    "th": _SPANS,
}


def with_heading_ids(raw: str) -> str:
    """Return sanitised HTML that keeps its headings' ids: the form in which an importer stores a page.

    Pictures may be in the markup itself until their files are stored.
    """
    allowed = {**ATTRIBUTES, **{heading: {"id"} for heading in HEADINGS}}
    return nh3.clean(
        raw,
        tags=TAGS,
        attributes=allowed,
        url_schemes=SCHEMES | {"data"},
        attribute_filter=_no_data_links,
        link_rel="noopener noreferrer",
    )


def _no_data_links(tag: str, attribute: str, value: str) -> str | None:
    return None if attribute == "href" and value.strip().lower().startswith("data:") else value
