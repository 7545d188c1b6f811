"""`techref serve`: becomes one program, prepares what it needs, keeps others out, and ends when it is told to."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from bot.commands.prepare import STEPS
from bot.installation import ports
from bot.installation.programs import ACTIONS, GATEWAY, RASA, programs_of_stack
from bot.processes.only_one import AlreadyRunning, exclusive_lock, launcher_of, preparation_lock
from bot.settings.env.settings import load_settings
from tests.support import prepared
from tests.support.api_customer import ApiCustomer
from tests.support.running_stack import SECONDS_TO_BE_READY, eventually, free_ports


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    keys = ("TECHREF_PORT", "TECHREF_RASA_PORT", "TECHREF_ACTIONS_PORT")
    return {"TECHREF_HOME": str(tmp_path / "home"), **dict(zip(keys, map(str, free_ports(3)), strict=True))}


@contextmanager
def served(program: str, environ: dict[str, str]) -> Iterator[subprocess.Popen[str]]:
    """Run `techref serve PROGRAM` for the block; whatever is left of it is killed."""
    command = [sys.executable, "-m", "bot.cli", "serve", program]
    with subprocess.Popen(
        command, env={**os.environ, **environ}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def stopped(process: subprocess.Popen[str]) -> tuple[int, str]:
    process.terminate()
    output, _ = process.communicate(timeout=60)
    return process.returncode, output


def answers(url: str, **more: str) -> Callable[[], bool]:
    def ask() -> bool:
        try:
            return httpx.get(url, headers=more, timeout=5, trust_env=False).status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    return ask


def test_every_program_says_what_it_needs_prepared() -> None:
    settings = load_settings({})
    assert set(STEPS) == {program.name for program in programs_of_stack(settings)}
    assert {lock for steps in STEPS.values() for lock, _, _ in steps} == {"embedding", "schema", "index", "model"}


def test_only_the_port_of_the_program_itself_has_to_be_free(environ: dict[str, str]) -> None:
    settings = load_settings(environ)
    with socket.create_server(("127.0.0.1", settings.actions_port)):
        assert ports.busy_ports(settings, GATEWAY) == [] and ports.busy_ports(settings, RASA) == []
        assert "TECHREF_ACTIONS_PORT" in ports.busy_ports(settings, ACTIONS)[0] and len(ports.busy_ports(settings)) == 1


def test_a_program_that_waits_for_another_ends_at_once_on_a_signal(environ: dict[str, str]) -> None:
    home = Path(environ["TECHREF_HOME"])
    with (
        preparation_lock(home, lambda: pytest.fail("nobody prepares it"), "embedding"),
        served("actions", environ) as process,
    ):
        assert process.stdout is not None
        assert "waiting for it" in process.stdout.readline()
        assert stopped(process)[0] == 128 + signal.SIGTERM


def test_a_served_program_holds_the_home_folder_until_it_ends(environ: dict[str, str]) -> None:
    home, port = Path(environ["TECHREF_HOME"]), environ["TECHREF_ACTIONS_PORT"]
    prepared.embedding_of_set_up(home)
    with served("actions", environ) as process:
        eventually((home / "internal_secret").exists, SECONDS_TO_BE_READY, "the action server")
        secret = {"X-TechRef-Secret": (home / "internal_secret").read_text().strip()}
        eventually(answers(f"http://127.0.0.1:{port}/health", **secret), SECONDS_TO_BE_READY, "the action server")
        # It became the program itself, and holds the folder although it is another program now.
        assert "actions" in Path(f"/proc/{process.pid}/cmdline").read_text().split("\0")
        assert launcher_of(home) is not None
        with pytest.raises(AlreadyRunning), exclusive_lock(home):
            pytest.fail("a restore would have begun")
        with served("actions", environ) as second:
            output, _ = second.communicate(timeout=60)
            assert second.returncode == 1 and f"process {process.pid}" in output
        began = time.monotonic()
        assert stopped(process)[0] == 0 and time.monotonic() - began < 30
    assert launcher_of(home) is None


@pytest.mark.timeout(SECONDS_TO_BE_READY + 120)
def test_three_served_programs_answer_a_customer_and_end_on_a_signal(environ: dict[str, str]) -> None:
    home, base = Path(environ["TECHREF_HOME"]), f"http://127.0.0.1:{environ['TECHREF_PORT']}"
    with prepared.lock():
        prepared.fill(home)
    with served("actions", environ) as actions, served("rasa", environ) as rasa, served("gateway", environ) as gateway:
        eventually(answers(f"{base}/readyz"), SECONDS_TO_BE_READY, "readiness")
        answer = ApiCustomer(base).says("How do I reprint an invoice?")
        assert any("nvoice" in card["title"] for message in answer for card in message["cards"])
        assert [stopped(process)[0] for process in (gateway, rasa, actions)] == [0, 0, 0]
    assert launcher_of(home) is None
