"""With Rasa or the action server killed in the middle the customer still gets a reference and a place in the queue."""

import os
import signal

import pytest

from tests.e2e.api_customer import ApiCustomer, texts
from tests.running_stack import RunningStack

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
