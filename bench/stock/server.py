"""Run stock Rasa and its action server, and hold conversations with them over the REST channel."""

import json
import os
import secrets
import subprocess
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil

from bench.stock import project
from bench.turns import Measured, pausing, worded
from tests.support.running_stack import free_ports

SECONDS_TO_BE_READY = 600


@dataclass(frozen=True)
class Running:
    """Rasa, which answers at ``url``, its processes, and how long it took until all of them answered."""

    url: str
    seconds_to_start: float
    roots: tuple[psutil.Process, ...]


@dataclass(frozen=True)
class Stock:
    """The environment and the project of stock Rasa."""

    python: Path
    folder: Path
    epochs: int

    @property
    def _environ(self) -> dict[str, str]:
        return {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": ""}

    def train(self) -> float:
        """Train unless the model is there; return the seconds that its training took."""
        self.folder.mkdir(parents=True, exist_ok=True)
        note = self.folder / "trained.json"
        before = _made_from(self.folder)
        project.write(self.folder, self.epochs)
        if note.exists() and before == _made_from(self.folder):
            return float(json.loads(note.read_text())["seconds"])
        note.unlink(missing_ok=True)
        began = time.perf_counter()
        self._rasa("train", "--out", "models", "--fixed-model-name", "stock")
        seconds = time.perf_counter() - began
        note.write_text(json.dumps({"seconds": seconds}))
        return seconds

    def _rasa(self, *arguments: str) -> None:
        with (self.folder / "rasa.log").open("ab") as log:
            command = [str(self.python), "-m", "rasa", *arguments]
            subprocess.run(command, cwd=self.folder, env=self._environ, check=True, stdout=log, stderr=log)

    @contextmanager
    def running(self) -> Iterator[Running]:
        """Run both servers for the block, started together; dialogues are kept in SQLite."""
        port, actions_port = free_ports(2)
        endpoints = project.write_endpoints(self.folder, actions_port)
        options = ["-i", "127.0.0.1", "-p", str(port), "--endpoints", str(endpoints), "--model", "models/stock.tar.gz"]
        url, actions_url = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{actions_port}/health"
        began = time.perf_counter()
        with ExitStack() as stopping:
            rasa = stopping.enter_context(self._started("rasa", "run", *options))
            actions = stopping.enter_context(self._started("rasa_sdk", "--actions", "actions", "-p", str(actions_port)))
            _wait_until_it_answers(actions_url, actions)
            _wait_until_it_answers(url, rasa)
            seconds = time.perf_counter() - began
            yield Running(url, seconds, tuple(psutil.Process(one.pid) for one in (rasa, actions)))

    @contextmanager
    def _started(self, module: str, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        with (self.folder / "rasa.log").open("ab") as log:
            process = subprocess.Popen(
                [str(self.python), "-m", module, *arguments],
                cwd=self.folder,
                env={**self._environ, "SANIC_HOST": "127.0.0.1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )
        try:
            yield process
        finally:
            process.terminate()
            process.wait(60)


def _wait_until_it_answers(url: str, process: subprocess.Popen[bytes]) -> None:
    """Wait for a server: Rasa listens only once its model is loaded, the action server once its actions are."""
    deadline = time.monotonic() + SECONDS_TO_BE_READY
    while True:
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError("stock Rasa did not start; rasa.log in its folder says why")
        try:
            if httpx.get(url, trust_env=False).is_success:
                return
        except httpx.TransportError:
            time.sleep(0.05)


def _made_from(folder: Path) -> dict[str, str]:
    files = [*folder.glob("data/**/*.yml"), folder / "domain.yml", folder / "config.yml"]
    return {str(file): file.read_text(encoding="utf-8") for file in sorted(files) if file.exists()}


class Misunderstood(RuntimeError):
    """Stock answered something else than the line asks for, so that its times say nothing."""


async def customer(client: httpx.AsyncClient, measured: Measured | None, pause: float = 0.0) -> None:
    """Hold one conversation over the REST channel, which answers a message in the same request.

    Raises Misunderstood for an answer of another kind than the line asks for.
    """
    sender = secrets.token_hex(8)
    for place, line in enumerate(project.UNDERSTOOD):
        await pausing(pause)
        text = worded(line)
        began = time.perf_counter()
        answer = await client.post("/webhooks/rest/webhook", json={"sender": sender, "message": text})
        said = [one["text"] for one in answer.raise_for_status().json()]
        if measured is not None:
            measured.turns.append((place, (time.perf_counter() - began) * 1000))
            measured.acknowledged.append(measured.turns[-1][1])
        if not said or not said[0].startswith(project.UNDERSTOOD[line]):
            raise Misunderstood(
                f"stock Rasa answered {said} to {text!r}; train it with more EPOCHS, or see rasa.log in its folder"
            )
