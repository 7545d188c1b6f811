"""Background loops go on whatever they raise, and /readyz and /metrics show one that does not run."""

import asyncio
import errno
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway import supervise
from bot.gateway.supervise import LoopHealth, Supervisor, every
from bot.gateway.workers import support_watch
from bot.services.core.context import Context
from tests.gateway.test_metrics import sample
from tests.support.gateway_fixture import eventually, open_gateway


@pytest.fixture(autouse=True)
def soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervise, "FIRST_RETRY_SECONDS", 0.01)
    monkeypatch.setattr(supervise, "LONGEST_RETRY_SECONDS", 0.02)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        await asyncio.sleep(0.01)


class FileOnAStaleShare:
    """Makes ``Path.stat`` of support.yml fail once, as a network folder does whose server was restarted."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.fails, real = False, Path.stat

        def stat(path: Path, **options: Any) -> os.stat_result:
            if self.fails and path.name == "support.yml":
                self.fails = False
                raise OSError(errno.ESTALE, "Stale file handle", str(path))
            return real(path, **options)

        monkeypatch.setattr(Path, "stat", stat)


async def test_one_error_of_the_disk_does_not_end_the_watch_over_support_yml(
    ctx: Context, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    share, supervisor = FileOnAStaleShare(monkeypatch), Supervisor()
    share.fails = True
    supervisor.start("support.yml", every(0.01, lambda: support_watch.look_at_support(ctx)))
    try:
        await until(lambda: not share.fails)
        (ctx.home / "support.yml").write_text("company: Brightsons\n")
        await until(lambda: ctx.support.company == "Brightsons")
        await until(lambda: supervisor.states() == {"support.yml": "up"})
    finally:
        await supervisor.stop()
    (about,) = [vars(record)["about"] for record in caplog.records if record.name == "bot.gateway.supervise"]
    assert (about["loop"], about["error"]) == ("support.yml", "OSError")
    assert supervisor.failures() == {"support.yml": 1}


@pytest.mark.parametrize("error", [ValueError("words"), asyncio.CancelledError(), None], ids=repr)
async def test_a_loop_that_raises_is_cancelled_from_within_or_returns_starts_again(error: BaseException | None) -> None:
    supervisor, begun = Supervisor(), []

    async def loop() -> None:
        begun.append(1)
        if error is not None:
            raise error

    supervisor.start("loop", loop)
    try:
        await until(lambda: len(begun) > 3)
        name = type(error).__name__ if error else "LoopEnded"
        assert supervisor.states() == {"loop": f"failing: {name}"} and supervisor.state == "down"
    finally:
        await supervisor.stop()


async def test_stopping_ends_every_loop() -> None:
    supervisor, ended = Supervisor(), []

    async def loop() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(1)

    supervisor.start("one", loop)
    supervisor.start("two", loop)
    await asyncio.sleep(0)
    await supervisor.stop()
    assert ended == [1, 1]


def test_waits_between_starts_grow_and_begin_again_after_a_round_that_succeeded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(supervise, "FIRST_RETRY_SECONDS", 0.5)
    monkeypatch.setattr(supervise, "LONGEST_RETRY_SECONDS", 15.0)
    health = LoopHealth()
    assert [health.failed(OSError()) for _ in range(7)] == [0.5, 1, 2, 4, 8, 15, 15]
    health.beat()
    assert (health.failed(OSError()), health.failures) == (0.5, 8)


def test_a_loop_that_hangs_shows_as_stuck() -> None:
    health = LoopHealth()
    assert health.state == "up"
    health.beat_at -= supervise.STUCK_AFTER_SECONDS + 1
    assert health.state == "stuck"


async def test_readiness_and_metrics_name_a_loop_that_does_not_run(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(_ctx: Context) -> None:
        raise PermissionError("words")

    async with open_gateway(home) as gateway:

        async def ready() -> dict[str, Any]:
            answer = await gateway.browser().get("/readyz")
            assert answer.status_code in (httpx.codes.OK, httpx.codes.SERVICE_UNAVAILABLE)
            shown: dict[str, Any] = answer.json()
            return shown

        healthy = await ready()
        assert healthy["checks"]["background"] == "up" and set(healthy["background"].values()) == {"up"}
        assert {"turns", "watcher", "scheduler", "outbox", "clock", "support.yml"} <= set(healthy["background"])
        assert await sample(gateway, "techref_loop_up", loop="support.yml") == 1
        monkeypatch.setattr(Context, "refresh_support", broken)

        async def shown() -> bool:
            return bool((await ready())["background"]["support.yml"] == "failing: PermissionError")

        await eventually(shown)
        assert (await ready())["checks"]["background"] == "down"
        assert await sample(gateway, "techref_loop_up", loop="support.yml") == 0
        assert (await sample(gateway, "techref_loop_failures_count", loop="support.yml") or 0) > 0
