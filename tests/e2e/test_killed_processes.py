"""With Rasa or the action server killed in the middle the customer still gets a reference and a place in the queue."""

import os
import signal
import time

import pytest

from tests.support.api_customer import ApiCustomer, texts
from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]


@pytest.mark.parametrize("process", ["rasa", "actions"])
def test_a_reference_within_two_messages_and_nothing_is_asked_twice(stack: RunningStack, process: str) -> None:
    customer = ApiCustomer(stack.url)
    customer.says("version 12.2 crashes when I print an invoice")
    os.kill(stack.pid_of(process), signal.SIGKILL)
    try:
        customer.says("it is urgent for us")
        if customer.reads()["reference"] is None:
            customer.says("my phone is 234-555-0182")
        state = customer.reads()
        assert state["reference"] and state["owner"] == "queue" and state["queue_position"] >= 1
    finally:
        stack.wait_until_ready()
    rest = texts(customer.says("ok, what else do you need?"))
    assert state["reference"] is not None
    assert "e-mail" not in rest and "Which version" not in rest and "going wrong" not in rest


@pytest.mark.parametrize("process", ["rasa", "actions"])
def test_who_is_slow_is_not_waited_for(stack: RunningStack, process: str) -> None:
    """A process that takes connections and does not answer for twenty seconds: the deadlines nest (design, Turns 4)."""
    customer = ApiCustomer(stack.url)
    os.kill(stack.pid_of(process), signal.SIGSTOP)
    try:
        began = time.monotonic()
        said = texts(customer.says("version 12.2 crashes when I print an invoice, my phone is 234-555-0182"))
        waited = time.monotonic() - began
        state = customer.reads()
    finally:
        os.kill(stack.pid_of(process), signal.SIGCONT)
        stack.wait_until_ready()
    assert waited < 20, f"an answer took {waited:.0f} s"
    assert state["reference"] is not None and state["reference"] in said and state["owner"] == "queue"
    customer.says("thank you")
    given = [one for one in customer.reads()["messages"] if state["reference"] in one["text"]]
    assert len(given) < 3, "the reference is given, and at most thanked with"


def test_messages_written_while_the_gateway_is_down_are_answered_once_when_it_is_back(stack: RunningStack) -> None:
    customer = ApiCustomer(stack.url)
    os.kill(stack.pid_of("rasa"), signal.SIGSTOP)
    try:
        assert customer.posts("what are your opening hours?", client_id="before").status_code == 202
        os.kill(stack.pid_of("gateway"), signal.SIGKILL)
    finally:
        os.kill(stack.pid_of("rasa"), signal.SIGCONT)
        stack.wait_until_ready()
    customer.hears("Eastern")
    assert customer.posts("what are your opening hours?", client_id="before").status_code == 200
    told = [message for message in customer.reads()["messages"] if "Eastern" in message["text"]]
    assert len(told) == 1
