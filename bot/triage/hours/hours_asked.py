"""Parse a question about opening hours: a certain day, a holiday by name, or the hours in another zone."""

import re
from datetime import date, timedelta
from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from dateutil.easter import easter

from bot.triage.hours.office_hours import OfficeHours
from bot.triage.text.plain_text import fold, word_set

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
_MONTH = "|".join(f"{name[:3]}(?:{name[3:]})?" if name != "may" else "may" for name in _MONTHS)
_ISO = re.compile(r"(?<!\d)(?P<year>\d{4})-(?P<month>\d{2})-(?P<day>\d{2})(?!\d)")
_MONTH_DAY = re.compile(
    rf"\b(?P<name>{_MONTH})\.? (?:the )?(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\b"
    rf"|\b(?:the )?(?P<day2>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<name2>{_MONTH})\b"
)
# 24.12., 24/12/2026, 12/24: a number over 12 is the day; else the order is the country's.
_NUMBERS = re.compile(
    r"(?<![\d./-])(?!24 ?/ ?7)(?P<one>\d{1,2})(?P<sign>[./-]) ?(?P<two>\d{1,2})(?:(?P=sign) "
    r"?(?P<year>(?:20)?\d{2})|\.)?(?![\d/-]|\.\d)"
)
_YEAR = re.compile(r",? ?(?P<year>20\d{2})(?!\d)")
_WEEKDAY = re.compile(r"\b(mon|tue|wed|thu|fri|sat|sun)(?:days?|sdays?|nesdays?|rsdays?|urdays?)\b")
_WEEKEND = re.compile(r"\bweek-?ends?\b")
_NEXT_WEEK = re.compile(r"\bnext week\b|\bnext (?:mon|tues|wednes|thurs|fri|satur|sun)day\b")
_DAYS_AHEAD = 370
# Names that people use for holidays instead of the calendar's.
_CALLED = {
    "fourth of july": "Independence Day",
    "xmas": "Christmas Day",
    "new years": "New Year's Day",
    "mlk": "Martin Luther King",
    "presidents day": "Washington's Birthday",
    "president's day": "Washington's Birthday",
    "presidents' day": "Washington's Birthday",
    "juneteenth": "Juneteenth",
}
_TELL_NOTHING = ("day", "s", "the", "of", "and", "in", "new", "first", "national")
_EVE = re.compile(r"\b(?:christmas|xmas|new year'?s?) eve\b")
_EVES = {"c": (12, 24), "x": (12, 24), "n": (12, 31)}
# Holidays that offices of some countries observe and others do not: recognised everywhere.
_KEPT_BY_FEW = {
    "boxing day": (12, 26),
    "halloween": (10, 31),
    "valentine": (2, 14),
    "st\\.? patrick": (3, 17),
    "epiphany": (1, 6),
    "all saints": (11, 1),
}
_DAYS_FROM_EASTER = {"good friday": -2, "easter monday": 1, "easter": 0, "whit monday": 50, "ascension": 39}
_EASTER = re.compile(r"\b(good friday|easter monday|easter|whit monday|ascension)\b")
_ZONES = {
    "eastern": "America/New_York",
    "est": "America/New_York",
    "edt": "America/New_York",
    "central": "America/Chicago",
    "cst": "America/Chicago",
    "mountain": "America/Denver",
    "mst": "America/Denver",
    "pacific": "America/Los_Angeles",
    "pst": "America/Los_Angeles",
    "california": "America/Los_Angeles",
    "uk": "Europe/London",
    "england": "Europe/London",
    "britain": "Europe/London",
    "ireland": "Europe/Dublin",
    "germany": "Europe/Berlin",
    "france": "Europe/Paris",
    "spain": "Europe/Madrid",
    "italy": "Europe/Rome",
    "cet": "Europe/Berlin",
    "gmt": "UTC",
    "utc": "UTC",
    "india": "Asia/Kolkata",
    "mumbai": "Asia/Kolkata",
    "delhi": "Asia/Kolkata",
    "japan": "Asia/Tokyo",
    "beijing": "Asia/Shanghai",
    "texas": "America/Chicago",
    "san francisco": "America/Los_Angeles",
    "boston": "America/New_York",
    "miami": "America/New_York",
}
# Zones whose city is a word of another meaning: Indian/Christmas, Pacific/Easter, Brazil/East.
_WORDS = word_set(
    "acre act atlantic canary casey center central christmas continental currie davis denoronha "
    "east easter easterisland "
    "eastern general knox lhi midway mountain nome noronha north nsw oral pacific palmer resolute "
    "reunion south stanley "
    "troll virgin wake west yap"
)
_ZONES_OF_THE_US = ("eastern", "central", "mountain", "pacific")
_PLACE_ASKED = re.compile(r"\b(?:in|for|at|to) (?P<place>[a-z][a-z ]{1,25}?)(?: time)?\W*$|\b(?P<zone>[a-z]+) time\b")


def day_asked(text: str, today: date, hours: OfficeHours) -> date | None:
    """Return the day that a question names, from today on: "on Thanksgiving", "this Saturday", "on December 24"."""
    folded = fold(text)
    return (
        _calendar_date(folded, today, month_first=_is_month_first(hours.zone))
        or _holiday(folded, today, hours)
        or _near_day(folded, today)
        or _weekday(folded, today)
    )


