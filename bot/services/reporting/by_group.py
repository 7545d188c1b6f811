"""The same figures for each team, and for each technician."""

from collections import Counter, defaultdict
from collections.abc import Callable
from typing import Any

from bot.services.core.context import Context
from bot.services.reporting.report import ACROSS, Report
from bot.services.reporting.report_facts import Facts
from bot.triage.reporting.statistics import mean, minutes_between, percentile

NOBODY = "Nobody yet"
COLUMNS = (
    "Issues",
    "Resolved",
    "First answer, median minutes",
    "Time to resolve, median minutes",
    "Reopened",
    "Rating",
)


def by_team(ctx: Context, found: Facts) -> Report:
    """Count the issues of each team, as the issue names it now."""
    rows = _rows(found, lambda issue: ctx.support.team_title(issue.team))
    return _report("teams", "By team", "Issues logged in the period, by the team that has them now.", "Team", rows)


def by_technician(_ctx: Context, found: Facts) -> Report:
    """Count the issues of each technician, who is the one that has or had them last."""
    rows = _rows(found, lambda issue: issue.technician or NOBODY)
    what = "Issues logged in the period, by the technician who has or resolved them. They differ in weight."
    return _report("technicians", "By technician", what, "Technician", rows)


def _report(name: str, title: str, what: str, column: str, rows: list[tuple[Any, ...]]) -> Report:
    headline = f"most: {rows[0][0]}" if rows else "none"
    return Report(name, title, what, headline, ACROSS, (column, *COLUMNS), rows)


def _rows(found: Facts, group_of: Callable[[Any], str]) -> list[tuple[Any, ...]]:
    group = {issue.id: group_of(issue) for issue in found.issues}
    issues = Counter(group.values())
    resolved = Counter(group[issue.id] for issue in found.issues if issue.resolved_at)
    reopened = Counter(group[row.issue_id] for row in found.reopened if row.issue_id in group)
    answers, solutions, scores = (defaultdict[str, list[float]](list) for _ in range(3))
    for row in found.responses:
        answers[group[row.id]].append(minutes_between(row.created_at, row.answered_at))
    for issue in found.issues:
        if issue.resolved_at:
            solutions[group[issue.id]].append(minutes_between(issue.created_at, issue.resolved_at))
    for row in found.ratings:
        if row.issue_id in group:
            scores[group[row.issue_id]].append(row.score)
    return [
        (
            name,
            number,
            resolved[name],
            _median(answers[name]),
            _median(solutions[name]),
            reopened[name],
            mean(scores[name]),
        )
        for name, number in issues.most_common()
    ]


def _median(minutes: list[float]) -> float | None:
    found = percentile(minutes, 50)
    return None if found is None else round(found, 1)
