"""A gateway with few file handles refuses what it cannot hold, and serves again when they are free."""

import resource
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.attack import target as attacked
from tests.support.running_stack import eventually

HANDLES = 64


def test_a_gateway_out_of_file_handles_recovers(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    start = subprocess.Popen

    def with_few(command: list[str], **how: Any) -> subprocess.Popen[bytes]:
        if "bot.gateway" in command:
            how["preexec_fn"] = lambda: resource.setrlimit(resource.RLIMIT_NOFILE, (HANDLES, HANDLES))
        return start(command, **how)

    monkeypatch.setattr("tests.attack.target.subprocess.Popen", with_few)
    with attacked.target(tmp_path / "home") as gateway:
        held = []
        for _ in range(2 * HANDLES):
            held.append(socket.create_connection(("127.0.0.1", gateway.stack.port), timeout=5))
        time.sleep(0.5)
        for one in held:
            one.close()

        def serves() -> bool:
            try:
                return httpx.get(f"{gateway.url}/healthz", timeout=2, trust_env=False).status_code == httpx.codes.OK
            except httpx.TransportError:
                return False

        eventually(serves, 30, "the gateway's recovery")
        customer = gateway.customer()
        assert customer.writes("It crashes when I print").status_code == httpx.codes.ACCEPTED
        eventually(lambda: len(customer.reads()) > 1, 30, "the answer")
        customer.http.close()
