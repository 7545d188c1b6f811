"""The action server answers this machine and who has the secret; both locks hold by themselves."""

import socket
from types import SimpleNamespace
from typing import Any

import httpx
import pytest

from actions.server import SECRET_HEADER, _guard
from tests.support.running_stack import RunningStack

SECRET = "s" * 32


def asked_from(address: str, secret: str | None) -> Any:
    return SimpleNamespace(ip=address, headers={SECRET_HEADER: secret} if secret else {})


@pytest.mark.parametrize("address", ["10.0.0.5", "192.168.1.1", "169.254.0.1", "::ffff:10.0.0.5", "2001:db8::1"])
async def test_another_machine_is_refused_even_with_the_secret(address: str) -> None:
    answer = await _guard(SECRET)(asked_from(address, SECRET))
    assert answer is not None and answer.status == 403


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
@pytest.mark.parametrize("given", [None, "", "wrong", SECRET[:-1], "ü"])
async def test_this_machine_is_refused_without_the_secret(address: str, given: str | None) -> None:
    answer = await _guard(SECRET)(asked_from(address, given))
    assert answer is not None and answer.status == 401
    assert await _guard(SECRET)(asked_from(address, SECRET)) is None


@pytest.mark.stack
def test_the_running_private_ports_are_closed(stack: RunningStack) -> None:
    for port in (stack.rasa_port, stack.actions_port):
        for address, is_open in {"127.0.0.1": True, "127.0.0.2": False}.items():
            with socket.socket() as caller:
                caller.settimeout(2)
                assert (caller.connect_ex((address, port)) == 0) is is_open, (address, port)
    asked = (
        (stack.rasa_port, "POST", "/model/parse"),
        (stack.rasa_port, "POST", "/webhooks/techref/turn"),
        (stack.rasa_port, "GET", "/conversations/1/tracker"),
        (stack.rasa_port, "POST", "/webhooks/rest/webhook"),
        (stack.actions_port, "POST", "/webhook"),
        (stack.actions_port, "GET", "/health"),
        (stack.actions_port, "GET", "/actions"),
    )
    for port, method, path in asked:
        for headers in ({}, {SECRET_HEADER: "wrong"}):
            body = b"{}" if method == "POST" else None
            address = f"http://127.0.0.1:{port}{path}"
            answer = httpx.request(method, address, headers=headers, content=body, timeout=30, trust_env=False)
            assert answer.status_code in (401, 403, 404), (path, answer.status_code)
