"""Office hours: the vendor's page says Monday to Friday, 8:00 a.m. to 5:00 p.m. Eastern.

All moments are aware; the week is in the office's zone, daylight saving included.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from typing import Literal
from zoneinfo import ZoneInfo

Reason = Literal["open", "before_opening", "between_hours", "after_hours", "day_off", "holiday"]
_DAYS_AHEAD = 370


@dataclass(frozen=True)
class HoursState:
    """The office at one moment. ``next_opening`` is the next one after it; None when there is none in a year.

    ``closes_at`` is None when closed, and when the office never closes. ``holiday`` is today's name, if it
    is one.
    """

    open: bool
    reason: Reason
    closes_at: datetime | None
    next_opening: datetime | None
    holiday: str | None


@dataclass(frozen=True)
class OfficeHours:
    """Opening hours: ``weekly`` from Monday 0 to Sunday 6; an end of 00:00 means midnight at the day's end.

    ``closed_on`` names the holiday of a date, or returns None.
    """

    zone: ZoneInfo
    weekly: Mapping[int, Sequence[tuple[time, time]]]
    closed_on: Callable[[date], str | None]

    def state_at(self, now: datetime) -> HoursState:
        """Return the state of the office at ``now``, with its reason; raise ValueError for a naive ``now``."""
        if now.tzinfo is None:
            raise ValueError("office hours need an aware datetime")
        moment, today = now.astimezone(UTC), now.astimezone(self.zone).date()
        spans = self._spans_of(today)
        current = next(((start, end) for start, end in spans if start <= moment < end), None)
        return HoursState(
            open=current is not None,
            reason="open" if current else self._why_closed(today, moment, spans),
            closes_at=self._local(self._end_of(current[1])) if current else None,
            next_opening=self._local(self._next_start(today, moment)),
            holiday=self.closed_on(today),
        )

    def open_day_after(self, now: datetime, days: int) -> date:
        """Return the day that is ``days`` open days after the present one, or after the next one when it is over.

        Without any open day in a year these are days of the calendar.
        """
        state, today = self.state_at(now), now.astimezone(self.zone).date()
        day = today if state.open or state.next_opening is None else state.next_opening.date()
        ahead = (day + timedelta(days=number) for number in range(1, _DAYS_AHEAD))
        opened = (one for one in ahead if self._spans_of(one))
        return next(islice(opened, days - 1, None), day + timedelta(days=days)) if days else day

    def holidays_between(self, first: date, last: date) -> list[tuple[date, str]]:
        """Return the holidays from ``first`` to ``last`` inclusive that close an otherwise open day."""
        days = (first + timedelta(days=n) for n in range((last - first).days + 1))
        named = ((day, self.closed_on(day)) for day in days if self.weekly.get(day.weekday()))
        return [(day, name) for day, name in named if name]

    def open_time(self, start: datetime, end: datetime) -> timedelta:
        """Return the open time between ``start`` and ``end``; zero when ``end`` is not later."""
        first, last = start.astimezone(UTC), end.astimezone(UTC)
        day, total = first.astimezone(self.zone).date() - timedelta(days=1), timedelta()
        while day <= last.astimezone(self.zone).date():
            for opening, closing in self._spans_of(day):
                total += max(timedelta(), min(closing, last) - max(opening, first))
            day += timedelta(days=1)
        return total

    def state_since(self, now: datetime) -> datetime | None:
        """Return when the office last opened, if it is open, or last closed; None when over a year ago."""
        moment, wanted_open = now.astimezone(UTC), self.state_at(now).open
        day = moment.astimezone(self.zone).date()
        for back in range(_DAYS_AHEAD):
            for opening, closing in reversed(self._spans_of(day - timedelta(days=back))):
                edge = opening if wanted_open else closing
                before = edge - timedelta(microseconds=1)
                if edge <= moment and self.state_at(before).open != wanted_open:
                    return self._local(edge)
        return None

    def _why_closed(self, today: date, moment: datetime, spans: Sequence[tuple[datetime, datetime]]) -> Reason:
        if not self.weekly.get(today.weekday()):
            return "day_off"
        if not spans:
            return "holiday"
        if moment < spans[0][0]:
            return "before_opening"
        return "after_hours" if moment >= spans[-1][1] else "between_hours"

    def _spans_of(self, day: date) -> list[tuple[datetime, datetime]]:
        """Return the day's opening spans in UTC, where differences across a change of the clocks are exact."""
        if self.closed_on(day):
            return []
        return [
            (self._utc(day, start), self._utc(day if end > start else day + timedelta(days=1), end))
            for start, end in sorted(self.weekly.get(day.weekday(), ()))
        ]

    def _utc(self, day: date, at: time) -> datetime:
        return datetime.combine(day, at, tzinfo=self.zone).astimezone(UTC)

    def _local(self, moment: datetime | None) -> datetime | None:
        return moment.astimezone(self.zone) if moment else None

    def _end_of(self, end: datetime) -> datetime | None:
        """Return the true end of the opening that reaches ``end``: adjacent spans, as over midnight, are one."""
        day = end.astimezone(self.zone).date()
        for ahead in range(_DAYS_AHEAD):
            for start, later_end in self._spans_of(day + timedelta(days=ahead)):
                if start == end:
                    end = later_end
            if end.astimezone(self.zone).date() <= day + timedelta(days=ahead):
                return end
        return None

    def _next_start(self, today: date, moment: datetime) -> datetime | None:
        for ahead in range(_DAYS_AHEAD):
            for start, _ in self._spans_of(today + timedelta(days=ahead)):
                if start > moment:
                    return start
        return None
