"""Statistics of a period: medians, shares, and the days, weeks or months of a chart."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

DAYS_ONE_BY_ONE, WEEKS_ONE_BY_ONE = 45, 400


@dataclass(frozen=True)
class Period:
    """Whole days of the office's zone, both ends included."""

    first: date
    last: date
    zone: ZoneInfo

    @property
    def begins(self) -> datetime:
        return datetime.combine(self.first, time(), tzinfo=self.zone)

    @property
    def ends(self) -> datetime:
        """Return the first moment after the period."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=self.zone)

    @cached_property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def before(self) -> "Period":
        """Return the period that ends where this one begins, and is as long."""
        return replace(self, first=self.first - timedelta(days=self.days), last=self.first - timedelta(days=1))

    def step_of(self, moment: datetime) -> date:
        """Return the first day of the day, week (from Monday) or month that contains the moment."""
        return self._step(moment.astimezone(self.zone).date())

    def steps(self) -> list[date]:
        """Return every day, week or month of the period, so that an empty one is shown as empty."""
        every = (self._step(self.first + timedelta(days=n)) for n in range(self.days))
        return list(dict.fromkeys(every))

    @cached_property
    def step_name(self) -> str:
        return "day" if self.days <= DAYS_ONE_BY_ONE else "week" if self.days <= WEEKS_ONE_BY_ONE else "month"

    def _step(self, day: date) -> date:
        if self.step_name == "day":
            return day
        return day - timedelta(days=day.weekday()) if self.step_name == "week" else day.replace(day=1)


def share(part: int, whole: int) -> float | None:
    """Return the percentage with one decimal; None of nothing."""
    return round(100 * part / whole, 1) if whole else None


def percentile(values: Sequence[float], per_cent: int) -> float | None:
    """Return the nearest-rank percentile, which ``per_cent`` of the values do not exceed; None without values."""
    if not values:
        return None
    ordered = sorted(values)
    return ordered[max(0, math.ceil(per_cent / 100 * len(ordered)) - 1)]


def minutes_between(start: datetime, end: datetime) -> float:
    return (end - start).total_seconds() / 60


def mean(values: Iterable[float]) -> float | None:
    """Return the mean with two decimals; None without values."""
    found = list(values)
    return round(sum(found) / len(found), 2) if found else None
