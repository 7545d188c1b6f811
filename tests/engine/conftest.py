"""One trained model, one action server and one engine for the whole run, each a real process that tests may kill.

The same model is also loaded into the tests' own process, for what can be seen only from inside.
"""

import contextlib
import os
import random
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import requests
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.engine import launcher  # noqa: F401 - prepares Rasa, and must come before any test imports it

# isort: split
from rasa.core.agent import Agent

from bot.engine.action_endpoint import ActionEndpoint

ROOT = Path(__file__).resolve().parents[2]
PROJECT = Path(__file__).parent / "project"
SECRET = "a secret of the tests"
START_S = 60.0


def free_port() -> int:
    """A port that nobody listens on now, away from those that TechRef and its neighbours use by default."""
    while True:
        port = random.randint(18_000, 28_999)
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) != 0:
                return port


class Server:
    """A process with an address, that can be started, killed and started again."""

    def __init__(self, command: list[str], ready: str, log: Path, **environment: str) -> None:
        self._command, self._ready, self.log = command, ready, log
        self._environment = {**os.environ, **environment}
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        deadline = time.monotonic() + START_S
        while True:
            try:
                if requests.get(self._ready, timeout=1).ok:
                    return
            except (requests.ConnectionError, requests.Timeout):
                pass
            if self._process.poll() is not None or time.monotonic() > deadline:
                self.kill()
                raise RuntimeError(f"did not start: {self.log.read_text()[-3000:]}")
            time.sleep(0.1)

    def kill(self) -> None:
        """As kill -9, its child processes included: nothing is said goodbye to."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._process = None


class Engine(Server):
    """The engine, spoken to as the gateway does."""

    def __init__(self, home: Path, port: int, actions_port: int) -> None:
        self.address = f"http://127.0.0.1:{port}"
        super().__init__(
            engine_command("run", "--credentials", "credentials.yml", "--endpoints", "endpoints.yml"),
            f"{self.address}/status",
            home / "engine.log",
            **engine_environment(home),
            TECHREF_RASA_PORT=str(port),
            TECHREF_ACTIONS_PORT=str(actions_port),
        )

    def post(self, path: str, body: object, secret: str | None = SECRET) -> requests.Response:
        headers = {} if secret is None else {"X-TechRef-Secret": secret}
        return requests.post(self.address + path, json=body, headers=headers, timeout=15)

    def turn(
        self, conversation: str, message_id: str, text: str | None = None, payload: str | None = None, **more: object
    ) -> requests.Response:
        body = {
            "conversation_id": conversation,
            "message_id": message_id,
            "text": text,
            "payload": payload,
            "metadata": {"message_id": message_id, "context": {"about": conversation}},
            **more,
        }
        return self.post("/webhooks/turn/process", body)


class Actions(Server):
    """The action server of tests/engine/project, in TechRef's own environment."""

    def __init__(self, home: Path, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}/webhook"
        self._runs = home / "runs"
        super().__init__(
            [str(ROOT / ".venv/bin/python"), "-W", "ignore", str(PROJECT / "actions.py"), str(port), str(self._runs)],
            f"http://127.0.0.1:{port}/health",
            home / "actions.log",
        )

    def runs_of(self, message_id: str) -> int:
        """Return the number of times that the action really ran for this message."""
        return self._runs.read_text().splitlines().count(message_id) if self._runs.exists() else 0


def engine_command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "bot.engine", *arguments]


def engine_environment(home: Path) -> dict[str, str]:
    return {
        "TECHREF_HOME": str(home),
        "TECHREF_INTERNAL_SECRET": SECRET,
        "PYTHONPATH": str(ROOT),
    }


def train(home: Path, config: Path = PROJECT / "config.yml") -> subprocess.CompletedProcess[str]:
    """Train the small project of these tests into ``home``."""
    return subprocess.run(
        engine_command(
            "train",
            "--config",
            str(config),
            "--domain",
            str(PROJECT / "domain.yml"),
            "--data",
            str(PROJECT / "rules.yml"),
            str(PROJECT / "nlu.yml"),
        ),
        cwd=home,
        env={**os.environ, **engine_environment(home)},
        capture_output=True,
        text=True,
        timeout=120,
    )


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A TECHREF_HOME with a trained model."""
    home = tmp_path_factory.mktemp("home")
    trained = train(home)
    assert trained.returncode == 0 and list((home / "models").glob("*.tar.gz")), trained.stdout + trained.stderr
    return home


@pytest.fixture(scope="session")
def actions_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def actions(home: Path, actions_port: int) -> Iterator[Actions]:
    server = Actions(home, actions_port)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def engine(home: Path, actions: Actions, actions_port: int) -> Iterator[Engine]:
    server = Engine(home, free_port(), actions_port)
    server.start()
    yield server
    server.kill()


@pytest.fixture(scope="session")
def loaded(home: Path) -> Agent:
    """The trained model inside this process; a test sets the action server with ``calling``."""
    (model,) = (home / "models").glob("*.tar.gz")
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TECHREF_HOME", str(home))
        return Agent.load(model_path=str(model))


@pytest.fixture
async def agent(loaded: Agent, actions: Actions) -> AsyncIterator[Agent]:
    """The same, with the real action server."""
    async with calling(loaded, actions.url):
        yield loaded


@contextlib.asynccontextmanager
async def calling(agent: Agent, url: str) -> AsyncIterator[None]:
    """Let the agent call the action server at this address, with a connection of this event loop."""
    with pytest.MonkeyPatch.context() as environment:
        environment.setenv("TECHREF_INTERNAL_SECRET", SECRET)
        agent.action_endpoint = agent.processor.action_endpoint = endpoint = ActionEndpoint(url)
        yield
        await endpoint.close()


@contextlib.asynccontextmanager
async def action_server(answer: Callable[[web.Request], Awaitable[web.StreamResponse]]) -> AsyncIterator[str]:
    """The address of an HTTP server that gives this answer to every action call."""
    application = web.Application()
    application.router.add_post("/webhook", answer)
    async with TestServer(application) as server:
        yield str(server.make_url("/webhook"))
