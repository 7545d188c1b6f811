"""Pages of the manual, written at the desk: drafts, preview, publishing, versions. For supervisors and admins."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.administration.manual_gaps import PERIODS
from bot.desk.administration.manual_product import product_of, product_tabs
from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.http.requests import json_body
from bot.manual_site.rendering import render
from bot.services.core.errors import Invalid
from bot.services.core.input_values import whole_number
from bot.services.manual import gap_draft, own_pages
from bot.services.manual.gap_draft import Begun
from bot.services.manual.own_pages import OwnManual
from bot.services.manual.page_files import NEW
from bot.triage.reading.tech_reference import find_references

LONGEST_QUESTION = 300


async def page_list(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the department's own pages and drafts."""
    found = await own_pages.list_pages(_manual(request, visit))
    return pages.page(visit, "manual_pages.html", here="manual", pages=found, **product_tabs(request, visit))


async def new_page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the form of a new page; for a ``question`` of the gaps with the answer that solved it."""
    question = (request.args.get("question") or "")[:LONGEST_QUESTION]
    days = request.args.get("days") or ""
    begun = Begun("")
    if question:
        period = int(days) if days in map(str, PERIODS) else PERIODS[-1]
        begun = await gap_draft.begin_page(visit.ctx, question, period, product_of(request, visit))
    shown = {"begun": begun, "question": question, **product_tabs(request, visit)}
    return pages.page(visit, "manual_page_new.html", here="manual", **shown)


async def edit_page(pages: Pages, request: Request, visit: DeskRequest, slug: str) -> HTTPResponse:
    """Return a page with its draft as readers would see it, the form, and the versions."""
    manual = _manual(request, visit)
    found = await own_pages.read_page(manual, slug)
    body = render(own_pages.rendered_page(manual, slug, found.written))
    shown = {"page": found, "body": body.html, "site": manual.support.manual_address, **product_tabs(request, visit)}
    return pages.page(visit, "manual_page.html", here="manual", **shown)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Save the draft of a new page; 201 ``{then}``."""
    fields = json_body(request)
    reference = next(iter(find_references(str(fields.get("origin") or ""))), None)
    origin = reference.reference if reference else None
    slug = await own_pages.save_draft(
        _manual(request, visit), visit.signed_in.technician, None, {**fields, "base": 0}, origin
    )
    return json({"then": _address(request, visit, slug)}, status=201)


async def save(request: Request, visit: DeskRequest, slug: str) -> HTTPResponse:
    """Save a draft of a page; ``base`` is the version that was edited."""
    fields = json_body(request)
    fields = {**fields, "base": _number(fields, "base")}
    await own_pages.save_draft(_manual(request, visit), visit.signed_in.technician, slug, fields)
    return json({"then": _address(request, visit, slug)})


async def publish(request: Request, visit: DeskRequest, slug: str) -> HTTPResponse:
    """Publish the draft that was shown."""
    await own_pages.publish_draft(
        _manual(request, visit), visit.signed_in.technician, slug, _number(json_body(request), "draft")
    )
    return json({"then": _address(request, visit, slug)})


async def discard(request: Request, visit: DeskRequest, slug: str) -> HTTPResponse:
    """Discard the draft; what is published stays."""
    draft = _number(json_body(request), "draft")
    stays = await own_pages.discard_draft(_manual(request, visit), visit.signed_in.technician, slug, draft)
    return json({"then": _address(request, visit, slug if stays else None)})


async def restore(request: Request, visit: DeskRequest, slug: str) -> HTTPResponse:
    """Make an earlier version the draft."""
    version = _number(json_body(request), "version")
    await own_pages.restore_version(_manual(request, visit), visit.signed_in.technician, slug, version)
    return json({"then": _address(request, visit, slug)})


async def remove(request: Request, visit: DeskRequest, slug: str) -> HTTPResponse:
    """Take the page out of the manual; its versions stay."""
    await own_pages.remove_page(_manual(request, visit), visit.signed_in.technician, slug)
    return json({"then": _address(request, visit, None)})


def _manual(request: Request, visit: DeskRequest) -> OwnManual:
    return OwnManual(visit.ctx, product_of(request, visit))


def _address(request: Request, visit: DeskRequest, slug: str | None) -> str:
    """Return the address of a page at the desk, or of the list of pages."""
    return f"/desk/manual/pages{f'/{slug}' if slug else ''}{product_tabs(request, visit)['about']}"


def _number(fields: dict[str, Any], name: str) -> int:
    number = whole_number(str(fields.get(name)), 9)
    if number is None:
        raise Invalid(f"{name} must be the number of a version; nothing was changed.")
    return number


_ONE = "/manual/pages/<slug:str>"
API = (
    ("POST", "/manual/pages", add, SUPERVISORS),
    ("POST", f"{_ONE}/draft", save, SUPERVISORS),
    ("POST", f"{_ONE}/publish", publish, SUPERVISORS),
    ("POST", f"{_ONE}/discard", discard, SUPERVISORS),
    ("POST", f"{_ONE}/restore", restore, SUPERVISORS),
    ("POST", f"{_ONE}/remove", remove, SUPERVISORS),
)
PAGES = (
    ("/manual/pages", page_list, SUPERVISORS),
    (f"/manual/pages/{NEW}", new_page, SUPERVISORS),
    (_ONE, edit_page, SUPERVISORS),
)
