"""Tell pages that a site's generator made for itself from pages of the manual: they answer nobody's question."""

import re
from pathlib import PurePosixPath
from urllib.parse import urlsplit

from lxml.html import HtmlElement

from knowledge_base.importers.document import LEFT_OUT, NotImported
from knowledge_base.importers.markup import words_of

# A page of more words says something, whatever it is called.
MOST_WORDS = 80
_FOR_PROGRAMS = re.compile(
    r"(?:robots|humans|ads|security|llms(?:-full|-small|-ctx)?|sitemap|cmakelists|(?:dev-)?requirements[\w-]*|searchindex)\.txt",
    re.I,
)
_NOT_FOUND_NAME = re.compile(r"(?:^|/)(?:404|not[-_]found)(?:\.\w+|/index\.\w+)?/?$", re.I)
_NOT_FOUND = re.compile(
    r"\W*(?:(?:error|status)?\s*404\b|(?:the |this )?page (?:was |is |could )?(?:not |be )*found\b|not found$)", re.I
)
_SEARCH_NAME = re.compile(r"(?:^|/)(?:search|search[-_]results?)(?:\.\w+|/index\.\w+)?/?$", re.I)
_SEARCH = re.compile(
    r"\W*(?:search(?: the)?(?: \w+)?(?: docs| documentation| results?| page)?|search results?(?: for\b.*)?)\W*", re.I
)
_INDEX_NAME = re.compile(
    r"(?:^|/)(?:bookindex|genindex(?:-[\w.]+)?|(?:py-|[a-z]+-)?modindex|search_index|doc-index(?:-[\w.]+)?)(?:\.\w+)?/?$",
    re.I,
)
_SOURCES = re.compile(r"(?:^|/)(?:_modules|_sources)/", re.I)


def refuse_for_programs(name: str) -> None:
    """Refuse a text file that is written for programs. Raises NotImported."""
    if _FOR_PROGRAMS.fullmatch(PurePosixPath(urlsplit(name).path).name):
        raise NotImported(f"{LEFT_OUT}a file for programs, no page of a manual")


def refuse_stub(tree: HtmlElement, name: str) -> None:
    """Refuse a page that is none of the manual. Raises NotImported, with the kind as the reason."""
    kind = _kind(tree, urlsplit(name).path)
    if kind:
        raise NotImported(f"{LEFT_OUT}{kind}")


def _kind(tree: HtmlElement, path: str) -> str | None:
    if _leads_away(tree):
        return "a page that only leads to another one"
    if any("noindex" in f"{meta.get('content')}".lower() for meta in _metas(tree, "robots")):
        return "a page that asks not to be listed (noindex)"
    if _SOURCES.search(path):
        return "a listing of source code"
    if _INDEX_NAME.search(path) or tree.xpath("//*[contains(concat(' ',@class,' '),' genindextable ')]"):
        return "an index of terms"
    return _by_title(tree, path)


def _by_title(tree: HtmlElement, path: str) -> str | None:
    titles = [words_of(one) for one in tree.iter("title", "h1")]
    title = titles[-1] if titles else ""
    words = _count_words(tree)
    if words <= MOST_WORDS and (_NOT_FOUND_NAME.search(path) or any(map(_NOT_FOUND.match, titles))):
        return "a page that says that a page was not found (404)"
    searches = _SEARCH_NAME.search(path) or tree.xpath("//*[@id='search-results' or @id='search-documentation']")
    if searches and (_SEARCH.fullmatch(title) or words <= MOST_WORDS):
        return "a search page"
    return None


def _count_words(tree: HtmlElement) -> int:
    """Return how many words the page has without its menus."""
    mains = tree.xpath("//main | //article | //*[@role='main']")
    if mains:
        return len(words_of(mains[0]).split())
    menus = tree.xpath("//nav | //header | //footer | //script | //style | //aside | //title")
    return len(words_of(tree).split()) - sum(len(words_of(menu).split()) for menu in menus)


def _leads_away(tree: HtmlElement) -> bool:
    """Return True for a page that sends its reader elsewhere at once."""
    for meta in tree.iter("meta"):
        if (meta.get("http-equiv") or "").lower() == "refresh" and "url" in (meta.get("content") or "").lower():
            seconds = re.match(r"\s*(\d{0,4})", meta.get("content") or "")
            return seconds is not None and int(seconds[1] or 0) <= 10
    return False


def _metas(tree: HtmlElement, name: str) -> list[HtmlElement]:
    return [meta for meta in tree.iter("meta") if (meta.get("name") or meta.get("property") or "").lower() == name]
