"""Import one source: read, name and link its files or pages, and publish them as a new version."""

import hashlib
import posixpath
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from urllib.parse import quote, unquote, urljoin, urlsplit

from knowledge_base.importers import folder, picture_files, sitemap
from knowledge_base.importers.anchor_aliases import anchor_aliases
from knowledge_base.importers.document import LEFT_OUT, NotImported
from knowledge_base.importers.folder import Item
from knowledge_base.importers.isolated import IsolatedReader, isolated_reader
from knowledge_base.importers.markup import parse_html, safe_fragment
from knowledge_base.importers.patterns import is_wanted
from knowledge_base.importers.pictures import Fetch, hold_pictures
from knowledge_base.importers.reasons import describe_kinds, kinds_of
from knowledge_base.importers.web import Site
from knowledge_base.pages import Page
from knowledge_base.sources import Library, Report, Source, ascii_name

Progress = Callable[[str, int, int], None]
# A half-broken site must not empty the manual over night.
LEAST_SHARE = 0.5
_LONGEST_SLUG = 90
_HTML = (".html", ".htm", ".xhtml")
# A link to `page.html`, or to no ending at all, may mean the file that a generator makes that page of.
_ENDINGS = (".html", ".md", ".mdx", ".rst", ".adoc", ".asciidoc", ".htm", ".xhtml", ".markdown")


@dataclass(frozen=True)
class _Opened:
    """The names of a source's items, the items themselves, and how a picture of one is found."""

    names: list[str]
    items: Iterator[Item]
    fetch_picture: Fetch


@dataclass
class _Gathered:
    pages: list[Page] = field(default_factory=list)
    refused: list[tuple[str, str]] = field(default_factory=list)
    slugs: dict[str, str] = field(default_factory=dict)
    """The slug of the first page of each file, by name."""
    names: dict[str, str] = field(default_factory=dict)
    """The file of each page, by slug."""
    aliases: dict[str, dict[str, str]] = field(default_factory=dict)
    """The anchors of each page that are other ids of its headings, by slug."""


def import_source(
    library: Library, source: Source, now: datetime, progress: Progress, *, even_if_fewer: bool = False
) -> Report:
    """Import a source and publish the result; return the report.

    When nothing could be read, or (unless ``even_if_fewer``) most documents were refused, or less than half of the
    pages before were found, the version in use is kept and the report says so. Raises AnotherImport.
    """
    with library.import_lock():
        library.clear_request(source)
        started = time.monotonic()
        before = len(library.pages_of(source)) if library.current(source) else 0
        gathered, failure = _Gathered(), None
        try:
            gathered = _gather(library, source, progress)
            failure = _too_few(gathered, before, even_if_fewer)
        except NotImported as error:
            failure = str(error)
        sections = sum(len(page.sections) for page in gathered.pages)
        seconds = round(time.monotonic() - started, 1)
        report = Report(now, len(gathered.pages), sections, gathered.refused, seconds, failure)
        if failure:
            library.record_failure(source, report)
        else:
            library.publish(source, gathered.pages, report)
        return report


def _too_few(gathered: _Gathered, before: int, even_if_fewer: bool) -> str | None:
    """Return why the pages are not put in place; None when they are."""
    kept = "what was there before is kept" if before else "nothing was put in place"
    found = len(gathered.pages)
    if not found:
        why = describe_kinds(kinds_of(gathered.refused))
        return f"nothing could be read{f' ({why})' if why else ''}; {kept}"
    if even_if_fewer:
        return None
    refused = [(name, reason) for name, reason in gathered.refused if not reason.startswith(LEFT_OUT)]
    read = len(set(gathered.names.values()))
    if len(refused) > read:
        why = describe_kinds(kinds_of(refused))
        return f"most documents could not be read, {len(refused)} of {read + len(refused)} ({why}); {kept}"
    if found < before * LEAST_SHARE:
        return f"only {found} pages where there were {before}; {kept}"
    return None


def _gather(library: Library, source: Source, progress: Progress) -> _Gathered:
    gathered = _Gathered()
    with _open_source(library, source) as opened, isolated_reader() as reader:
        wanted = opened.names
        for number, item in enumerate(opened.items):
            progress("Reading", number, len(wanted))
            _import_item(source, item, reader, gathered)
        progress("Reading", len(wanted), len(wanted))
        store = partial(library.store_picture, source)
        for place, page in enumerate(gathered.pages):
            name = page.source_url if source.kind == "site" and page.source_url else gathered.names[page.slug]
            gathered.pages[place] = hold_pictures(page, name, opened.fetch_picture, store)
    gathered.pages = [_rewrite_links(page, gathered) for page in gathered.pages]
    return gathered


