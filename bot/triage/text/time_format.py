"""Format durations, dates, clock times and time zones, for chat, mail, transcript copies and the desk alike.

Plurals, months and zone names are CLDR's, through Babel: https://babel.pocoo.org/en/latest/dates.html
"""

from datetime import date, datetime, time, timedelta, tzinfo

from babel.dates import format_date, format_timedelta, get_timezone_name
from babel.units import format_unit

LOCALE = "en_US"
# Shorter than CLDR's "Eastern Time"; the abbreviation "EST" would be wrong in summer.
_ZONE_NAMES = {
    "America/New_York": "Eastern",
    "America/Chicago": "Central",
    "America/Denver": "Mountain",
    "America/Los_Angeles": "Pacific",
    "Europe/London": "UK time",
    "UTC": "UTC",
}


def format_minutes(minutes: int, locale: str = LOCALE) -> str:
    """Return ``minutes`` in hours and minutes, ``2 hours 15 minutes``; below zero counts as none."""
    hours, rest = divmod(max(0, minutes), 60)
    parts = [format_unit(hours, "hour", "long", locale=locale)] if hours else []
    if rest or not parts:
        parts.append(format_unit(rest, "minute", "long", locale=locale))
    return " ".join(parts)


def format_span(seconds: float) -> str:
    """Return a span in its two largest units, as the desk's clocks.js does: ``45 s``, ``3 h 05 min``, ``2 d 4 h``."""
    whole = int(seconds)
    minutes, hours, days = whole // 60, whole // 3600, whole // 86400
    if whole < 60:
        return f"{whole} s"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{days} d {hours % 24} h"


def format_age(age: timedelta) -> str:
    """Return an age in hours, from two days on in days, then in weeks: ``less than an hour``, ``30 hours``."""
    if age < timedelta(hours=1):
        return "less than an hour"
    return format_timedelta(age, granularity="hour", threshold=2, locale=LOCALE)


def format_day(day: date, locale: str = LOCALE) -> str:
    """Return a date with its year: ``June 7, 2026``; in the form of any other language by its own order."""
    return format_date(day, "MMMM d, y" if locale == LOCALE else "long", locale=locale)


def format_clock(at: time | datetime) -> str:
    """Return ``8:00 a.m.``; ``noon`` and ``midnight`` by name, because 12:00 p.m. is often misread."""
    if (at.hour, at.minute) in ((0, 0), (12, 0)):
        return "noon" if at.hour else "midnight"
    return f"{at.hour % 12 or 12}:{at.minute:02d} {'a.m.' if at.hour < 12 else 'p.m.'}"


def format_clock_and_zone(moment: datetime) -> str:
    """Return the time of an aware moment with its zone: ``3:00 p.m. Eastern``."""
    return f"{format_clock(moment)} {zone_name(moment.tzinfo, moment)}"


def format_moment(moment: datetime, zone: tzinfo) -> str:
    """Return an aware moment with its date in ``zone``: ``June 7, 2026, 3:00 p.m. Eastern``."""
    local = moment.astimezone(zone)
    return f"{format_day(local)}, {format_clock_and_zone(local)}"


def format_desk_time(moment: str, zone: tzinfo, now: datetime) -> str:
    """Return an ISO 8601 moment in ``zone`` as clocks.js does: ``07:30`` today, else ``8 Mar, 22:30``."""
    local, today = datetime.fromisoformat(moment).astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    return f"{format_date(local, 'd MMM' if local.year == today.year else 'd MMM y', locale=LOCALE)}, {local:%H:%M}"


def zone_name(zone: tzinfo | None, moment: datetime | None) -> str:
    """Return the zone's everyday name, ``Eastern``; else its abbreviation at ``moment``, or its key."""
    key = getattr(zone, "key", "")
    if key in _ZONE_NAMES:
        return _ZONE_NAMES[key]
    name = get_timezone_name(zone, "long", locale=LOCALE, zone_variant="generic") if key else ""
    # In brackets CLDR repeats the key of a zone that it has no name for.
    if name and "(" not in name:
        return name
    return (moment.strftime("%Z") if moment else "") or key
