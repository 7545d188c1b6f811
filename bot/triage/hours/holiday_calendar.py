"""Name the days on which the office is closed: the ``holidays`` library's, and own dates."""

import sys
from collections.abc import Callable, Collection, Mapping
from datetime import date
from functools import lru_cache
from pathlib import Path
from types import ModuleType

import holidays

_OBSERVED = " (observed)"
_COUNTRIES = "holidays.countries"


def closed_on(
    country: str | None, observed: Collection[str] | None, own: Mapping[date, str]
) -> Callable[[date], str | None]:
    """Return a function from a date to its holiday's name, or None.

    ``country`` is an ISO code such as ``US``, or None for own dates only; ``observed`` lists the holidays kept, by
    name, or is None for all of them. A holiday moved to a weekday counts on the weekday. Own dates come first.
    """

    @lru_cache(maxsize=16)
    def year(number: int) -> Mapping[date, str]:
        return _of_country(country, number) if country else {}

    def name_of(day: date) -> str | None:
        if day in own:
            return own[day]
        names = (name.removesuffix(_OBSERVED) for name in year(day.year).get(day, "").split("; "))
        kept = [name for name in names if name and (observed is None or name in observed)]
        return " and ".join(kept) or None

    return name_of


def holiday_names(country: str) -> list[str]:
    """Return the names of the country's holidays, in the spelling for support.yml."""
    names = {name for day in _of_country(country, 2024).values() for name in day.split("; ")}
    return sorted({name.removesuffix(_OBSERVED) for name in names})


def is_known_country(country: str) -> bool:
    """Return True when the ``holidays`` library knows this country code."""
    try:
        holidays.country_holidays(country)
    except NotImplementedError:
        return False
    return True


def _of_country(country: str, year: int) -> Mapping[date, str]:
    # English names where the library has them, because the customer reads them in an English sentence.
    languages = holidays.country_holidays(country, years=year).supported_languages
    language = next((code for code in ("en_US", "en_GB", "en") if code in languages), None)
    return dict(holidays.country_holidays(country, years=year, language=language).items())


def _import_one_by_one() -> None:
    """Make the ``holidays`` library import each country on demand.

    Importing one imports their package, whose own code imports every country there is: most of a second, in each of our
    processes. A package without code finds the same modules.
    """
    if _COUNTRIES not in sys.modules:
        package = ModuleType(_COUNTRIES)
        package.__path__ = [str(Path(holidays.__file__).parent / "countries")]
        sys.modules[_COUNTRIES] = package


_import_one_by_one()
