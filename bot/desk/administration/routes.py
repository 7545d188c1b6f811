"""Put the administration's pages and API on the desk, each behind its role."""

from typing import Any

from sanic import Blueprint, Request

from bot.desk.administration import (
    api_keys,
    audit,
    backups,
    channels,
    contracts,
    known_problems,
    learning,
    manual_gaps,
    manual_pages,
    manual_sources,
    outgoing,
    privacy,
    products,
    reporting,
    requested_work,
    setup,
    staff,
    trackers,
    webhooks,
)
from bot.desk.pages import Pages
from bot.desk.request_context import (
    ADMINS,
    SUPERVISORS,
    DeskRequest,
    Handler,
    for_everybody,
    for_roles,
    for_technicians,
    keeping_roles,
    page_for_technicians,
)
from bot.services.core.errors import ServiceError

PARTS = (
    setup,
    staff,
    learning,
    outgoing,
    reporting,
    known_problems,
    manual_gaps,
    manual_pages,
    manual_sources,
    contracts,
    privacy,
    audit,
    backups,
    requested_work,
    channels,
    api_keys,
    webhooks,
    trackers,
    products,
)
# Name, address, title and roles of the places that the administration's own navigation leads to.
PLACES = (
    ("checklist", "/administration", "Set up", ADMINS),
    ("settings", "/administration/settings/company", "Settings", ADMINS),
    ("products", "/administration/products", "Products", ADMINS),
    ("people", "/administration/people", "People", ADMINS),
    ("channels", "/administration/channels", "Channels", ADMINS),
    ("integrations", "/administration/api-keys", "Integrations", ADMINS),
    ("learning", "/administration/learning", "Learning", SUPERVISORS),
    ("contracts", "/administration/contracts", "Contracts", ADMINS),
    ("outgoing", "/administration/outgoing", "Outgoing", SUPERVISORS),
    ("privacy", "/administration/privacy", "Privacy", ADMINS),
    ("backups", "/administration/backups", "Backups", SUPERVISORS),
)


def add_to(desk: Blueprint, pages: Pages) -> None:
    """Every page and address of every part, each behind its role."""
    pages.know(administration_parts=PLACES)
    desk.add_route(for_everybody(staff.join), "/api/join", methods=["POST"], name="api_join")
    desk.add_route(for_everybody(pages.join), "/join", name="join")
    for part in PARTS:
        for method, address, handler, roles in part.API:
            name = f"{part.__name__.rpartition('.')[2]}_{method}_{handler.__name__}"
            desk.add_route(
                for_technicians(for_roles(handler, *roles)), f"/api{address}", methods=[method], name=name, unquote=True
            )
        for address, handler, roles in part.PAGES:
            name = f"{part.__name__.rpartition('.')[2]}_page_{handler.__name__}"
            page = page_for_technicians(with_error_page(pages, for_roles(on(pages, handler), *roles)))
            desk.add_route(page, address, name=name, unquote=True)


def on(pages: Pages, handler: Handler) -> Handler:
    """Return the handler of a page, given what pages are rendered with."""

    async def page(request: Request, visit: DeskRequest, **path: str) -> Any:
        return await handler(pages, request, visit, **path)

    page.__name__ = handler.__name__
    return page


def with_error_page(pages: Pages, handler: Handler) -> Handler:
    """Return a page that cannot be shown says why, in the desk's own look."""

    async def page(request: Request, visit: DeskRequest, **path: str) -> Any:
        try:
            return await handler(request, visit, **path)
        except ServiceError as error:
            return pages.problem(visit, error)

    return keeping_roles(page, handler)
