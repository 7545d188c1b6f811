"""The online manual's site: contents, pages, search. The gateway mounts it under ``/manual/``."""

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound
from sanic.response import redirect

from bot.http.client_address import client_address
from bot.manual_site.accent import accent_sheet
from bot.manual_site.answers import (
    AN_HOUR,
    FOR_EVER,
    HEADERS,
    PICTURE_TYPES,
    REVALIDATE,
    Asset,
    cached,
    fresh,
    read_assets,
)
from bot.manual_site.contents import Book
from bot.manual_site.finding import (
    PAGE_LIMIT,
    SUGGESTION_LIMIT,
    Finding,
    FindPassages,
    SearchLog,
    clean_question,
    look_up,
)
from bot.manual_site.price_page import SLUG as PRICE_SLUG
from bot.services.core.worker_threads import FILES
from bot.services.manual.tips import SLUG as TIPS_SLUG
from knowledge_base.pages import Page

_HERE = Path(__file__).parent
_HTML = "text/html; charset=utf-8"
_JSON = "application/json"
_LONGEST_KEY = 60
LARGEST_WHOLE_CONTENTS = 300
"""Pages of a manual up to which every page carries the contents of all chapters."""
ACCENT = "accent.css"
_PICTURES = "pictures/"
_NOT_SEARCHABLE = {
    "code": "manual_not_searchable",
    "message": "The manual cannot be searched just now. Try again in a minute, or use its contents.",
}


class Vendor(Protocol):
    """The manual's vendor; ``Support`` is one. ``colour`` is #rrggbb, ``phone_href`` tel:…

    ``manuals`` are the names and addresses of all manuals, where several products have one each.
    """

    @property
    def company(self) -> str: ...
    @property
    def product(self) -> str: ...
    @property
    def colour(self) -> str: ...
    @property
    def phone(self) -> str: ...
    @property
    def phone_href(self) -> str: ...
    @property
    def error_code(self) -> str | None: ...
    @property
    def logo(self) -> str | None: ...
    @property
    def manuals(self) -> Sequence[tuple[str, str]]: ...


@dataclass(frozen=True)
class ManualSource:
    """The parts of one manual's site.

    ``pages`` returns the manual's pages in reading order, the same sequence object until they change. ``tips`` returns
    the page of ``bot.services.manual.tips.tips_page``, ``price`` that of ``bot.manual_site.price_page``; they and
    ``vendor`` may change. ``find`` searches, as ``Manual.find`` of ``bot.services.core.manual_search`` does. ``log``
    records searches; without one nothing is recorded. ``picture`` returns the file of a picture of the pages by its
    source and name. ``address`` is where the site is, without a slash at its end.
    """

    pages: Callable[[], Sequence[Page]]
    tips: Callable[[], Page]
    find: FindPassages
    vendor: Vendor
    log: SearchLog | None = None
    price: Callable[[], Page] | None = None
    picture: Callable[[str, str], Path | None] = lambda _source, _name: None
    address: str = "/manual"

    @property
    def made_pages(self) -> dict[str, Callable[[], Page]]:
        """Return the pages that are made of the settings, by slug."""
        return {TIPS_SLUG: self.tips, **({PRICE_SLUG: self.price} if self.price is not None else {})}


OfProduct = Callable[[str], ManualSource | None]
"""Id of one of several products -> its manual, the same object each time; None when it has none of its own."""


def manual_blueprint(
    source: ManualSource, name: str = "manual", of_product: OfProduct = lambda _product: None
) -> Blueprint:
    """Return the site as a blueprint; a product's manual is below its id."""
    site = _Site(source)
    sites = _Sites(site, of_product)
    blueprint = Blueprint(name, url_prefix="/manual")
    reading = ["GET", "HEAD"]
    blueprint.add_route(site.contents, "/", methods=reading, name="contents", strict_slashes=True)
    blueprint.add_route(site.without_slash, "", methods=reading, name="without_slash", strict_slashes=True)
    blueprint.add_route(site.search_page, "/search", methods=reading, name="search")
    blueprint.add_route(site.suggestions, "/search.json", methods=reading, name="suggestions")
    blueprint.add_route(sites.record_report, "/searches", methods=["POST"], name="record_report")
    blueprint.add_route(sites.asset, "/static/<file_name:str>", methods=reading, name="static")
    blueprint.add_route(sites.page, "/<slug:str>", methods=reading, name="page")
    blueprint.add_route(sites.elsewhere, "/<rest:path>", methods=reading, name="elsewhere")
    blueprint.exception(NotFound)(site.not_found)
    return blueprint


