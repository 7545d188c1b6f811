"""Pages of a technician's day: issues, my work, a telephone call, canned replies."""

from typing import Any

from sanic import HTTPResponse, Request

from bot.desk.pages import Pages
from bot.desk.request_context import DeskRequest
from bot.services.desk import canned_replies, end_of_shift, issue_filters, issue_search, macros, tags, transfers
from bot.services.desk.labels import ENTITLEMENTS, IMPACTS, STATUSES


async def issues(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the list; its words and filters are in the address."""
    ctx, technician = visit.ctx, visit.signed_in.technician
    filters = issue_filters.read_filters(request.args)
    found = await issue_search.search_issues(ctx, technician, filters)
    targets = await transfers.transfer_targets(ctx, technician)
    shown = {name: value for name, value in vars(filters).items() if value and name not in ("query", "before")}
    if filters.query:
        shown["q"] = filters.query
    choices: dict[str, Any] = {
        "status": {issue_filters.OPEN: "All open ones", **STATUSES},
        "technician": {
            issue_filters.ME: "Mine",
            issue_filters.NOBODY: "Nobody's",
            **{str(one["id"]): one["name"] for one in targets["technicians"]},
        },
        "team": {team["id"]: team["title"] for team in targets["teams"]},
        "category": {one.id: one.title for one in ctx.support.issue_kinds.values()},
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
    }
    return pages.page(visit, "issues.html", here="issues", **values)


async def issue(pages: Pages, _request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Return one issue by its reference in any spelling."""
    found = await issue_search.by_reference(visit.ctx, visit.signed_in.technician, reference)
    return pages.page(visit, "issue.html", here="issues", issue=found)


async def day(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """My open work, with what reminds me, and the form that hands it over."""
    work = await end_of_shift.open_work(visit.ctx, visit.signed_in.technician)
    targets = await transfers.transfer_targets(visit.ctx, visit.signed_in.technician)
    return pages.page(visit, "day.html", here="day", work=work, targets=targets)


async def call(pages: Pages, _request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the form for somebody on the telephone."""
    return pages.page(visit, "call.html", here="call", categories=visit.ctx.support.categories)


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
