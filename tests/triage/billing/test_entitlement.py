"""Who pays: the vendor's page as a table over hours, contract, payment, holidays and daylight saving."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import product
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.settings.support.load import load_support
from bot.triage.billing.entitlement import Entitlement, Kind, Reason, Terms, in_force, judge

HOURS = load_support(Path("no-such-home")).office_hours
NEW_YORK = ZoneInfo("America/New_York")


def at_the_office(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=NEW_YORK).astimezone(UTC)


# Moment, and whether the office is open: plain days, the edges of the day, a holiday, both changes of the clocks.
MOMENTS = {
    "monday morning": (at_the_office("2026-11-16", "10:00"), True),
    "the first minute": (at_the_office("2026-11-16", "08:00"), True),
    "one minute early": (at_the_office("2026-11-16", "07:59"), False),
    "the last minute": (at_the_office("2026-11-16", "16:59"), True),
    "closing": (at_the_office("2026-11-16", "17:00"), False),
    "saturday": (at_the_office("2026-11-14", "10:00"), False),
    "thanksgiving": (at_the_office("2026-11-26", "10:00"), False),
    "the day after": (at_the_office("2026-11-27", "10:00"), True),
    "summer time, 12:30 UTC": (datetime(2026, 6, 17, 12, 30, tzinfo=UTC), True),
    "winter time, 12:30 UTC": (datetime(2026, 11, 16, 12, 30, tzinfo=UTC), False),
    "the monday after the clocks went forward": (datetime(2026, 3, 9, 12, 0, tzinfo=UTC), True),
    "the friday before": (datetime(2026, 3, 6, 12, 0, tzinfo=UTC), False),
    "the monday after the clocks went back": (datetime(2026, 11, 2, 12, 30, tzinfo=UTC), False),
    "the friday before that": (datetime(2026, 10, 30, 12, 30, tzinfo=UTC), True),
}


@dataclass(frozen=True)
class Expected:
    """What a contract makes of it when nothing was paid: kind and reason, in and out of hours."""

    terms: Terms | None
    proven: bool
    claimed: bool
    kind: Kind
    reason: Reason


def contracts(today: date) -> dict[str, Expected]:
    day = timedelta(days=1)
    active = Terms("active", today - 100 * day, today + 100 * day)
    pay, check = Kind.PAYMENT_REQUIRED, Kind.CONTRACT_CLAIMED
    return {
        "none": Expected(None, False, False, pay, Reason.NO_CONTRACT),
        "says so": Expected(None, False, True, check, Reason.TO_CHECK),
        "in force": Expected(active, True, False, Kind.CONTRACT, Reason.COVERED),
        "in force, no end": Expected(Terms(" Active", today, None), True, False, Kind.CONTRACT, Reason.COVERED),
        "first day": Expected(Terms("active", today, today + day), True, False, Kind.CONTRACT, Reason.COVERED),
        "last day": Expected(Terms("active", today - day, today), True, False, Kind.CONTRACT, Reason.COVERED),
        "begins tomorrow": Expected(Terms("active", today + day, None), True, False, pay, Reason.NOT_BEGUN),
        "ended yesterday": Expected(Terms("active", today - 9 * day, today - day), True, False, pay, Reason.ENDED),
        "suspended": Expected(Terms("suspended", today - day, None), True, True, pay, Reason.NOT_ACTIVE),
        "status ended": Expected(Terms("ended", today - day, None), True, False, pay, Reason.NOT_ACTIVE),
        "not proven": Expected(active, False, False, check, Reason.TO_CHECK),
        "not proven, ended": Expected(
            Terms("active", today - 9 * day, today - day), False, True, check, Reason.TO_CHECK
        ),
    }


@pytest.mark.parametrize(("when", "paid", "free"), list(product(MOMENTS, (False, True), (False, True))))
def test_hours_contract_and_payment(when: str, paid: bool, free: bool) -> None:
    now, is_open = MOMENTS[when]
    assert HOURS.state_at(now).open is is_open
    for name, case in contracts(now.astimezone(NEW_YORK).date()).items():
        got = judge(
            now,
            HOURS,
            contract=case.terms,
            proven=case.proven,
            claimed=case.claimed,
            prepaid=paid,
            free_of_charge=free,
        )
        if free:
            wanted: tuple[Kind, Reason] = (Kind.FREE_OF_CHARGE, Reason.FREE)
        elif case.kind is Kind.CONTRACT:
            wanted = (case.kind, Reason.COVERED if is_open else Reason.COVERED_IN_HOURS)
        elif paid:
            wanted = (Kind.PREPAID, Reason.PAID)
        else:
            wanted = (case.kind, case.reason)
        assert (got.kind, got.reason) == wanted, (when, name)


def test_a_contract_ends_at_midnight_of_the_office_and_not_of_london() -> None:
    ended = Terms("active", date(2026, 1, 1), date(2026, 6, 30))
    before_midnight = datetime(2026, 7, 1, 3, 59, tzinfo=UTC)
    assert judge(before_midnight, HOURS, contract=ended, proven=True).kind is Kind.CONTRACT
    after = judge(before_midnight + timedelta(minutes=1), HOURS, contract=ended, proven=True)
    assert (after.kind, after.reason, after.day) == (Kind.PAYMENT_REQUIRED, Reason.ENDED, date(2026, 6, 30))


def test_in_winter_midnight_is_an_hour_later() -> None:
    begins = Terms("active", date(2026, 12, 1), None)
    midnight = datetime(2026, 12, 1, 5, 0, tzinfo=UTC)
    assert judge(midnight, HOURS, contract=begins, proven=True).kind is Kind.CONTRACT
    early = judge(midnight - timedelta(seconds=1), HOURS, contract=begins, proven=True)
    assert (early.reason, early.day) == (Reason.NOT_BEGUN, date(2026, 12, 1))


def test_the_reason_names_day_and_status() -> None:
    now = MOMENTS["monday morning"][0]
    suspended = judge(now, HOURS, contract=Terms("Suspended", date(2026, 1, 1), None), proven=True)
    assert suspended == Entitlement(Kind.PAYMENT_REQUIRED, Reason.NOT_ACTIVE, None, "suspended")


@given(st.sampled_from(sorted(MOMENTS)), st.booleans(), st.booleans())
def test_nothing_is_revealed_of_a_contract_that_is_not_proven_to_be_theirs(
    when: str, claimed: bool, paid: bool
) -> None:
    now = MOMENTS[when][0]
    told = {
        judge(now, HOURS, contract=case.terms, proven=False, claimed=True, prepaid=paid)
        for case in contracts(now.date()).values()
    }
    assert len(told) == 1
    facts: dict[str, Any] = {"claimed": claimed, "prepaid": paid}
    assert all(one.day is None and one.status is None for one in (*told, judge(now, HOURS, **facts)))


def test_in_force_is_the_same_question() -> None:
    today = date(2026, 11, 16)
    for case in contracts(today).values():
        if case.terms is not None and case.proven:
            assert in_force(case.terms, today) is (case.kind is Kind.CONTRACT)
