"""What the vendor's support page says of the vendor, taken from support.yml and the clock."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from itertools import groupby

from bot.services.core import hours_wording
from bot.settings.support.support import Support

DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


@dataclass(frozen=True)
class Site:
    """The facts that the demo page and the privacy page print, ready to be read."""

    company: str
    product: str
    phone: str
    phone_href: str
    office_hours: str
    hours_now: str
    rate: str
    cards: str
    privacy_notice: str
    privacy_retention: str


def site_of(support: Support, now: datetime) -> Site:
    """The facts as they are at ``now`` (aware)."""
    hours, charges = support.office_hours, support.charges
    return Site(
        company=support.company,
        product=support.product,
        phone=support.phone,
        phone_href=support.phone_href,
        office_hours=f"{week_in_words(hours.weekly)} ({hours.zone.key})",
        hours_now=hours_wording.hours_now(support, now, None),
        rate=f"{charges.currency} {charges.hourly_rate:,.2f}",
        cards=" or ".join(charges.cards),
        privacy_notice=support.privacy.notice,
        privacy_retention=support.privacy.retention,
    )


def week_in_words(weekly: Mapping[int, Sequence[tuple[time, time]]]) -> str:
    """The opening hours of a week: "Monday to Friday 8:00–17:00, Saturday 9:00–12:00".

    ``weekly`` counts from Monday 0, as ``OfficeHours.weekly``; neighbouring days with the same hours are put together.
    """
    parts = []
    for spans, days in groupby(range(7), key=lambda day: tuple(weekly.get(day, ()))):
        if not spans:
            continue
        first, *rest = days
        name = f"{DAYS[first]} to {DAYS[rest[-1]]}" if rest else DAYS[first]
        parts.append(f"{name} {' and '.join(f'{_clock(start)}–{_clock(end)}' for start, end in spans)}")
    return ", ".join(parts)


def _clock(moment: time) -> str:
    return f"{moment.hour}:{moment.minute:02}"
