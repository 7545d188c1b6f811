"""Sentences that several use cases say about hours and the queue; their words come from support.yml."""

from datetime import datetime

from bot.settings.support.support import Support
from bot.triage.hours.customer_zone import zone_of
from bot.triage.hours.hours_in_words import describe, describe_moment


def hours_now(support: Support, now: datetime, customer_zone: str | None) -> str:
    """Return whether technicians are there now, and if not, when they are back."""
    return describe(support.office_hours.state_at(now), now, zone_of(customer_zone), support.hours_words)


def moment_in_words(support: Support, at: datetime, now: datetime, customer_zone: str | None) -> str:
    """Return a moment to come, on the office's clock and the customer's."""
    return describe_moment(at, now, support.office_hours.zone, zone_of(customer_zone), support.hours_words)


def queue_place(support: Support, now: datetime, place: int, customer_zone: str | None) -> str:
    """Return the place in the queue and what to expect: honest about closed doors."""
    open_now = support.office_hours.state_at(now).open
    words = support.wording.queue_place if open_now else support.wording.queue_place_closed
    return words.format(place=place, hours=hours_now(support, now, customer_zone), phone=support.phone)