def zone_asked(text: str) -> tuple[str, ZoneInfo] | None:
    """Return the place or zone in the question, in its words, and its zone; None when none is named."""
    for match in _PLACE_ASKED.finditer(fold(text)):
        called = (match["place"] or match["zone"]).strip()
        key = _ZONES.get(called) or _cities().get(called)
        is_time = match["zone"] is not None or match[0].rstrip(" .!?").endswith(" time")
        if key and (is_time or called not in _ZONES_OF_THE_US):
            name = called.upper() if len(called) <= 3 else called.title()
            return f"{name} time" if called in _ZONES_OF_THE_US else name, ZoneInfo(key)
    return None


@cache
def _cities() -> dict[str, str]:
    """Return the cities after which the time zone database names its zones, such as "los angeles"."""
    keys = (key for key in sorted(available_timezones()) if "/" in key and not key.startswith(("Etc/", "SystemV/")))
    names = ((key.rsplit("/", 1)[1].replace("_", " ").lower(), key) for key in keys)
    return {name: key for name, key in names if name not in _WORDS}


def _holiday(text: str, today: date, hours: OfficeHours) -> date | None:
    eve = _EVE.search(text)
    if eve:
        return _next(today, *_EVES[eve[0][0]])
    movable = _EASTER.search(text)
    if movable:
        return _easter(today, _DAYS_FROM_EASTER[movable[1]])
    days = (today + timedelta(days=ahead) for ahead in range(_DAYS_AHEAD))
    named = ((day, hours.closed_on(day)) for day in days)
    wanted = next((name for called, name in _CALLED.items() if re.search(rf"\b{called}\b", text)), "").lower()
    for day, name in named:
        if name and (name.lower().startswith(wanted) if wanted else _says(text, name)):
            return day
    fixed = next((day for called, day in _KEPT_BY_FEW.items() if re.search(rf"\b{called}", text)), None)
    return _next(today, *fixed) if fixed else None


def _easter(today: date, days_from_it: int) -> date:
    this_year: date = easter(today.year) + timedelta(days=days_from_it)
    next_year: date = easter(today.year + 1) + timedelta(days=days_from_it)
    return this_year if this_year >= today else next_year


def _says(text: str, holiday: str) -> bool:
    """Return True when the text names a holiday by the word that distinguishes it from the others."""
    telling = [word for word in re.findall(r"[a-z]+", fold(holiday)) if word not in _TELL_NOTHING]
    return bool(telling) and bool(re.search(rf"\b{telling[0]}\b", text))


def _calendar_date(text: str, today: date, *, month_first: bool) -> date | None:
    iso = _ISO.search(text)
    if iso:
        return _valid(int(iso["year"]), int(iso["month"]), int(iso["day"]))
    match = _MONTH_DAY.search(text)
    if not match:
        return _date_in_numbers(text, today, month_first=month_first)
    name = (match["name"] or match["name2"])[:3]
    month = next(number for number, full in enumerate(_MONTHS, start=1) if full.startswith(name))
    day, year = int(match["day"] or match["day2"]), _YEAR.match(text, match.end())
    return _valid(int(year["year"]), month, day) if year else _next(today, month, day)


def _date_in_numbers(text: str, today: date, *, month_first: bool) -> date | None:
    match = _NUMBERS.search(text)
    # "9-5" and "8.30" are hours; a date is written with its year, with a slash, or with a dot behind the month.
    if match is None or not (match["year"] or match["sign"] == "/" or match[0].endswith(".")):
        return None
    one, two = int(match["one"]), int(match["two"])
    day, month = (two, one) if two > 12 or (month_first and match["sign"] != "." and one <= 12) else (one, two)
    if match["year"]:
        return _valid(2000 + int(match["year"]) % 100, month, day)
    return _next(today, month, day)


def _is_month_first(zone: ZoneInfo) -> bool:
    """Return True when the office is in a country where 12/24 is Christmas Eve: the United States."""
    return zone.key.startswith(("America/", "US/", "Pacific/Honolulu"))


def _near_day(text: str, today: date) -> date | None:
    if re.search(r"\btomorrow\b", text):
        return today + timedelta(days=1)
    return today if re.search(r"\b(?:today|tonight)\b", text) else None


def _weekday(text: str, today: date) -> date | None:
    named = {match[1] for match in _WEEKDAY.finditer(text)}
    if _WEEKEND.search(text) and not named:
        named = {"sat"}
    if len(named) != 1:
        # "Monday to Friday" is a question about the week.
        return None
    number = [day[:3] for day in _WEEKDAYS].index(named.pop())
    ahead = (number - today.weekday()) % 7
    return today + timedelta(days=ahead + (7 if _NEXT_WEEK.search(text) and ahead == 0 else 0))


def _next(today: date, month: int, day: int) -> date | None:
    this_year = _valid(today.year, month, day)
    return this_year if this_year and this_year >= today else _valid(today.year + 1, month, day)


def _valid(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None
