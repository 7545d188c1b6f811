"""The reports of the desk, by what they say: demand, speed, quality, and each for teams and technicians."""

from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from bot.services.core.context import Context
from bot.services.core.errors import Invalid
from bot.services.core.worker_threads import REPORTS
from bot.services.reporting.by_group import by_team, by_technician
from bot.services.reporting.report import ACROSS, BARS, HEAT, LINES, STACKED, Report
from bot.services.reporting.report_facts import Facts, collect_facts
from bot.triage.billing.entitlement import Kind
from bot.triage.hours.targets import Goal, was_met
from bot.triage.reporting.statistics import Period, mean, minutes_between, percentile, share
from bot.triage.text.time_format import format_span

LONGEST = 1100
PRESETS = (7, 30, 90, 365)
IDLE = timedelta(days=1)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
# Up to so many rows the chart shows each hour by itself.
MOST_CATEGORIES = 6
# The report that there is where there are several products.
PRODUCTS = "products"
KINDS: dict[str, str] = {
    Kind.CONTRACT: "Contract",
    Kind.CONTRACT_CLAIMED: "Contract to check",
    Kind.PREPAID: "Paid ahead",
    Kind.PAYMENT_REQUIRED: "Payment ahead",
    Kind.FREE_OF_CHARGE: "Free of charge",
}


def period_of(ctx: Context, first: str | None, last: str | None, days: str | None) -> Period:
    """Parse the period: dates, or the last so many days; 30 days without either. Raises Invalid."""
    zone = ctx.support.office_hours.zone
    today = ctx.clock().astimezone(zone).date()
    try:
        if first or last:
            begins = date.fromisoformat(first or "")
            ends = date.fromisoformat(last) if last else today
        else:
            ends, begins = today, today - timedelta(days=int(days or 30) - 1)
    except (ValueError, OverflowError):
        raise Invalid("Write the period as dates such as 2026-01-31, or as a number of days.") from None
    if not begins <= ends or (ends - begins).days > LONGEST:
        raise Invalid("The period must begin before it ends, and have three years at most.")
    return Period(begins, ends, zone)


def product_of(ctx: Context, product: str | None) -> str | None:
    """Return the product that the reports are narrowed down to; None for all. Raises Invalid."""
    if product and product not in ctx.support.products:
        raise Invalid("There is no such product.")
    return product or None


async def all_reports(ctx: Context, period: Period, product: str | None = None) -> list[Report]:
    """Return every report of the period, of several products those about one."""
    return await reports_of(ctx, await collect_facts(ctx, period, product), product)


async def reports_of(ctx: Context, found: Facts, product: str | None = None) -> list[Report]:
    """Return every report of facts that were collected already; ``product`` is the one that they are about."""
    makers = [make for name, make in _REPORTS.items() if name != PRODUCTS or (ctx.support.products and not product)]
    # In a thread: counting thousands of rows would block the event loop.
    return await REPORTS.run(lambda: [make(ctx, found) for make in makers])


async def build_report(ctx: Context, name: str, period: Period, product: str | None = None) -> Report:
    """Return one report; raise Invalid for an unknown name."""
    if name not in _REPORTS:
        raise Invalid("There is no such report.")
    return _REPORTS[name](ctx, await collect_facts(ctx, period, product))


def _issues(ctx: Context, found: Facts) -> Report:
    period = found.period
    totals = Counter(row.category for row in found.issues)
    shown = [name for name, _ in totals.most_common(MOST_CATEGORIES)]
    counted = Counter((period.step_of(row.created_at), row.category) for row in found.issues)
    rest = len(totals) > len(shown)
    rows = []
    for step in period.steps():
        numbers = [counted[step, name] for name in shown]
        others = sum(number for (day, name), number in counted.items() if day == step and name not in shown)
        rows.append((step.isoformat(), *numbers, *([others] if rest else [])))
    titles = (*(ctx.support.category_title(name) for name in shown), *(["Others"] if rest else []))
    return Report(
        "issues",
        f"Issues per {period.step_name}",
        "Issues logged, by category.",
        f"{len(found.issues)} issues",
        STACKED,
        (period.step_name.capitalize(), *titles) if titles else (period.step_name.capitalize(), "Issues"),
        rows if titles else [(step.isoformat(), 0) for step in period.steps()],
    )


def _categories(ctx: Context, found: Facts) -> Report:
    totals = Counter(row.category for row in found.issues)
    rows = [(ctx.support.category_title(name), number) for name, number in totals.most_common()]
    top = rows[0][0] if rows else "none"
    return Report(
        "categories", "Issues by category", "What the issues were about.", f"most: {top}", ACROSS,
        ("Category", "Issues"), rows,
    )  # fmt: skip


