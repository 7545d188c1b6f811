"""The checklist of the first sign-in, the logo, and the settings: edit, preview, undo. For administrators."""

from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.administration import logo, operator_settings, settings_fields, setup_checklist
from bot.services.administration.operator_settings import Proposal
from bot.services.core.errors import Invalid, NoFile, NotFound
from bot.services.core.input_values import whole_number
from bot.services.mail import send_test_mail

ROLES = ("admin",)


async def show_section(_request: Request, visit: DeskRequest, section: str) -> HTTPResponse:
    """Return the fields of a section, with the digest that a change must name."""
    found = await operator_settings.read_section(visit.ctx, section)
    groups = [{"title": group.title, "fields": [vars(one) for one in group.fields]} for group in found["groups"]]
    lists = [{"key": one.key, "ids": [entry.entry for entry in one.entries]} for one in found["lists"]]
    return json({"base": found["base"], "groups": groups, "lists": lists}, headers=NO_STORE)


async def preview(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return what a change would do, without doing it."""
    proposal = _proposal(request, visit)
    shown = operator_settings.preview_settings(proposal.support, visit.ctx.clock())
    return json({"diff": proposal.diff, "shown": shown}, headers=NO_STORE)


async def change(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Write a change: ``edits``, or the whole file as ``text``."""
    return json(await operator_settings.apply_change(visit.ctx, visit.signed_in.technician, _proposal(request, visit)))


async def empty_lists(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Leave out the product's own categories, questions and requests."""
    proposal = operator_settings.propose_empty_lists(visit.ctx)
    return json(await operator_settings.apply_change(visit.ctx, visit.signed_in.technician, proposal))


async def undo(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Go back to a kept version."""
    version = json_body(request).get("version")
    number = whole_number(str(version) if isinstance(version, int) else version, 9)
    if number is None:
        raise Invalid("version must be the number of a kept version; nothing was changed.")
    return json(await operator_settings.restore_version(visit.ctx, visit.signed_in.technician, number))


async def tick(request: Request, visit: DeskRequest, item: str) -> HTTPResponse:
    """Say that an item of the checklist is done, or not."""
    done = json_body(request).get("done") is not False
    return json(await setup_checklist.tick_item(visit.ctx, visit.signed_in.technician, item, done))


async def test_mail(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Send a test mail; when it went, that item of the checklist is done."""
    told = await send_test_mail.send_now(visit.ctx, json_body(request).get("to"))
    await setup_checklist.tick_item(visit.ctx, visit.signed_in.technician, "mail", True)
    return json({"told": told})


async def upload_logo(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a new logo, as multipart form data in the field ``file``."""
    uploaded = request.files.get("file") if request.files else None
    if uploaded is None:
        raise NoFile("Choose a picture first; nothing was changed.")
    await logo.replace_logo(visit.ctx, visit.signed_in.technician, uploaded.body)
    return json({})


def _proposal(request: Request, visit: DeskRequest) -> Proposal:
    fields = json_body(request)
    if "text" in fields:
        return operator_settings.propose_whole(visit.ctx, fields.get("base"), fields["text"])
    return operator_settings.propose_change(visit.ctx, fields.get("base"), fields.get("edits"))


async def checklist_page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return what to set up first."""
    await setup_checklist.open_it(visit.ctx, visit.signed_in.technician)
    items = await setup_checklist.list_items(visit.ctx)
    return _page(
        pages,
        visit,
        "checklist.html",
        "checklist",
        items=items,
        snippet=f'<script src="{address_of(request, visit)}/widget/embed.js" async></script>',
        email=visit.signed_in.technician.email,
        starts_empty=setup_checklist.has_own_lists(visit.ctx.home),
        has_logo=logo.find_logo(visit.ctx.home) is not None,
    )


async def settings_page(pages: Pages, _request: Request, visit: DeskRequest, section: str) -> HTTPResponse:
    """Return the fields of one section, or the whole file."""
    if section == "file":
        found: dict[str, Any] = await operator_settings.read_file(visit.ctx)
        return _page(pages, visit, "settings_file.html", "settings", section=section, **found)
    if section == "history":
        versions = await operator_settings.list_versions(visit.ctx)
        return _page(pages, visit, "settings_history.html", "settings", section=section, versions=versions)
    if section not in settings_fields.SECTIONS:
        raise NotFound("There is no such page of settings.")
    found = await operator_settings.read_section(visit.ctx, section)
    return _page(pages, visit, "settings.html", "settings", section=section, **found)


def _page(pages: Pages, visit: DeskRequest, template: str, part: str, **values: Any) -> HTTPResponse:
    return pages.page(visit, template, here="administration", part=part, sections=settings_fields.SECTIONS, **values)


def address_of(request: Request, visit: DeskRequest) -> str:
    """Return the address customers reach the gateway under: the setting, else the one this request came to."""
    return visit.ctx.settings.public_url or f"{request.scheme}://{request.host}"


API = (
    ("GET", "/settings/<section:str>", show_section, ROLES),
    ("POST", "/settings/preview", preview, ROLES),
    ("POST", "/settings", change, ROLES),
    ("POST", "/settings/undo", undo, ROLES),
    ("POST", "/settings/empty-lists", empty_lists, ROLES),
    ("POST", "/checklist/<item:str>", tick, ROLES),
    ("POST", "/test-mail", test_mail, ROLES),
    ("POST", "/logo", upload_logo, ROLES),
)
PAGES = (
    ("/administration", checklist_page, ROLES),
    ("/administration/settings/<section:str>", settings_page, ROLES),
)
