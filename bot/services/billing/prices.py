"""The amounts of time on offer: the minimum and its multiples, with their prices."""

from dataclasses import dataclass

from bot.services.billing.terms import format_money
from bot.settings.support.support import Support
from bot.triage.billing.prepaid import price_in_cents
from bot.triage.text.time_format import format_minutes

MOST_CHOICES = 8


@dataclass(frozen=True)
class Sum:
    """One choice: ``hours`` as the form sends it."""

    hours: str
    time: str
    price: str


def payable_sums(support: Support) -> list[Sum]:
    """Return the choices, the smallest first."""
    charges = support.charges
    steps = min(MOST_CHOICES, int(charges.most_hours / charges.minimum_hours))
    hours = [charges.minimum_hours * step for step in range(1, steps + 1)]
    return [
        Sum(
            str(one),
            format_minutes(int(one * 60)),
            format_money(support, price_in_cents(int(one * 60), charges.hourly_rate)),
        )
        for one in hours
    ]