class _Sites:
    """The sites of the installation's manual and of its products' manuals, which share the addresses below /manual."""

    def __init__(self, own: "_Site", of_product: OfProduct) -> None:
        self._own, self._of_product = own, of_product
        self._made: dict[str, tuple[ManualSource, _Site]] = {}

    async def page(self, request: Request, slug: str) -> HTTPResponse:
        """Show a page of the installation's manual; a product's id alone leads to its contents."""
        if not self._own.has(slug) and self._site(slug) is not None:
            return redirect(f"/manual/{slug}/", status=308, headers=HEADERS)
        return await self._own.page(request, slug)

    async def elsewhere(self, request: Request, rest: str) -> HTTPResponse:
        """Answer an address below a product's id, and any other."""
        product, slash, address = rest.partition("/")
        site = self._site(product) if slash else None
        return await site.answer(request, address) if site is not None else await self._own.elsewhere(request, rest)

    async def record_report(self, request: Request) -> HTTPResponse:
        """Record a browser's report about the manual that ``?product=`` names, else about the installation's."""
        return await (self._site(request.args.get("product", "")) or self._own).record_report(request)

    async def asset(self, request: Request, file_name: str) -> HTTPResponse:
        """Serve a style sheet or script; the colours are of the manual that ``?product=`` names."""
        return await (self._site(request.args.get("product", "")) or self._own).asset(request, file_name)

    def _site(self, product: str) -> "_Site | None":
        source = self._of_product(product)
        if source is None:
            return None
        known = self._made.get(product)
        if known is None or known[0] is not source:
            known = self._made[product] = source, _Site(source)
        return known[1]


