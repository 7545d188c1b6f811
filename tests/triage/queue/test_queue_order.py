"""First come, first served, and what support.yml may change about it."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.triage.billing.entitlement import Kind
from bot.triage.queue.queue_order import QueuePolicy, Waiting, in_order
from bot.triage.reading.impact import Impact

START = datetime(2026, 11, 16, 13, tzinfo=UTC)
CLASSES = [[Kind.CONTRACT, Kind.CONTRACT_CLAIMED, Kind.PREPAID, Kind.FREE_OF_CHARGE], [Kind.PAYMENT_REQUIRED]]
PLAIN = QueuePolicy(CLASSES)


def waiting(number: int, kind: str = "contract", impact: str | None = None, minute: int | None = None) -> Waiting:
    return Waiting(number, f"c{number}", START + timedelta(minutes=number if minute is None else minute), kind, impact)


def order(line: list[Waiting], policy: QueuePolicy) -> list[int]:
    return [one.hand_off_id for one in in_order(line, policy)]


def test_contract_and_prepaid_are_served_in_order_of_arrival() -> None:
    line = [waiting(3, "prepaid"), waiting(1, "prepaid"), waiting(2, "contract")]
    assert order(line, PLAIN) == [1, 2, 3]


def test_those_who_have_still_to_pay_come_after() -> None:
    assert order([waiting(1, "payment_required"), waiting(2, "contract_claimed")], PLAIN) == [2, 1]


def test_impact_changes_nothing_unless_it_is_allowed() -> None:
    line = [waiting(1), waiting(2, impact="data_loss")]
    assert order(line, PLAIN) == [1, 2]
    assert order(line, QueuePolicy(CLASSES, [Impact.DATA_LOSS])) == [2, 1]
    assert order(line, QueuePolicy(CLASSES, [Impact.JOB_RUNNING])) == [1, 2]


def test_impact_moves_ahead_only_within_its_class() -> None:
    line = [waiting(1), waiting(2, "payment_required", "data_loss"), waiting(3, "payment_required")]
    assert order([line[2], line[1], line[0]], QueuePolicy(CLASSES, [Impact.DATA_LOSS])) == [1, 2, 3]


def test_a_kind_that_no_class_names_waits_last() -> None:
    assert order([waiting(1, "unheard_of"), waiting(2, "payment_required")], PLAIN) == [2, 1]


def test_two_of_one_moment_are_served_in_the_order_of_their_numbers() -> None:
    assert order([waiting(8, minute=0), waiting(7, minute=0)], PLAIN) == [7, 8]


@given(st.permutations([waiting(n, kind) for n, kind in enumerate([*Kind, *Kind])]))
def test_the_order_does_not_depend_on_how_the_queue_was_read(line: list[Waiting]) -> None:
    assert order(line, PLAIN) == order(sorted(line, key=lambda one: one.hand_off_id), PLAIN)