def _products(ctx: Context, found: Facts) -> Report:
    totals = Counter(row.product for row in found.issues)
    rows = [(ctx.support.product_title(product) or "Not said", number) for product, number in totals.most_common()]
    top = rows[0][0] if rows else "none"
    return Report(
        PRODUCTS, "Issues by product", "Which product the issues were about.", f"most: {top}", ACROSS,
        ("Product", "Issues"), rows,
    )  # fmt: skip


def _outcomes(ctx: Context, found: Facts) -> Report:
    """Count deflected (the manual solved it, no issue was logged) and contained (no technician claimed it)."""
    period = found.period
    claimed = {row.conversation_id for row in found.hand_offs if row.claimed_at is not None}
    asked, deflected, began, contained = Counter[date](), Counter[date](), Counter[date](), Counter[date]()
    for row in found.conversations:
        step = period.step_of(row.created_at)
        began[step] += 1
        contained[step] += row.id not in claimed and row.outcome is not None
        if row.id in found.searched:
            asked[step] += 1
            deflected[step] += found.searched[row.id] and row.issue_id is None
    rows = [
        (
            step.isoformat(),
            share(deflected[step], asked[step]),
            share(contained[step], began[step]),
            asked[step],
            began[step],
        )
        for step in period.steps()
    ]
    overall = share(deflected.total(), asked.total()), share(contained.total(), began.total())
    return Report(
        "deflection",
        "Deflection and containment",
        "Deflected: of the conversations that asked the manual, those it solved without an issue. "
        "Contained: of all conversations, those that came to an end without a technician.",
        f"{_per_cent(overall[0])} deflected, {_per_cent(overall[1])} contained",
        LINES,
        (period.step_name.capitalize(), "Deflected %", "Contained %", "Asked the manual", "Conversations"),
        rows,
        "%",
    )


def _waiting(ctx: Context, found: Facts) -> Report:
    taken = [row for row in found.hand_offs if row.claimed_at and not row.asked_out_of_hours]
    what = "From asking for a technician to being claimed, asked in office hours."
    return _spans(found.period, "waiting", "Waiting time", what, [(row.created_at, row.claimed_at) for row in taken])


def _first_response(ctx: Context, found: Facts) -> Report:
    spans = [(row.created_at, row.answered_at) for row in found.responses]
    what = "From the issue being logged to a technician's first message, nights and weekends included."
    return _spans(found.period, "first-response", "First response", what, spans)


def _resolve(ctx: Context, found: Facts) -> Report:
    spans = [(row.created_at, row.resolved_at) for row in found.issues if row.resolved_at]
    return _spans(found.period, "resolve", "Time to resolve", "From the issue being logged to resolved.", spans)


def _spans(period: Period, name: str, title: str, what: str, spans: list[tuple[datetime, datetime]]) -> Report:
    by_step: dict[date, list[float]] = {}
    for start, end in spans:
        by_step.setdefault(period.step_of(start), []).append(minutes_between(start, end))
    rows = [
        (step.isoformat(), _whole(percentile(values, 50)), _whole(percentile(values, 90)), len(values))
        for step in period.steps()
        for values in [by_step.get(step, [])]
    ]
    everything = [minutes_between(start, end) for start, end in spans]
    median, nine_in_ten = (_headline_span(percentile(everything, share)) for share in (50, 90))
    headline = f"median {median}, nine in ten within {nine_in_ten}"
    columns = (period.step_name.capitalize(), "Median, minutes", "Nine in ten within, minutes", "Number")
    return Report(name, title, what, headline if spans else "none", LINES, columns, rows, "min")


def _targets(ctx: Context, found: Facts) -> Report:
    rows: list[tuple[Any, ...]] = []
    answered = [(row.entitlement, row.created_at, row.answered_at) for row in found.responses]
    resolved = [(row.entitlement, row.created_at, row.resolved_at) for row in found.issues if row.resolved_at]
    for goal, title, spans in ((Goal.FIRST_ANSWER, "first answer", answered), (Goal.SOLUTION, "solution", resolved)):
        for kind in Kind:
            allowed = ctx.support.targets_of(kind).get(goal)
            if allowed is not None:
                taken = [(start, end) for one, start, end in spans if one == kind]
                met = sum(was_met(ctx.support.office_hours, allowed, *span) for span in taken)
                rows.append((f"{KINDS[kind]}: {title}", share(met, len(taken)), met, len(taken)))
    met, all_of = sum(row[2] for row in rows), sum(row[3] for row in rows)
    what = "First answers and solutions within the opening time that the settings allow, by who pays."
    headline = f"{_per_cent(share(met, all_of))} within the target" if rows else "no targets are set"
    return Report("targets", "Targets", what, headline, ACROSS, ("Target", "Within %", "Within", "Number"), rows, "%")