class _Site:
    """The views of one manual, with their shared state."""

    def __init__(self, source: ManualSource) -> None:
        self._log = source.log
        self._pages = source.pages
        self._own = source.made_pages
        self._find = source.find
        self._book = Book(source.pages())
        self._vendor = source.vendor
        self._address = source.address
        self._picture = source.picture
        self._assets = read_assets(_HERE / "static")
        self._templates = Environment(
            loader=FileSystemLoader(_HERE / "templates"),
            autoescape=True,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        self._templates.globals.update(
            vendor=source.vendor,
            tips_slug=TIPS_SLUG,
            tips_title=source.tips().title,
            manual=source.address,
            accent=f"?product={product}" if (product := source.address.removeprefix("/manual").strip("/")) else "",
        )

    def has(self, slug: str) -> bool:
        """Return whether there is such a page."""
        return slug in self._own or self.book().page(slug) is not None

    async def answer(self, request: Request, address: str) -> HTTPResponse:
        """Answer an address below this manual's own."""
        views = {"": self.contents, "search": self.search_page, "search.json": self.suggestions}
        view = views.get(address)
        if view is not None:
            return await view(request)
        if address.endswith("/") or address.startswith(_PICTURES):
            return await self.elsewhere(request, address)
        return await self.page(request, address)

    def book(self) -> Book:
        """Return the current manual; rebuilt when the source returns another sequence of pages."""
        pages = self._pages()
        if not self._book.is_of(pages):
            self._book = Book(pages)
        return self._book

    async def contents(self, request: Request) -> HTTPResponse:
        """Show every page by chapter."""
        return cached(request, self._html("contents.html", slug=None, question=""), _HTML, REVALIDATE)

    async def without_slash(self, request: Request) -> HTTPResponse:
        """Redirect ``/manual`` to ``/manual/``, under which the relative links of the pages work."""
        return redirect("/manual/", status=308, headers=HEADERS)

    async def page(self, request: Request, slug: str) -> HTTPResponse:
        """Show one page with its section navigation and neighbours; the pages made of support.yml the same way."""
        book = self.book()
        page = self._own[slug]() if slug in self._own else book.page(slug)
        if page is None:
            raise NotFound("There is no such page in the manual.")
        before, after = book.neighbours(slug)
        values = {"page": page, "body": book.body(page), "before": before, "after": after}
        # The contents of an imported manual of thousands of pages would outweigh the page many times.
        values["large"] = book.size > LARGEST_WHOLE_CONTENTS
        html = self._html("page.html", slug=slug, question="", **values)
        return cached(request, html, _HTML, REVALIDATE)

    async def search_page(self, request: Request) -> HTTPResponse:
        """Show the search without JavaScript; each is recorded."""
        finding = await look_up(self._find, clean_question(request.args.get("q")), PAGE_LIMIT)
        key = await self._searched(request, finding) if request.method == "GET" else None
        html = self._html("search.html", slug=None, finding=finding, question=finding.question, key=key or "")
        return fresh(html, _HTML, _status(finding))

    async def suggestions(self, request: Request) -> HTTPResponse:
        """Return the same search as JSON for the list under the search box."""
        finding = await look_up(self._find, clean_question(request.args.get("q")), SUGGESTION_LIMIT)
        if not finding.available:
            return fresh(json.dumps({"error": _NOT_SEARCHABLE}).encode(), _JSON, 503)
        answer = {
            "question": finding.question,
            "suggestion": finding.suggestion,
            "confident": finding.confident,
            "hits": [
                {"url": hit.url, "title": hit.title, "heading": hit.heading, "excerpt": hit.excerpt}
                for hit in finding.hits
            ],
        }
        return fresh(json.dumps(answer).encode(), _JSON)

    async def record_report(self, request: Request) -> HTTPResponse:
        """Record a browser's report: a hit that was opened, or a question left in the search box.

        ``{key, place}`` for a hit of the search page; ``{question, place?}`` for the list under the box, whose hits are
        looked up again here, so that only our own pages can be recorded. Returns no content.
        """
        if self._log is None or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
            return fresh(b"", _JSON, 204)
        body = _report_of(request)
        key, place = body.get("key"), body.get("place")
        if not isinstance(key, str):
            question = body.get("question")
            if not isinstance(question, str):
                return fresh(b"", _JSON, 422)
            key = await self._searched(request, await look_up(self._find, clean_question(question), SUGGESTION_LIMIT))
        if key is not None and place is not None:
            await self._log.opened(client_address(request), key[:_LONGEST_KEY], place)
        return fresh(b"", _JSON, 204)

    async def _searched(self, request: Request, finding: Finding) -> str | None:
        if self._log is None or not finding.available or not finding.question:
            return None
        return await self._log.searched(client_address(request), finding)

    async def asset(self, request: Request, file_name: str) -> HTTPResponse:
        """Serve a style sheet or script of the site."""
        asset = self._assets.get(file_name)
        if file_name == ACCENT:
            asset = Asset(accent_sheet(self._vendor.colour).encode(), "text/css; charset=utf-8")
        if asset is None:
            raise NotFound("There is no such file.")
        return cached(request, asset.body, asset.content_type, AN_HOUR)

    async def elsewhere(self, request: Request, rest: str) -> HTTPResponse:
        """Answer any other address under the manual: a picture; a slash after a page's address redirects."""
        slug = rest.rstrip("/")
        if rest.startswith(_PICTURES):
            return await self._show_picture(request, rest.removeprefix(_PICTURES))
        if slug == TIPS_SLUG or self.book().page(slug):
            return redirect(f"{self._address}/{slug}", status=308, headers=HEADERS)
        raise NotFound("There is no such page in the manual.")

    async def _show_picture(self, request: Request, address: str) -> HTTPResponse:
        """Serve a picture of an imported page, which never changes: its name is made of its content."""
        source, _, name = address.partition("/")
        file = await FILES.run(self._picture, source, name)
        if file is None:
            raise NotFound("There is no such picture in the manual.")
        return cached(request, await FILES.run(file.read_bytes), PICTURE_TYPES[file.suffix], FOR_EVER)

    async def not_found(self, request: Request, error: NotFound) -> HTTPResponse:
        """Return the site's 404 page, with the address's words in the search box."""
        words = clean_question(request.path.rsplit("/", 1)[-1].replace("-", " ").replace(".md", ""))
        return fresh(self._html("not_found.html", slug=None, question=words), _HTML, 404)

    def _html(self, template: str, **values: object) -> bytes:
        return self._templates.get_template(template).render(chapters=self.book().chapters, **values).encode()


def _report_of(request: Request) -> dict[str, Any]:
    """Return the JSON object of a browser's report; an empty one when it is malformed."""
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError):
        return {}
    return body if isinstance(body, dict) else {}


def _status(finding: Finding) -> int:
    return 200 if finding.available else 503
