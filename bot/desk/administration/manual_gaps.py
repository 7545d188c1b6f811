"""The page of questions that the manual does not answer, for supervisors and admins."""

from dataclasses import asdict
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.administration.manual_product import product_of, product_tabs
from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.services.core.errors import Invalid
from bot.services.manual import search_gaps

PERIODS = (7, 30, 90, 365)


async def show(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Questions without a good answer, and pages shown without solving; ``days`` back from now."""
    return json(
        _readable(asdict(await search_gaps.search_gaps(visit.ctx, _days(request), product=_product(request, visit)))),
        headers=NO_STORE,
    )


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the same, to read."""
    days = _days(request)
    found = await search_gaps.search_gaps(visit.ctx, days, product=_product(request, visit))
    shown = {"gaps": found, "days": days, "periods": PERIODS, **product_tabs(request, visit)}
    return pages.page(visit, "manual_gaps.html", here="manual", **shown)


def _product(request: Request, visit: DeskRequest) -> str | None:
    """Return the product whose gaps are shown; None in an installation of one."""
    return product_of(request, visit) if visit.ctx.support.products else None


def _days(request: Request) -> int:
    days = request.args.get("days") or str(search_gaps.PERIOD_DAYS)
    if days not in map(str, PERIODS):
        raise Invalid(f"days must be one of {', '.join(map(str, PERIODS))}.")
    return int(days)


def _readable(gaps: dict[str, Any]) -> dict[str, Any]:
    gaps["since"] = gaps["since"].isoformat()
    for question in gaps["questions"]:
        question["last_asked"] = question["last_asked"].isoformat()
        del question["issue_ids"]
    return gaps


API = (("GET", "/manual/gaps", show, SUPERVISORS),)
PAGES = (("/manual", page, SUPERVISORS),)
