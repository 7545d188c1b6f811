"""The second lock: strangers are refused even when the server is bound where they can reach it."""

import socket
from types import SimpleNamespace

import pytest
from conftest import Engine

from bot.engine.private_server import is_loopback, refuse_strangers


@pytest.mark.parametrize("address", ["127.0.0.1", "127.8.8.8", "::1", "::ffff:127.0.0.1"])
async def test_this_machine_is_let_in(address: str) -> None:
    assert is_loopback(address) and await refuse_strangers(SimpleNamespace(ip=address)) is None


@pytest.mark.parametrize(
    "address", ["10.0.0.5", "192.168.1.1", "169.254.0.1", "::ffff:10.0.0.5", "fe80::1", "2001:db8::1"]
)
async def test_another_machine_is_refused(address: str) -> None:
    answer = await refuse_strangers(SimpleNamespace(ip=address))
    assert answer is not None and answer.status == 403 and b"not_loopback" in answer.body


def test_a_running_engine_answers_on_one_address_only(engine: Engine) -> None:
    port = int(engine.address.rpartition(":")[2])
    for address, answers in {"127.0.0.1": True, "127.0.0.2": False}.items():
        with socket.socket() as caller:
            caller.settimeout(2)
            assert (caller.connect_ex((address, port)) == 0) is answers
