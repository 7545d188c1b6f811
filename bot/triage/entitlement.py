"""Who pays. From the vendor's page: clients with a support contract get support in office hours at no
additional charge; all others are served first come, first served, at an hourly rate prepaid by VISA or
MasterCard.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

ACTIVE = "active"


class Kind(StrEnum):
    """``CONTRACT_CLAIMED``: says that there is one, not proven yet; queued, told so, not asked to pay.
    ``FREE_OF_CHARGE``: the matter costs nobody anything, such as a question about our own bill.
    """

    CONTRACT = "contract"
    CONTRACT_CLAIMED = "contract_claimed"
    PREPAID = "prepaid"
    PAYMENT_REQUIRED = "payment_required"
    FREE_OF_CHARGE = "free_of_charge"


@dataclass(frozen=True)
class Terms:
    """A contract as it stands: ``status`` is "active" or, for instance, "suspended"; both dates are
    included.
    """

    status: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Entitlement:
    """Who pays, and why, in a sentence for the customer."""

    kind: Kind
    reason: str


def decide(
    *,
    today: date,
    contract: Terms | None = None,
    proven: bool = False,
    claimed: bool = False,
    prepaid: bool = False,
    free_of_charge: bool = False,
    in_office_hours: bool = True,
) -> Entitlement:
    """Who pays for an issue. ``today`` is the date at the office; ``contract`` the one the customer
    belongs to.

    Of an unproven contract nothing is said, not even that it exists.
    """
    if free_of_charge:
        return Entitlement(Kind.FREE_OF_CHARGE, "Questions of this kind are free of charge.")
    lapse = _lapse(contract, today) if contract is not None and proven else None
    if contract is not None and proven and lapse is None:
        return Entitlement(Kind.CONTRACT, _covered(in_office_hours))
    if prepaid:
        return Entitlement(Kind.PREPAID, "This issue is paid for ahead.")
    if lapse is not None:
        return Entitlement(Kind.PAYMENT_REQUIRED, f"{lapse} Until that changes, support is paid ahead by the hour.")
    if claimed or contract is not None:
        return Entitlement(
            Kind.CONTRACT_CLAIMED,
            "We will check your support contract; you need not pay anything before that.",
        )
    return Entitlement(
        Kind.PAYMENT_REQUIRED,
        "Without a support contract, support is paid ahead by the hour, first come, first served.",
    )


def _covered(in_office_hours: bool) -> str:
    if in_office_hours:
        return "Your support contract covers this at no additional charge."
    return "Your support contract covers this at no additional charge during our normal office hours."


def _lapse(contract: Terms, today: date) -> str | None:
    """Why the contract is not in force on ``today``; None when it is."""
    if today < contract.starts_on:
        return f"Your support contract begins on {_written(contract.starts_on)}."
    if contract.ends_on is not None and today > contract.ends_on:
        return f"Your support contract ended on {_written(contract.ends_on)}."
    if contract.status.strip().lower() != ACTIVE:
        return f"Your support contract is {contract.status.strip().lower()} at the moment."
    return None


def _written(day: date) -> str:
    return f"{day:%B} {day.day}, {day.year}"
