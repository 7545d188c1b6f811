"""The vendor's facts for the demo page, from support.yml and the clock."""

from dataclasses import dataclass
from datetime import datetime

from bot.services.core import hours_wording
from bot.settings.support.support import Support
from bot.triage.hours.hours_in_words import describe_week


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
    has_logo: bool


def site_of(support: Support, now: datetime, has_logo: bool) -> Site:
    """Return the facts at ``now`` (aware); ``has_logo``: the department has one of its own."""
    charges = support.charges
    return Site(
        company=support.company,
        product=support.product,
        phone=support.phone,
        phone_href=support.phone_href,
        office_hours=describe_week(support.office_hours, support.hours_words),
        hours_now=hours_wording.hours_now(support, now, None),
        rate=f"{charges.currency} {charges.hourly_rate:,.2f}",
        cards=" or ".join(charges.cards),
        privacy_notice=support.privacy.notice,
        privacy_retention=support.privacy.retention,
        has_logo=has_logo,
    )
