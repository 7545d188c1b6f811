"""Pages of a technician's day: issues, my work, a telephone call, canned replies."""

from typing import Any
from urllib.parse import urlencode

from sanic import HTTPResponse, Request

from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.services.conversation.product_places import known_product
from bot.services.desk import (
    canned_replies,
    end_of_shift,
    issue_filters,
    issue_search,
    macros,
    saved_views,
    tags,
    transfers,
)
from bot.services.desk.labels import ENTITLEMENTS, IMPACTS, STATUSES
from bot.services.desk.product_choice import filter_choices, product_choices
from bot.services.tracker import escalate

FILTER_NAMES = {
    "q": "Words",
    "status": "Status",
    "technician": "Technician",
    "product": "Product",
    "team": "Team",
    "category": "Category",
    "entitlement": "Who pays",
    "impact": "Impact",
    "tag": "Tag",
    "customer": "Customer",
    "since": "Since",
    "until": "Until",
}
COLUMNS = {
    "title": "Issue",
    "customer": "Customer",
    "status": "Status",
    "technician": "Technician",
    "logged": "Logged",
    "changed": "Changed",
}
NEWEST_FIRST = ("logged", "changed")


async def issues(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the list; its words and filters are in the address."""
    ctx, technician = visit.ctx, visit.signed_in.technician
    filters = issue_filters.read_filters(request.args)
    found = await issue_search.search_issues(ctx, technician, filters)
    targets = await transfers.transfer_targets(ctx, technician)
    shown = filters.in_address()
    choices: dict[str, Any] = {
        "status": {issue_filters.OPEN: "All open ones", **STATUSES},
        "technician": {
            issue_filters.ME: "Mine",
            issue_filters.NOBODY: "Nobody's",
            **{str(one["id"]): one["name"] for one in targets["technicians"]},
        },
        **({"product": filter_choices(ctx.support)} if ctx.support.products else {}),
        "team": {team["id"]: team["title"] for team in targets["teams"]},
        "category": {one.id: one.title for view in ctx.support.views for one in view.issue_kinds.values()},
        "entitlement": ENTITLEMENTS,
        "impact": IMPACTS,
        "tag": {one["name"]: one["name"] for one in await tags.list_tags(ctx)},
    }
    values: dict[str, Any] = {
        "filters": filters,
        "choices": choices,
        "issues": found.issues,
        "found": found,
        "address": shown,
        "most": issue_search.MOST,
        "targets": targets,
        "names": FILTER_NAMES,
        "chips": _chips(shown, choices),
        "columns": _columns(shown, filters.sort),
        "page": int(filters.page or 1),
        "views": await saved_views.list_views(ctx, technician),
        "view": request.args.get("view"),
    }
    return pages.page(visit, "issues.html", here="issues", **values)


def _chips(shown: dict[str, str], choices: dict[str, Any]) -> list[dict[str, str]]:
    """Return each filter in words, with the query string that leaves it out."""
    return [
        {
            "words": f"{FILTER_NAMES[name]}: {choices.get(name, {}).get(value, value)}",
            "without": urlencode({other: kept for other, kept in shown.items() if other != name}),
        }
        for name, value in shown.items()
        if name in FILTER_NAMES
    ]


def _columns(shown: dict[str, str], sort: str | None) -> list[dict[str, str]]:
    """Return the columns with the query string that sorts by them, in the other direction for the present one."""
    present = sort or "-logged"
    found = []
    for name, title in COLUMNS.items():
        if present.removeprefix("-") == name:
            order = "descending" if present.startswith("-") else "ascending"
            wanted = name if order == "descending" else f"-{name}"
        else:
            order, wanted = "", f"-{name}" if name in NEWEST_FIRST else name
        found.append({"name": name, "title": title, "order": order, "query": urlencode({**shown, "sort": wanted})})
    return found


async def issue(pages: Pages, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Return one issue by its reference in any spelling."""
    technician = visit.signed_in.technician
    found = await issue_search.by_reference(visit.ctx, technician, reference)
    made = await escalate.list_escalations(visit.ctx, technician, reference)
    return pages.page(visit, "issue.html", here="issues", issue=found, escalations=made)


async def day(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """My open work, with what reminds me, and the form that hands it over."""
    work = await end_of_shift.open_work(visit.ctx, visit.signed_in.technician)
    targets = await transfers.transfer_targets(visit.ctx, visit.signed_in.technician)
    return pages.page(visit, "day.html", here="day", work=work, targets=targets)


async def call(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the form for somebody on the telephone, of several products that of ``?product=``."""
    support = visit.ctx.support
    product = known_product(support, request.args.get("product"))
    values: dict[str, Any] = {
        "product": product,
        "products": product_choices(support),
        "categories": support.for_product(product).categories,
    }
    return pages.page(visit, "call.html", here="call", **values)


async def replies(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the canned replies I may use, and change where I may."""
    ctx, technician = visit.ctx, visit.signed_in.technician
    listed = await canned_replies.list_replies(ctx, technician)
    values: dict[str, Any] = {
        "replies": listed,
        "teams": ctx.support.team_titles,
        "placeholders": canned_replies.PLACEHOLDERS,
    }
    return pages.page(visit, "replies.html", here="replies", **values)


async def macro_list(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the macros I may use, and change where I may."""
    values: dict[str, Any] = {
        "macros": await macros.list_macros(visit.ctx, visit.signed_in.technician),
        "teams": visit.ctx.support.team_titles,
        "placeholders": canned_replies.PLACEHOLDERS,
        "settable": {str(status): STATUSES[status] for status in macros.SETTABLE},
    }
    return pages.page(visit, "macros.html", here="replies", **values)


PAGES = (
    ("/issues", issues),
    ("/issues/<reference:str>", issue),
    ("/day", day),
    ("/call", call),
    ("/replies", replies),
    ("/macros", macro_list),
)
