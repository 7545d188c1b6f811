"""Imported manuals: upload files, add a site, import again, put an earlier version back. For administrators."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import empty, json

from bot.desk.administration.manual_product import product_of, product_tabs
from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.core.errors import Conflict, Invalid, NoFile, ServiceError
from bot.services.manual import manual_sources
from bot.services.upkeep.requested_work import Work, work_view
from knowledge_base.importers.kinds import KINDS, NAMES, PICTURES

ROLES = ("admin",)


async def show(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return every source with its last import and its versions."""
    return json({"sources": await manual_sources.list_sources(visit.ctx, product_of(request, visit))}, headers=NO_STORE)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a site by its address, or, without one, a manual whose files are uploaded next."""
    fields, technician, product = json_body(request), visit.signed_in.technician, product_of(request, visit)
    if fields.get("address"):
        named, chosen = (fields.get("name"), fields["address"]), (fields.get("include"), fields.get("exclude"))
        added = await manual_sources.add_site(visit.ctx, technician, *named, *chosen, product)
    else:
        about = fields.get("name"), fields.get("base_url"), product
        added = await manual_sources.add_upload(visit.ctx, technician, *about)
    return json({"id": added}, status=201)


async def upload(request: Request, visit: DeskRequest, source_id: str) -> HTTPResponse:
    """Keep files, as multipart form data in fields ``file`` that are named by their paths in the uploaded folder.

    201 ``{names, refused: [{name, reason}]}``; when none can be kept, the error of the first.
    """
    uploaded = request.files.getlist("file") if request.files else None
    if not uploaded:
        raise NoFile("Send the file as multipart form data in the field 'file'; nothing was kept.")
    names: list[str] = []
    refused: list[tuple[str, ServiceError]] = []
    for one in uploaded:
        try:
            about = visit.ctx, source_id, one.name, one.body, product_of(request, visit)
            names.append(await manual_sources.store_file(*about))
        except (Invalid, Conflict) as error:
            refused.append((one.name, error))
    if not names:
        raise refused[0][1]
    return json({"names": names, "refused": [{"name": name, "reason": str(e)} for name, e in refused]}, status=201)


async def start(request: Request, visit: DeskRequest, source_id: str) -> HTTPResponse:
    """Import the source; it begins within seconds."""
    await manual_sources.ask_for_import(visit.ctx, visit.signed_in.technician, source_id, product_of(request, visit))
    return json({"told": "The import begins in a moment. This page shows when it is done."}, status=202)


async def roll_back(request: Request, visit: DeskRequest, source_id: str) -> HTTPResponse:
    """Put an earlier ``version`` back; without one, the one before the current."""
    version = json_body(request).get("version")
    if version is not None and not isinstance(version, str):
        raise Invalid("version must be the name of a version; nothing was changed.")
    restored = await manual_sources.roll_back_source(
        visit.ctx, visit.signed_in.technician, source_id, version, product_of(request, visit)
    )
    return json({"version": restored})


async def remove(request: Request, visit: DeskRequest, source_id: str) -> HTTPResponse:
    """Forget the source with all its versions."""
    await manual_sources.remove_source(visit.ctx, visit.signed_in.technician, source_id, product_of(request, visit))
    return empty()


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the sources, and the forms that add one."""
    product = product_of(request, visit)
    found = await manual_sources.list_sources(visit.ctx, product)
    limits = visit.ctx.support.limits
    shown: dict[str, Any] = {
        "sources": found,
        **product_tabs(request, visit),
        "limits": limits,
        "indexing": work_view(visit.ctx, Work.INDEXING),
        "kinds": NAMES,
        "endings": ",".join(sorted(KINDS | PICTURES)),
    }
    return pages.page(visit, "manual_sources.html", here="manual", **shown)


_ONE = "/manual/sources/<source_id:str>"
API = (
    ("GET", "/manual/sources", show, ROLES),
    ("POST", "/manual/sources", add, ROLES),
    ("POST", f"{_ONE}/files", upload, ROLES),
    ("POST", f"{_ONE}/import", start, ROLES),
    ("POST", f"{_ONE}/roll-back", roll_back, ROLES),
    ("POST", f"{_ONE}/remove", remove, ROLES),
)
PAGES = (("/manual/sources", page, ROLES),)
