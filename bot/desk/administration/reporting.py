"""The reports: charts with their tables, and each as CSV."""

import csv
import io
from typing import Any

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.charts import chart, legend
from bot.desk.pages import Pages
from bot.desk.request_context import SUPERVISORS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.services.desk.product_choice import product_choices
from bot.services.reporting import key_figures, reports
from bot.services.reporting.report_facts import Facts, collect_facts
from bot.triage.reporting.statistics import Period

ALL = "all.csv"


async def listed(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return every report of a period as numbers."""
    period = _period(request, visit)
    found = await reports.all_reports(visit.ctx, period, _product(request, visit))
    shown = {
        "first": period.first.isoformat(),
        "last": period.last.isoformat(),
        "reports": [vars(one) for one in found],
    }
    return json(shown, headers=NO_STORE)


async def as_csv(request: Request, visit: DeskRequest, name: str) -> HTTPResponse:
    """Return one report as CSV."""
    period = _period(request, visit)
    if name == ALL:
        return await _all_as_csv(request, visit, period)
    report = await reports.build_report(visit.ctx, name.removesuffix(".csv"), period, _product(request, visit))
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(report.columns)
    writer.writerows(report.rows)
    file = f"{report.id}-{period.first}-{period.last}.csv"
    headers = {**NO_STORE, "Content-Disposition": f'attachment; filename="{file}"'}
    return HTTPResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


async def _all_as_csv(request: Request, visit: DeskRequest, period: Period) -> HTTPResponse:
    """Return every report in one file: its title, its columns, its rows, and an empty line."""
    out = io.StringIO()
    writer = csv.writer(out)
    for report in await reports.all_reports(visit.ctx, period, _product(request, visit)):
        writer.writerow([report.title])
        writer.writerow(report.columns)
        writer.writerows(report.rows)
        writer.writerow([])
    disposition = f'attachment; filename="reports-{period.first}-{period.last}.csv"'
    headers = {**NO_STORE, "Content-Disposition": disposition}
    return HTTPResponse(out.getvalue(), content_type="text/csv; charset=utf-8", headers=headers)


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return all reports of a period, which is in the address, beside the period before it."""
    period, product = _period(request, visit), _product(request, visit)
    now = await collect_facts(visit.ctx, period, product)
    before = await collect_facts(visit.ctx, period.before, product)
    days = request.args.get("days") or ("" if request.args.get("from") else "30")
    about = f"&product={product}" if product else ""
    values: dict[str, Any] = {
        "period": period,
        "earlier": period.before,
        "sections": await _sections(visit, now, before, product),
        "days": days,
        "presets": reports.PRESETS,
        "figures": await key_figures.key_figures(now, before),
        "query": f"from={period.first}&to={period.last}{about}",
        "product": product,
        "about": about,
        "products": product_choices(visit.ctx.support),
    }
    return pages.page(visit, "reports.html", here="reports", **values)


async def _sections(
    visit: DeskRequest, now: Facts, before: Facts, product: str | None
) -> dict[str, list[dict[str, Any]]]:
    """Return each section's reports with their pictures, and how each was headed in the period before."""
    found = {one.id: one for one in await reports.reports_of(visit.ctx, now, product)}
    earlier = {one.id: one.headline for one in await reports.reports_of(visit.ctx, before, product)}
    return {
        title: [
            {
                "report": found[name],
                "before": None if name in reports.OF_NOW else earlier[name],
                "picture": chart(found[name]),
                "legend": legend(found[name]),
            }
            for name in names
            if name in found
        ]
        for title, names in reports.SECTIONS.items()
    }


def _product(request: Request, visit: DeskRequest) -> str | None:
    return reports.product_of(visit.ctx, request.args.get("product"))


def _period(request: Request, visit: DeskRequest) -> Period:
    return reports.period_of(visit.ctx, request.args.get("from"), request.args.get("to"), request.args.get("days"))


API = (("GET", "/reports", listed, SUPERVISORS), ("GET", "/reports/<name:str>", as_csv, SUPERVISORS))
PAGES = (("/reports", page, SUPERVISORS),)
