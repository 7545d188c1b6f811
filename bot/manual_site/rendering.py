"""Render a manual page as safe HTML: Markdown or imported HTML in, sanitised body and its headings out.

Imported manuals are untrusted. Everything passes nh3 first; only then are our own ids, classes and wrappers added, so
that no id or class of the page's author can reach the site.
"""

import html
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from urllib.parse import urljoin

import nh3
from markdown_it import MarkdownIt

from knowledge_base.pages import Page
from knowledge_base.safe_html import ATTRIBUTES, SCHEMES, TAGS

_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEADING = re.compile(r"<h([1-6])>(.*?)</h\1>", re.DOTALL)
_DO_NOT = re.compile(r"<blockquote>(?=\s*<p><strong>Do not</strong>)")
# A picture that is not stored with the manual.
_ELSEWHERE = re.compile(r"<img(?![^>]* src=)[^>]*>")
_INNER_TAG = re.compile(r"<[^>]*>")


@dataclass(frozen=True)
class Heading:
    """One entry of a page's section navigation; ``text`` is plain, not HTML."""

    anchor: str
    text: str
    level: int


@dataclass(frozen=True)
class Body:
    """A rendered page: HTML that may be inserted as it is, and the headings in it."""

    html: str
    headings: tuple[Heading, ...]


def render(page: Page) -> Body:
    """Return the page's body; headings carry the anchors of ``page.sections``, the targets of search results."""
    markdown = _COMMENT.sub("", page.markdown or "")
    clean = sanitise(page.html or _MARKDOWN.render(markdown), page.source_url)
    headings: list[Heading] = []
    numbered = _HEADING.sub(_anchor_giver([(s.heading, s.anchor) for s in page.sections], headings), clean)
    marked = _DO_NOT.sub('<blockquote class="do-not">', numbered)
    return Body(_scrollable_tables(marked), tuple(headings))


def sanitise(raw: str, source_url: str | None = None) -> str:
    """Return HTML with harmless tags only. Relative links of an imported page lead to its original site.

    Pictures are shown that are stored with the manual, so that no other site learns who reads it.
    """

    def point_home(tag: str, attribute: str, value: str) -> str | None:
        if attribute == "src":
            return value if value.startswith("/manual/") else None
        if attribute == "href" and source_url and not value.startswith("#"):
            return urljoin(source_url, value)
        return value

    clean = nh3.clean(
        raw,
        tags=TAGS,
        attributes=ATTRIBUTES,
        attribute_filter=point_home,
        url_schemes=SCHEMES,
        link_rel="noopener noreferrer",
    )
    return _ELSEWHERE.sub("", clean).replace("<img ", '<img loading="lazy" ')


def sanitise_excerpt(raw: str) -> str:
    """Return a search excerpt: text and ``<mark>``, nothing else."""
    return nh3.clean(raw, tags={"mark"}, attributes={})


def plain_text(fragment: str) -> str:
    """Return the text of an HTML fragment on one line, entities resolved."""
    return " ".join(html.unescape(_INNER_TAG.sub("", fragment)).split())


def _anchor_giver(sections: Iterable[tuple[str, str]], found: list[Heading]) -> Callable[[re.Match[str]], str]:
    """Return a substitution that sets each heading's anchor from the next section of its name and adds it to ``found``.

    Sections and headings come in the same order, but a section may lack a heading (the introduction) and a heading may
    lack a section (one without any text below it); such a heading has no anchor.
    """
    waiting = [(" ".join(heading.split()), anchor) for heading, anchor in sections if anchor]

    def give(match: re.Match[str]) -> str:
        level, inner = max(2, int(match[1])), match[2]
        text = plain_text(inner)
        place = next((n for n, (heading, _) in enumerate(waiting) if heading == text), None)
        if place is None:
            return f"<h{level}>{inner}</h{level}>"
        anchor = waiting[place][1]
        del waiting[: place + 1]
        found.append(Heading(anchor, text, level))
        safe, label = html.escape(anchor), html.escape(f"Link to this section: {text}")
        link = f'<a class="anchor" href="#{safe}" aria-label="{label}">#</a>'
        return f'<h{level} id="{safe}">{inner} {link}</h{level}>'

    return give


def _scrollable_tables(body: str) -> str:
    """Wrap wide tables in a focusable box that scrolls, so that a phone's page stays narrow.

    https://dequeuniversity.com/rules/axe/4.10/scrollable-region-focusable
    """
    opening = '<div class="table" role="region" aria-label="Table" tabindex="0"><table>'
    return body.replace("<table>", opening).replace("</table>", "</table></div>")
