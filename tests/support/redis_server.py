"""Redis for tests: the machine's own with names that nobody else has, and a private one that may be killed."""

import secrets
import shutil
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from tests.support.running_stack import eventually, free_ports

REDIS = "redis://127.0.0.1:6379"


@contextmanager
def redis_namespace() -> Iterator[str]:
    """What the names of all keys begin with; they are dropped afterwards. Skips, loudly, where no Redis answers."""
    prefix, redis = f"test-{secrets.token_hex(6)}:", Redis.from_url(REDIS, socket_timeout=2)
    try:
        redis.ping()
    except RedisError as error:
        pytest.skip(f"REDIS WAS NOT TESTED: none answers at {REDIS} ({type(error).__name__})")
    yield prefix
    for key in redis.scan_iter(f"{prefix}*"):
        redis.delete(key)
    redis.close()


class RedisServer:
    """A server on a port of its own that keeps nothing."""

    def __init__(self, folder: Path) -> None:
        (self._port,) = free_ports(1)
        self.url, self._folder = f"redis://127.0.0.1:{self._port}/0", folder
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ["--port", str(self._port), "--bind", "127.0.0.1", "--save", "", "--dir", str(self._folder)]
        self._process = subprocess.Popen(["redis-server", *options], stdout=subprocess.DEVNULL)
        eventually(self._answers, 10, "the start of Redis")

    def kill(self) -> None:
        if self._process:
            self._process.kill()
            self._process.wait(10)

    def pause(self) -> None:
        """It says nothing any more; its connections stay open."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def ask(self, *command: str) -> object:
        with Redis.from_url(self.url, socket_timeout=2) as redis:
            return redis.execute_command(*command)

    def _answers(self) -> bool:
        try:
            return bool(self.ask("PING"))
        except RedisError:
            return False


@contextmanager
def running_redis(folder: Path) -> Iterator[RedisServer]:
    """Running at first. Skips, loudly, where Redis is not installed."""
    if shutil.which("redis-server") is None:
        pytest.skip("THE LOSS OF REDIS WAS NOT TESTED: there is no redis-server to start")
    server = RedisServer(folder)
    server.start()
    try:
        yield server
    finally:
        server.kill()
