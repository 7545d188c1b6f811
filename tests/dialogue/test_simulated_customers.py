"""Simulated customers over the public API: they get somewhere, are not asked twice, and never meet silence."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.settings.support.load import load_support
from tests.dialogue.customers.simulated import MOST_TURNS, SHEETS, TEMPERS, SimulatedCustomer
from tests.dialogue.talking import Talker
from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
AT_ONCE = 4
SEED = 1
LEAST_SUCCESS = 0.95


@pytest.fixture(scope="module")
def customers(stack: RunningStack) -> list[SimulatedCustomer]:
    """Every fact sheet with three of the four tempers in turn, after they have talked."""
    support = load_support(stack.home)
    everybody = [
        SimulatedCustomer(name, temper, SEED, support)
        for place, name in enumerate(SHEETS)
        for number, temper in enumerate(TEMPERS)
        if number != place % len(TEMPERS)
    ]

    def talk(customer: SimulatedCustomer) -> None:
        talker = Talker(stack.url, stack.home)
        try:
            customer.talks(talker)
        finally:
            talker.close()

    with ThreadPoolExecutor(AT_ONCE) as pool:
        list(pool.map(talk, everybody))
    return everybody


def _stated(customers: list[SimulatedCustomer]) -> str:
    return "\n\n".join("\n".join([f"{one.name}, {one.temper}", *one.lines]) for one in customers)


def test_nearly_all_end_with_a_reference_or_a_deflection(customers: list[SimulatedCustomer]) -> None:
    assert len(customers) >= 40
    failed = [one for one in customers if not one.succeeded or one.turns > MOST_TURNS]
    share = 1 - len(failed) / len(customers)
    print(f"{share:.1%} of {len(customers)} customers got somewhere")
    assert share >= LEAST_SUCCESS, _stated(failed)


def test_none_is_asked_the_same_question_twice_after_answering_it(customers: list[SimulatedCustomer]) -> None:
    annoyed = [one for one in customers if one.asked_again]
    assert not annoyed, _stated(annoyed)


def test_none_meets_silence(customers: list[SimulatedCustomer]) -> None:
    ignored = [one for one in customers if one.silences]
    assert not ignored, _stated(ignored)


def test_the_manual_deflects_those_whom_it_answers(customers: list[SimulatedCustomer]) -> None:
    assert any(one.deflected for one in customers)


def test_no_turn_takes_more_than_two_bubbles(customers: list[SimulatedCustomer]) -> None:
    crowded = [one for one in customers if one.crowded]
    assert not crowded, _stated(crowded)


def test_no_question_is_stored_as_an_answer(customers: list[SimulatedCustomer]) -> None:
    assert any(one.asides for one in customers)
    mistaken = [one for one in customers if any(aside in value for aside in one.asides for value in one.answers)]
    assert not mistaken, _stated(mistaken)
