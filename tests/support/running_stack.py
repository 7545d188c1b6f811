"""The whole of TechRef as real processes, for the tests that need it."""

import os
import secrets
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

if TYPE_CHECKING:
    from tests.support.fake_microsoft import FakeMicrosoft
    from tests.support.fake_slack import FakeSlack

ROOT = Path(__file__).parents[2]
# Training on a busy machine, then three processes that load their models.
SECONDS_TO_BE_READY = 600
SECONDS_TO_STOP = 60
# For runs that come from one address faster than any customer.
UNLIMITED = """
limits:
  messages_per_minute: 1000000
  requests_per_minute: 1000000
  conversations_per_hour: 1000000
  address_requests_per_minute: 1000000
  manual_searches_per_minute: 1000000
"""


def free_ports(count: int) -> list[int]:
    """Ports that were free just now, all different."""
    with ExitStack() as closing:
        sockets = [closing.enter_context(socket.socket()) for _ in range(count)]
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in sockets]


def eventually(condition: Callable[[], bool], seconds: float = 30, what: str = "it") -> None:
    """Wait until ``condition`` holds; fails after ``seconds``."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"{what} did not happen within {seconds:.0f} s"
        time.sleep(0.1)


@contextmanager
def running_stack(home: Path, support: str = "", **environ: str) -> Iterator["RunningStack"]:
    """A stack that runs for the block, with stand-ins for Microsoft and Slack."""
    from tests.support.fake_microsoft import FakeMicrosoft  # pydantic models by the hundred: only where needed
    from tests.support.fake_slack import FakeSlack

    microsoft, slack = FakeMicrosoft(), FakeSlack().start()
    try:
        running = RunningStack(home, microsoft, slack, environ)
        home.mkdir(parents=True, exist_ok=True)
        if support:
            (home / "support.yml").write_text(support, encoding="utf-8")
        running.start()
        try:
            yield running
        finally:
            running.stop()
    finally:
        microsoft.close()
        slack.stop()


@dataclass(frozen=True)
class TechnicianAccount:
    email: str
    name: str
    password: str


class RunningStack:
    """`techref up` on ports of its own. ``environ`` is what another `techref` command needs to reach it.

    Microsoft Teams and Slack are on, with ``microsoft`` and ``slack`` for their other sides. With TECHREF_LOCAL in
    ``environ`` several of them share a home.
    """

    def __init__(self, home: Path, microsoft: "FakeMicrosoft", slack: "FakeSlack", environ: dict[str, str]) -> None:
        self.home, self.microsoft, self.slack = home, microsoft, slack
        self.local = Path(environ.get("TECHREF_LOCAL", home))
        self.port, self.rasa_port, self.actions_port = free_ports(3)
        self.url = f"http://127.0.0.1:{self.port}"
        self.environ = {
            **{key: value for key, value in os.environ.items() if not key.startswith("TECHREF_")},
            "TECHREF_HOME": str(home),
            "TECHREF_PORT": str(self.port),
            "TECHREF_RASA_PORT": str(self.rasa_port),
            "TECHREF_ACTIONS_PORT": str(self.actions_port),
            "TECHREF_IDENTITY_SECRET": secrets.token_hex(32),
            "PYTHONPATH": str(ROOT),
            **microsoft.environ,
            **slack.environ,
            **environ,
        }
        # One client for all probes: making one reads every certificate of the machine.
        self._probe = httpx.Client(timeout=5, trust_env=False)
        self._launcher: subprocess.Popen[bytes] | None = None
        self.seconds_to_start = 0.0
        self._output = self.local / "up.log"

    def start(self) -> None:
        """Start and wait until /readyz says yes; fails with the launcher's output when it ends before."""
        self.local.mkdir(parents=True, exist_ok=True)
        began = time.monotonic()
        with self._output.open("ab") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "up"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        try:
            eventually(self.is_ready, SECONDS_TO_BE_READY, "the stack's getting ready")
            self.seconds_to_start = time.monotonic() - began
        except BaseException:
            self._launcher.terminate()
            self._launcher.wait(SECONDS_TO_STOP)
            raise

    def stop(self) -> None:
        """Stop as Ctrl-C does and hold it to a clean end."""
        assert self._launcher
        self._probe.close()
        self._launcher.terminate()
        status = self._launcher.wait(SECONDS_TO_STOP)
        assert status == 0, self.output()

    def is_ready(self) -> bool:
        assert self._launcher
        assert self._launcher.poll() is None, f"the launcher ended:\n{self.output()}"
        try:
            return self._probe.get(f"{self.url}/readyz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False

    def wait_until_ready(self, seconds: float = 60) -> None:
        eventually(self.is_ready, seconds, "the stack's getting ready")

    @property
    def pid(self) -> int:
        """Return the process id of the launcher, the parent of all."""
        assert self._launcher
        return self._launcher.pid

    def pid_of(self, name: str) -> int:
        """The process id of ``gateway``, ``rasa`` or ``actions``, as the launcher wrote it."""
        return int((self.local / "run" / f"{name}.pid").read_text())

    def output(self) -> str:
        """The end of what the launcher has printed."""
        return self._output.read_text(errors="replace")[-8000:]

    def command(self, *arguments: str, typed: str = "") -> str:
        """Run another `techref` command against this stack; returns what it printed, fails when it fails."""
        ended = subprocess.run(
            [sys.executable, "-m", "bot.cli", *arguments],
            cwd=ROOT,
            env=self.environ,
            input=typed,
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert ended.returncode == 0, ended.stdout + ended.stderr
        return ended.stdout

    def add_technician(self, name: str, role: str = "technician") -> TechnicianAccount:
        """A technician who can sign in at the desk, with an address and password nobody else has."""
        account = TechnicianAccount(f"{secrets.token_hex(4)}@desk.example", name, secrets.token_urlsafe(16))
        options = ["--email", account.email, "--name", name, "--role", role, "--password-stdin"]
        self.command("technician", "add", *options, typed=account.password + "\n")
        return account
