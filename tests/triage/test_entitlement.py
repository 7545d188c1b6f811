"""Who pays: the vendor's page as a table."""

from datetime import date
from typing import Any

import pytest

from bot.triage.entitlement import Kind, Terms, decide

TODAY = date(2026, 11, 16)
IN_FORCE = Terms("active", date(2026, 1, 1), date(2026, 12, 31))


@pytest.mark.parametrize(
    ("facts", "kind", "reason"),
    [
        ({"contract": IN_FORCE, "proven": True}, "contract", "at no additional charge."),
        (
            {"contract": Terms("Active ", TODAY, TODAY), "proven": True},
            "contract",
            "at no additional charge.",
        ),
        ({"contract": Terms("active", TODAY, None), "proven": True}, "contract", "at no additional charge."),
        (
            {"contract": IN_FORCE, "proven": True, "in_office_hours": False},
            "contract",
            "during our normal office hours",
        ),
        (
            {"contract": Terms("active", date(2025, 1, 1), date(2026, 11, 15)), "proven": True},
            "payment_required",
            "ended on November 15, 2026",
        ),
        (
            {"contract": Terms("active", date(2026, 11, 17), None), "proven": True},
            "payment_required",
            "begins on November 17, 2026",
        ),
        (
            {"contract": Terms("suspended", date(2026, 1, 1), None), "proven": True},
            "payment_required",
            "is suspended at the moment",
        ),
        (
            {"contract": Terms("suspended", date(2026, 1, 1), None), "proven": True, "prepaid": True},
            "prepaid",
            "paid for ahead",
        ),
        ({"claimed": True}, "contract_claimed", "need not pay anything before that"),
        ({"claimed": True, "prepaid": True}, "prepaid", "paid for ahead"),
        ({"prepaid": True}, "prepaid", "paid for ahead"),
        ({"contract": IN_FORCE, "proven": True, "prepaid": True}, "contract", "at no additional charge"),
        ({}, "payment_required", "first come, first served"),
        ({"free_of_charge": True}, "free_of_charge", "free of charge"),
        ({"free_of_charge": True, "contract": IN_FORCE, "proven": True}, "free_of_charge", "free of charge"),
    ],
)
def test_who_pays(facts: dict[str, Any], kind: str, reason: str) -> None:
    entitlement = decide(today=TODAY, **facts)
    assert entitlement.kind == kind
    assert reason in entitlement.reason


def test_nothing_is_told_of_a_contract_that_is_not_proven_to_be_theirs() -> None:
    ended = Terms("active", date(2020, 1, 1), date(2021, 1, 1))
    told = {decide(today=TODAY, contract=terms, claimed=True).reason for terms in (ended, IN_FORCE, None)}
    assert len(told) == 1
    assert decide(today=TODAY, contract=ended, claimed=True).kind is Kind.CONTRACT_CLAIMED