def _reopened(ctx: Context, found: Facts) -> Report:
    period = found.period
    again = Counter(period.step_of(row.at) for row in found.reopened)
    resolved = Counter(period.step_of(row.resolved_at) for row in found.issues if row.resolved_at)
    rows = [(step.isoformat(), again[step], resolved[step]) for step in period.steps()]
    rate = share(again.total(), resolved.total())
    return Report(
        "reopened", "Reopened", "Issues that customers said were not solved after all, beside those resolved.",
        f"{again.total()} reopened ({_per_cent(rate)} of resolved)", BARS,
        (period.step_name.capitalize(), "Reopened", "Resolved"), rows,
    )  # fmt: skip


def _returned(ctx: Context, found: Facts) -> Report:
    solved = sum(found.searched.values())
    rows = [("Helped by the manual", solved), ("Logged an issue within seven days", found.returned)]
    return Report(
        "returned", "Deflected, then returned",
        "Customers who said that the manual had solved it, and logged an issue within seven days all the same.",
        f"{found.returned} of {solved}", ACROSS, ("Customers", "Number"), rows,
    )  # fmt: skip


def _ratings(ctx: Context, found: Facts) -> Report:
    counted = Counter(row.score for row in found.ratings)
    average = mean(row.score for row in found.ratings)
    rows = [(f"{score} of 5", counted[score]) for score in range(5, 0, -1)]
    headline = f"{average:g} of 5 on average, {len(found.ratings)} ratings" if average else "none"
    what = "What customers thought of how their issue was handled."
    return Report("rating", "Customer rating", what, headline, ACROSS, ("Rating", "Number"), rows)


def _busiest(ctx: Context, found: Facts) -> Report:
    zone = found.period.zone
    moments = [row.created_at.astimezone(zone) for row in found.conversations]
    counted = Counter((moment.weekday(), moment.hour) for moment in moments)
    rows = [(f"{hour:02d}:00", *(counted[day, hour] for day in range(7))) for hour in range(24)]
    peak = counted.most_common(1)
    headline = f"most: {WEEKDAYS[peak[0][0][0]]} at {peak[0][0][1]:02d}:00" if peak else "none"
    what = f"Conversations begun, by weekday and hour ({zone})."
    return Report("busiest", "Busiest hours", what, headline, HEAT, ("Hour", *WEEKDAYS), rows)


def _abandoned(ctx: Context, found: Facts) -> Report:
    now = ctx.clock()
    left = sum(
        row.owner == "assistant" and row.outcome is None and row.issue_id is None and now - row.updated_at > IDLE
        for row in found.conversations
    )
    rows = [
        ("Left without an end", left),
        ("Left the queue", sum(row.state == "cancelled" for row in found.hand_offs)),
        ("Issue with details missing", sum(not row.details_complete for row in found.issues)),
    ]
    return Report(
        "abandoned", "Abandoned",
        "Conversations silent for a day without answer, issue or technician; customers who left the queue; issues "
        "whose questions were not all answered.",
        f"{left} left without an end", ACROSS, ("What", "Number"), rows,
    )  # fmt: skip


def _unpaid(ctx: Context, found: Facts) -> Report:
    now = ctx.clock()
    ages = [(now - row.created_at).days for row in found.unpaid]
    spans = (("Today", 0, 0), ("1 to 7 days", 1, 7), ("8 to 30 days", 8, 30), ("Older", 31, 100_000))
    rows = [(name, sum(low <= age <= high for age in ages)) for name, low, high in spans]
    return Report(
        "unpaid", "Unpaid, now", "Open issues that wait for a payment ahead, by age. This is how it stands now.",
        f"{len(ages)} open and unpaid", ACROSS, ("Waiting for", "Issues"), rows,
    )  # fmt: skip


_Make = Callable[[Context, Facts], Report]
_SECTIONS: dict[str, dict[str, _Make]] = {
    "Demand": {
        "issues": _issues,
        PRODUCTS: _products,
        "categories": _categories,
        "busiest": _busiest,
        "deflection": _outcomes,
        "returned": _returned,
        "unpaid": _unpaid,
    },
    "Speed": {
        "waiting": _waiting,
        "first-response": _first_response,
        "resolve": _resolve,
        "targets": _targets,
    },
    "Quality": {
        "rating": _ratings,
        "reopened": _reopened,
        "abandoned": _abandoned,
    },
    "Teams and technicians": {
        "teams": by_team,
        "technicians": by_technician,
    },
}
# Which reports each section has, in their order.
SECTIONS = {title: tuple(makers) for title, makers in _SECTIONS.items()}
# How it stands now, whatever the period: there is no period before it.
OF_NOW = ("unpaid",)
_REPORTS: dict[str, _Make] = {name: make for makers in _SECTIONS.values() for name, make in makers.items()}


def _headline_span(minutes: float | None) -> str:
    return "–" if minutes is None else format_span(minutes * 60)


def _whole(minutes: float | None) -> float | None:
    return None if minutes is None else round(minutes, 1)


def _per_cent(value: float | None) -> str:
    return "–" if value is None else f"{value:g} %"