@contextmanager
def _open_source(library: Library, source: Source) -> Iterator[_Opened]:
    """Yield the source's items, and how their pictures are found. Raises NotImported."""
    if source.kind != "site":
        place = library.files(source) if source.kind == "files" else Path(source.location)
        names = _wanted(source, folder.list_documents(place))
        root = place.parent if place.is_file() else place
        yield _Opened(names, folder.read_documents(place, names), picture_files.in_folder(root))
        return
    site = Site(source.location, source.private_addresses)
    try:
        names = _wanted(source, sitemap.page_addresses(site, source.location))
        yield _Opened(names, sitemap.fetch_pages(site, names), picture_files.on_site(site))
    finally:
        site.close()


def _wanted(source: Source, names: list[str]) -> list[str]:
    """Return the names that the source's patterns choose. Raises NotImported when they choose none."""
    chosen = [name for name in names if is_wanted(name, source.include, source.exclude)]
    if names and not chosen:
        patterns = ", ".join([*source.include, *(f"not {pattern}" for pattern in source.exclude)])
        raise NotImported(f"none of its {len(names):,} documents is chosen by the patterns ({patterns[:200]})")
    return chosen


def _import_item(source: Source, item: Item, reader: IsolatedReader, gathered: _Gathered) -> None:
    try:
        if item.refused:
            raise NotImported(item.refused)
        documents = reader.read(item.content, item.name, item.kind, item.charset)
    except NotImported as error:
        gathered.refused.append((item.name, str(error)))
        return
    for document, sections in documents:
        slug = _slug(source, item.name, document.part, gathered.names)
        gathered.names[slug] = item.name
        gathered.slugs.setdefault(item.name, slug)
        if item.kind in _HTML:
            markup = item.content.decode("utf-8", "replace")
            gathered.aliases[slug] = anchor_aliases(markup, {section.anchor for section in sections})
        gathered.pages.append(
            Page(
                slug=slug,
                title=document.title,
                chapter=_chapter(source, item.name),
                sections=sections,
                source_url=_address(source, item, document.url),
                html=document.html,
                order=len(gathered.pages),
            )
        )


def _slug(source: Source, name: str, part: str, taken: dict[str, str]) -> str:
    """Return the page's slug from the source and the file's path; the same file has the same one at every import."""
    path = urlsplit(name).path if source.kind == "site" else name
    stem = posixpath.splitext(path.strip("/"))[0]
    words = ascii_name(stem) or "page"
    slug = f"{source.id}-{words}{f'-{part}' if part else ''}"
    if len(slug) > _LONGEST_SLUG or slug in taken or words != stem.lower().replace("/", "-"):
        # The slug was cut, is not unique, or lost letters: the path's digest makes it unique.
        slug = f"{slug[:_LONGEST_SLUG]}-{hashlib.sha256(f'{name} {part}'.encode()).hexdigest()[:6]}"
    return slug


def _chapter(source: Source, name: str) -> str:
    """Return the source's name, and the folder in it."""
    path = urlsplit(name).path.strip("/") if source.kind == "site" else name
    first, slash, _ = path.partition("/")
    return f"{source.name}: {first.replace('-', ' ').replace('_', ' ')}" if slash else source.name


def _address(source: Source, item: Item, own: str | None) -> str | None:
    """Return the original address: as fetched, below the folder's base address, or as the page declares."""
    if item.url:
        return item.url
    if source.base_url:
        return urljoin(source.base_url.rstrip("/") + "/", quote(item.name))
    return own


def _scheme(href: str) -> str:
    try:
        return urlsplit(href).scheme
    except ValueError:
        return "?"


def _slug_of(target: str, gathered: _Gathered) -> str | None:
    """Return the page of a file that a link names, also by the name that it has on the site made of it."""
    stem = posixpath.splitext(target)[0] if target.endswith(_ENDINGS) else target
    named = (target, *(f"{base}{ending}" for base in (stem, f"{target}/index") for ending in _ENDINGS))
    return next((gathered.slugs[name] for name in named if name in gathered.slugs), None)


def _anchor(slug: str, anchor: str, gathered: _Gathered) -> str:
    """Return the anchor that a page's heading has kept of its ids."""
    return gathered.aliases.get(slug, {}).get(anchor, anchor)


def _rewrite_links(page: Page, gathered: _Gathered) -> Page:
    """Rewrite links between files as links between pages; links to files that were refused are removed."""
    if page.source_url or page.html is None or "href" not in page.html:
        return page
    tree = parse_html(f"<body>{page.html}</body>")
    here = gathered.names[page.slug]
    for link in tree.iter("a"):
        href = link.get("href") or ""
        if href.startswith("#"):
            link.set("href", f"#{_anchor(page.slug, href[1:], gathered)}")
            continue
        if not href or href.startswith(("#", "//")) or _scheme(href):
            continue
        path, hash_, anchor = href.partition("#")
        target = posixpath.normpath(posixpath.join(posixpath.dirname(here), unquote(path.partition("?")[0])))
        slug = _slug_of(target, gathered)
        if slug:
            link.set("href", f"/manual/{slug}{hash_}{_anchor(slug, anchor, gathered)}")
        else:
            del link.attrib["href"]
    return replace(page, html=safe_fragment(tree))
