"""Decide who pays.

The vendor's page: clients with a support contract get support in office hours at no additional charge; all others are
served first come, first served, at an hourly rate prepaid by VISA or MasterCard.
"""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from bot.triage.hours.office_hours import OfficeHours

ACTIVE = "active"


class Kind(StrEnum):
    """The kinds of entitlement.

    ``CONTRACT_CLAIMED``: the customer claims a contract, not proven yet; queued with a notice, not asked to pay.
    ``FREE_OF_CHARGE``: the issue is free for everybody, such as a question about our own bill.
    """

    CONTRACT = "contract"
    CONTRACT_CLAIMED = "contract_claimed"
    PREPAID = "prepaid"
    PAYMENT_REQUIRED = "payment_required"
    FREE_OF_CHARGE = "free_of_charge"


class Reason(StrEnum):
    """The reason of the decision; each has its words in support.yml (``terms``)."""

    COVERED = "covered"
    COVERED_IN_HOURS = "covered_in_hours"
    FREE = "free"
    PAID = "paid"
    TO_CHECK = "to_check"
    NOT_BEGUN = "not_begun"
    ENDED = "ended"
    NOT_ACTIVE = "not_active"
    NO_CONTRACT = "no_contract"
    OTHER_PRODUCT = "other_product"


@dataclass(frozen=True)
class Terms:
    """A contract: ``status`` is "active" or, for instance, "suspended"; both dates are included."""

    status: str
    starts_on: date
    ends_on: date | None


@dataclass(frozen=True)
class Entitlement:
    """The decision and its reason. ``day`` is the date that the reason mentions, ``status`` the contract's."""

    kind: Kind
    reason: Reason
    day: date | None = None
    status: str | None = None


def judge(
    now: datetime,
    hours: OfficeHours,
    *,
    contract: Terms | None = None,
    proven: bool = False,
    claimed: bool = False,
    prepaid: bool = False,
    free_of_charge: bool = False,
    includes_product: bool = True,
) -> Entitlement:
    """Decide who pays for an issue at ``now``; the contract's dates are days at the office.

    ``prepaid``: prepaid time is left. ``includes_product``: the contract is for this one of several products. Nothing
    is revealed about an unproven contract, not even that it exists.
    """
    if free_of_charge:
        return Entitlement(Kind.FREE_OF_CHARGE, Reason.FREE)
    known = contract if proven else None
    lapse = _lapse(known, now.astimezone(hours.zone).date()) if known is not None else None
    if known is not None and lapse is None and not includes_product:
        lapse = Entitlement(Kind.PAYMENT_REQUIRED, Reason.OTHER_PRODUCT)
    if known is not None and lapse is None:
        covered = Reason.COVERED if hours.state_at(now).open else Reason.COVERED_IN_HOURS
        return Entitlement(Kind.CONTRACT, covered)
    if prepaid:
        return Entitlement(Kind.PREPAID, Reason.PAID)
    if lapse is not None:
        return lapse
    if claimed or contract is not None:
        return Entitlement(Kind.CONTRACT_CLAIMED, Reason.TO_CHECK)
    return Entitlement(Kind.PAYMENT_REQUIRED, Reason.NO_CONTRACT)


def in_force(contract: Terms, today: date) -> bool:
    """Return True when the contract is valid on this day at the office."""
    return _lapse(contract, today) is None


def _lapse(contract: Terms, today: date) -> Entitlement | None:
    """Return the reason that the contract is not in force on ``today``; None when it is."""
    status = contract.status.strip().lower()
    if today < contract.starts_on:
        return Entitlement(Kind.PAYMENT_REQUIRED, Reason.NOT_BEGUN, contract.starts_on, status)
    if contract.ends_on is not None and today > contract.ends_on:
        return Entitlement(Kind.PAYMENT_REQUIRED, Reason.ENDED, contract.ends_on, status)
    if status != ACTIVE:
        return Entitlement(Kind.PAYMENT_REQUIRED, Reason.NOT_ACTIVE, None, status)
    return None
