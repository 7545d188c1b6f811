"""The phrases that office hours are written with in one language; days, months and zones are CLDR's, through Babel."""

from dataclasses import dataclass
from datetime import date, datetime, time, tzinfo

from babel.dates import format_date, get_day_names, get_timezone_name

from bot.triage.text.time_format import format_clock, zone_name

ENGLISH_CODE = "en"


@dataclass(frozen=True)
class HoursWords:
    """Phrases with placeholders. ``code`` is the language; English has clock times and dates of its own form, which
    ``clock_hours`` tells apart: 12 for ``8:00 a.m.`` on November 30, 24 for ``08:00`` on 30 November.
    """

    code: str = ENGLISH_CODE
    clock_hours: str = "12"
    always: str = "We are open now, around the clock."
    open: str = "We are open now, until {time}{yours}."
    closed: str = "We are closed now."
    holiday: str = "We are closed today for {holiday}."
    opens: str = "We open again {day} at {time}{yours}."
    moment: str = "{day} at {time}{yours}"
    yours: str = " ({time} your time)"
    clock: str = "{time}"
    today: str = "today"
    tomorrow: str = "tomorrow, {weekday},"
    span: str = "{start} to {end}"
    never: str = "closed"
    day_open: str = "On {day}, we are open {spans} {zone}{yours}."
    day_closed: str = "We are closed on {day}."
    day_holiday: str = "{day}, is {holiday}: we are closed."
    elsewhere: str = "In {place} that is {span}."
    also: str = "and"

    @property
    def is_english(self) -> bool:
        return self.code == ENGLISH_CODE

    @property
    def _is_american(self) -> bool:
        return self.is_english and self.clock_hours == "12"

    def at(self, moment: time | datetime) -> str:
        """Return a clock time: ``8:00 a.m.``, or ``08:00`` in the phrase of the language."""
        if self._is_american:
            return format_clock(moment)
        return self.clock.format(time=f"{moment:%H:%M}")

    def zone(self, zone: tzinfo | None, moment: datetime | None) -> str:
        """Return the everyday name of a zone."""
        if self.is_english or not getattr(zone, "key", ""):
            return zone_name(zone, moment)
        return get_timezone_name(zone, "long", locale=self.code, zone_variant="generic")

    def weekday(self, number: int) -> str:
        """Return the name of a day of the week, of which Monday is 0."""
        return str(get_day_names("wide", locale=self.code)[number])

    def date(self, day: date) -> str:
        """Return a day with its weekday: ``Monday, November 30``."""
        return format_date(day, "EEEE, MMMM d" if self._is_american else "EEEE, d MMMM", locale=self.code)


ENGLISH = HoursWords()
ENGLISH_24 = HoursWords(clock_hours="24")
# Where clocks are read in twelve hours, by the time data of CLDR: https://cldr.unicode.org
_TWELVE_HOURS = frozenset(["AU", "BD", "CA", "CO", "EG", "IN", "JO", "KR", "MY", "NZ", "PH", "PK", "SA", "US"])


def english_of(country: str | None) -> HoursWords:
    """Return the English phrases with the clock and the dates of a country; those of the United States without one."""
    return ENGLISH if country is None or country.upper() in _TWELVE_HOURS else ENGLISH_24
