"""A contract's number has one normal form, in whatever way it is written."""

import pytest

from bot.triage.billing.contract_number import number_key

WAYS = [
    "AB-77",
    "ab77",
    "Ab 77",
    "AB \u2013 77",
    "A\u00adB\u200b\u201177",
    "\uff21\uff22\u3000\uff17\uff17",
    "ab-\u0667\u0667",
]


@pytest.mark.parametrize("written", WAYS)
def test_case_spaces_dashes_and_kinds_of_digits_do_not_count(written: str) -> None:
    assert number_key(written) == "ab77"


def test_other_signs_count() -> None:
    assert len({number_key(one) for one in ("AB-77", "AB/77", "AB.77", "AB_77", "AB-78")}) == 5


def test_a_number_of_nothing_but_dashes_is_no_empty_one() -> None:
    assert number_key("--") == number_key("\u2013\u2013") == "--"
