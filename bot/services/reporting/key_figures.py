"""Four figures of a period beside those of the period before it, which is as long."""

from collections.abc import Callable
from dataclasses import dataclass

from bot.services.core.worker_threads import REPORTS
from bot.services.reporting.report_facts import Facts
from bot.triage.reporting.statistics import mean, minutes_between, percentile
from bot.triage.text.time_format import format_span


@dataclass(frozen=True)
class KeyFigure:
    """A figure in words, and how it compares. ``trend``: better, worse, or "" where neither can be said."""

    title: str
    now: str
    before: str
    trend: str


async def key_figures(now: Facts, before: Facts) -> list[KeyFigure]:
    """Return issues, median first answer, median time to resolve and rating of a period and the one before it."""
    return await REPORTS.run(lambda: [_figure(title, now, before, *how) for title, how in _FIGURES.items()])


def _first_answer(found: Facts) -> float | None:
    return percentile([minutes_between(row.created_at, row.answered_at) for row in found.responses], 50)


def _solution(found: Facts) -> float | None:
    return percentile([minutes_between(row.created_at, row.resolved_at) for row in found.issues if row.resolved_at], 50)


def _rating(found: Facts) -> float | None:
    return mean(row.score for row in found.ratings)


def _span(minutes: float) -> str:
    return format_span(minutes * 60)


# How each is counted, shown, and whether more of it is better; None where more is neither.
_How = tuple[Callable[[Facts], float | None], Callable[[float], str], bool | None]
_FIGURES: dict[str, _How] = {
    "Issues": (lambda found: float(len(found.issues)), lambda number: f"{number:g}", None),
    "First answer, median": (_first_answer, _span, False),
    "Time to resolve, median": (_solution, _span, False),
    "Rating": (_rating, lambda score: f"{score:g} of 5", True),
}


def _figure(
    title: str,
    now: Facts,
    before: Facts,
    measure: Callable[[Facts], float | None],
    shown: Callable[[float], str],
    more_is_better: bool | None,
) -> KeyFigure:
    new, old = measure(now), measure(before)
    trend = ""
    if more_is_better is not None and new is not None and old is not None and new != old:
        trend = "better" if (new > old) == more_is_better else "worse"
    present, past = ["–" if value is None else shown(value) for value in (new, old)]
    return KeyFigure(title, present, past, trend)
