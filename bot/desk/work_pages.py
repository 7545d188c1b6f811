"""Pages of a technician's day: issues, my work, a telephone call, canned replies."""

from typing import Any

from sanic import HTTPResponse, Request

from bot.desk.pages import Pages
from bot.desk.visit import Visit
from bot.services import canned_replies, desk_handover, desk_issue_filters, desk_issues, desk_moves
from bot.services.desk_words import ENTITLEMENTS, IMPACTS, STATUSES
from bot.services.issue_fields import editable


async def issues(pages: Pages, request: Request, visit: Visit) -> HTTPResponse:
    """The list; its words and filters are in the address."""
    ctx, technician = visit.ctx, visit.signed_in.technician
    filters = desk_issue_filters.read(request.args)
    found = await desk_issues.search(ctx, technician, filters)
    targets = await desk_moves.targets(ctx, technician)
    shown = {name: value for name, value in vars(filters).items() if value and name not in ("query", "before")}
    if filters.query:
        shown["q"] = filters.query
    choices: dict[str, Any] = {
        "status": {desk_issue_filters.OPEN: "All open ones", **STATUSES},
        "technician": {
            desk_issue_filters.ME: "Mine",
            desk_issue_filters.NOBODY: "Nobody's",
            **{str(one["id"]): one["name"] for one in targets["technicians"]},
        },
        "team": {team["id"]: team["title"] for team in targets["teams"]},
        "category": {one.id: one.title for one in ctx.support.categories},
        "entitlement": ENTITLEMENTS,
        "impact": IMPACTS,
    }
    values: dict[str, Any] = {
        "filters": filters,
        "choices": choices,
        "issues": found,
        "address": shown,
        "most": desk_issues.MOST,
    }
    return pages.page(visit, "issues.html", here="issues", **values)


async def issue(pages: Pages, _request: Request, visit: Visit, reference: str) -> HTTPResponse:
    """One issue by its reference in any spelling."""
    found = await desk_issues.by_reference(visit.ctx, visit.signed_in.technician, reference)
    return pages.page(visit, "issue.html", here="issues", issue=found, edit=editable(visit.ctx, found))


async def day(pages: Pages, _request: Request, visit: Visit) -> HTTPResponse:
    """My open work, with what reminds me, and the form that hands it over."""
    work = await desk_handover.work(visit.ctx, visit.signed_in.technician)
    targets = await desk_moves.targets(visit.ctx, visit.signed_in.technician)
    return pages.page(visit, "day.html", here="day", work=work, targets=targets)


async def call(pages: Pages, _request: Request, visit: Visit) -> HTTPResponse:
    """The form for somebody on the telephone."""
    return pages.page(visit, "call.html", here="call", categories=visit.ctx.support.categories)


async def replies(pages: Pages, _request: Request, visit: Visit) -> HTTPResponse:
    """The canned replies I may use, and change where I may."""
    ctx, technician = visit.ctx, visit.signed_in.technician
    listed = await canned_replies.listed(ctx, technician)
    values: dict[str, Any] = {
        "replies": listed,
        "teams": ctx.support.team_titles,
        "placeholders": canned_replies.PLACEHOLDERS,
    }
    return pages.page(visit, "replies.html", here="replies", **values)


PAGES = (
    ("/issues", issues),
    ("/issues/<reference:str>", issue),
    ("/day", day),
    ("/call", call),
    ("/replies", replies),
)
