"""Write office hours as a sentence for a customer: the zone by name, their own time, the next opening."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta, tzinfo

from bot.triage.hours.hours_words import ENGLISH, HoursWords
from bot.triage.hours.office_hours import HoursState, OfficeHours


def describe(state: HoursState, now: datetime, customer_zone: tzinfo | None, words: HoursWords = ENGLISH) -> str:
    """Return the state of the office: open until when, or when it opens again.

    "We open again Monday at 8:00 a.m. Eastern (1:00 p.m. your time)." ``customer_zone`` is None when it is not known.
    """
    if state.open and state.closes_at is None:
        return words.always
    if state.open and state.closes_at is not None:
        closes = state.closes_at
        return words.open.format(time=_clock_and_zone(closes, words), yours=_yours(closes, customer_zone, words))
    closed = words.holiday.format(holiday=state.holiday) if state.reason == "holiday" else words.closed
    if state.next_opening is None:
        return closed
    opening = state.next_opening
    day = _day(opening.date(), now.astimezone(opening.tzinfo).date(), words)
    opens = words.opens.format(
        day=day, time=_clock_and_zone(opening, words), yours=_yours(opening, customer_zone, words)
    )
    return f"{closed} {opens}"


def describe_moment(
    moment: datetime,
    now: datetime,
    office_zone: tzinfo,
    customer_zone: tzinfo | None,
    words: HoursWords = ENGLISH,
) -> str:
    """Return a future moment: "today at 3:00 p.m. Eastern (9:00 p.m. your time)"."""
    local = moment.astimezone(office_zone)
    day = _day(local.date(), now.astimezone(office_zone).date(), words)
    return words.moment.format(day=day, time=_clock_and_zone(local, words), yours=_yours(local, customer_zone, words))


def describe_week(hours: OfficeHours, words: HoursWords = ENGLISH) -> str:
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
        return words.never
    return (
        "; ".join(f"{_days(first, last, words)}, {_spans(spans, words)}" for first, last, spans in runs)
        + f" {words.zone(hours.zone, None)}"
    )


def describe_day_ahead(day: date, today: date, words: HoursWords = ENGLISH) -> str:
    """Return a day as it stands behind "by": ``Friday``, or ``Friday, December 4`` when that is a week off or more."""
    return words.weekday(day.weekday()) if day < today + timedelta(days=7) else words.date(day)


def _clock_and_zone(moment: datetime, words: HoursWords) -> str:
    return f"{words.at(moment)} {words.zone(moment.tzinfo, moment)}"


def _yours(moment: datetime, zone: tzinfo | None, words: HoursWords) -> str:
    """Return the same moment on the customer's clock; nothing when the clocks agree."""
    local = moment.astimezone(zone) if zone else moment
    if local.utcoffset() == moment.utcoffset():
        return ""
    day = "" if local.date() == moment.date() else f"{words.weekday(local.weekday())} "
    return words.yours.format(time=f"{day}{words.at(local)}")


def _day(day: date, today: date, words: HoursWords) -> str:
    if day == today:
        return words.today
    if day == today + timedelta(days=1):
        return words.tomorrow.format(weekday=words.weekday(day.weekday()))
    if day < today + timedelta(days=7):
        return words.weekday(day.weekday())
    return f"{words.date(day)},"


def _days(first: int, last: int, words: HoursWords) -> str:
    if first == last:
        return words.weekday(first)
    return words.span.format(start=words.weekday(first), end=words.weekday(last))


def _spans(spans: Sequence[tuple[time, time]], words: HoursWords) -> str:
    each = (words.span.format(start=words.at(start), end=words.at(end)) for start, end in spans)
    return f" {words.also} ".join(each)


def describe_day(hours: OfficeHours, day: date, customer_zone: tzinfo | None, words: HoursWords = ENGLISH) -> str:
    """Return one day's hours with the customer's own time, or its holiday.

    ``Thursday, November 26, is Thanksgiving Day: we are closed.``
    """
    name, holiday = words.date(day), hours.closed_on(day)
    if holiday:
        return words.day_holiday.format(day=name, holiday=holiday)
    spans = sorted(hours.weekly.get(day.weekday(), ()))
    if not spans:
        return words.day_closed.format(day=name)
    opening = datetime.combine(day, spans[0][0], tzinfo=hours.zone)
    return words.day_open.format(
        day=name,
        spans=_spans(spans, words),
        zone=words.zone(hours.zone, opening),
        yours=_yours(opening, customer_zone, words),
    )


def describe_elsewhere(hours: OfficeHours, day: date, place: str, zone: tzinfo, words: HoursWords = ENGLISH) -> str:
    """Return the ordinary day's hours in another place: ``In London that is 1:00 p.m. to 10:00 p.m.``

    Empty when the office never opens.
    """
    week = [spans for spans in (hours.weekly.get(number) for number in range(7)) if spans]
    if not week:
        return ""
    first, last = min(week[0])[0], max(week[0])[1]
    start = datetime.combine(day, first, tzinfo=hours.zone).astimezone(zone)
    end = datetime.combine(day, last, tzinfo=hours.zone).astimezone(zone)
    span = words.span.format(start=words.at(start), end=words.at(end))
    return words.elsewhere.format(place=place, span=span).replace("..", ".")
