"""Write office hours as a sentence for a customer: the zone by name, their own time, the next opening."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from bot.triage.hours.office_hours import HoursState, OfficeHours
from bot.triage.text.time_format import format_clock, format_clock_and_zone, zone_name

_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def describe(state: HoursState, now: datetime, customer_zone: tzinfo | None) -> str:
    """Return the state of the office: open until when, or when it opens again.

    "We open again Monday at 8:00 a.m. Eastern (1:00 p.m. your time)." ``customer_zone`` is None when it is not known.
    """
    if state.open and state.closes_at is None:
        return "We are open now, around the clock."
    if state.open and state.closes_at is not None:
        return (
            f"We are open now, until {format_clock_and_zone(state.closes_at)}{_yours(state.closes_at, customer_zone)}."
        )
    closed = f"We are closed today for {state.holiday}." if state.reason == "holiday" else "We are closed now."
    if state.next_opening is None:
        return closed
    opening = state.next_opening
    day = _day(opening.date(), now.astimezone(opening.tzinfo).date())
    return f"{closed} We open again {day} at {format_clock_and_zone(opening)}{_yours(opening, customer_zone)}."


def describe_moment(moment: datetime, now: datetime, office_zone: tzinfo, customer_zone: tzinfo | None) -> str:
    """Return a future moment: "today at 3:00 p.m. Eastern (9:00 p.m. your time)"."""
    local = moment.astimezone(office_zone)
    day = _day(local.date(), now.astimezone(office_zone).date())
    return f"{day} at {format_clock_and_zone(local)}{_yours(local, customer_zone)}"


def describe_week(hours: OfficeHours) -> str:
    """Return the ordinary week: ``Monday to Friday, 8:00 a.m. to 5:00 p.m. Eastern``, or ``closed``."""
    runs: list[tuple[int, int, Sequence[tuple[time, time]]]] = []
    for day in range(7):
        spans = sorted(hours.weekly.get(day, ()))
        if not spans:
            continue
        if runs and runs[-1][1] == day - 1 and runs[-1][2] == spans:
            runs[-1] = (runs[-1][0], day, spans)
        else:
            runs.append((day, day, spans))
    if not runs:
        return "closed"
    return (
        "; ".join(f"{_days(first, last)}, {_spans(spans)}" for first, last, spans in runs)
        + f" {zone_name(hours.zone, None)}"
    )


def describe_day_ahead(day: date, today: date) -> str:
    """Return a day as it stands behind "by": ``Friday``, or ``Friday, December 4`` when that is a week off or more."""
    name = _DAYS[day.weekday()]
    return name if day < today + timedelta(days=7) else f"{name}, {day:%B} {day.day}"


def _yours(moment: datetime, zone: tzinfo | None) -> str:
    """Return the same moment on the customer's clock; nothing when the clocks agree."""
    local = moment.astimezone(zone) if zone else moment
    if local.utcoffset() == moment.utcoffset():
        return ""
    day = "" if local.date() == moment.date() else f"{_DAYS[local.weekday()]} "
    return f" ({day}{format_clock(local)} your time)"


def _day(day: date, today: date) -> str:
    if day == today:
        return "today"
    if day == today + timedelta(days=1):
        return f"tomorrow, {_DAYS[day.weekday()]},"
    if day < today + timedelta(days=7):
        return _DAYS[day.weekday()]
    return f"{_DAYS[day.weekday()]}, {day:%B} {day.day},"


def _days(first: int, last: int) -> str:
    return _DAYS[first] if first == last else f"{_DAYS[first]} to {_DAYS[last]}"


def _spans(spans: Sequence[tuple[time, time]]) -> str:
    return " and ".join(f"{format_clock(start)} to {format_clock(end)}" for start, end in spans)


def describe_day(hours: OfficeHours, day: date, customer_zone: tzinfo | None) -> str:
    """Return one day's hours with the customer's own time, or its holiday.

    ``Thursday, November 26, is Thanksgiving Day: we are closed.``
    """
    name, holiday = f"{_DAYS[day.weekday()]}, {day:%B} {day.day}", hours.closed_on(day)
    if holiday:
        return f"{name}, is {holiday}: we are closed."
    spans = sorted(hours.weekly.get(day.weekday(), ()))
    if not spans:
        return f"We are closed on {name}."
    opening = datetime.combine(day, spans[0][0], tzinfo=hours.zone)
    return f"On {name}, we are open {_spans(spans)} {zone_name(hours.zone, opening)}{_yours(opening, customer_zone)}."


def describe_elsewhere(hours: OfficeHours, day: date, place: str, zone: tzinfo) -> str:
    """Return the ordinary day's hours in another place: ``In London that is 1:00 p.m. to 10:00 p.m.``

    Empty when the office never opens.
    """
    week = [spans for spans in (hours.weekly.get(number) for number in range(7)) if spans]
    if not week:
        return ""
    first, last = min(week[0])[0], max(week[0])[1]
    start = datetime.combine(day, first, tzinfo=hours.zone).astimezone(zone)
    end = datetime.combine(day, last, tzinfo=hours.zone).astimezone(zone)
    return f"In {place} that is {format_clock(start)} to {format_clock(end)}".removesuffix(".") + "."
