"""Whoever listens is woken, and can always be stopped."""

import asyncio

import pytest

from bot.http.hub import MOST_SIGNALS, Hub


async def test_a_listener_hears_a_wake_that_came_before_it_waited() -> None:
    hub = Hub()
    async with hub.listen("one") as listener:
        hub.wake("one")
        assert await listener.wait(5) is True


async def test_waiting_without_a_wake_ends_when_the_time_is_over() -> None:
    async with Hub().listen("one") as listener:
        assert await listener.wait(0.01) is False


async def test_a_stream_that_is_woken_as_it_is_cancelled_still_ends() -> None:
    hub, waiting = Hub(), asyncio.Event()

    async def follow() -> None:
        async with hub.listen("one") as listener:
            while True:
                waiting.set()
                await listener.wait(5)

    task = asyncio.create_task(follow())
    await waiting.wait()
    await asyncio.sleep(0)
    hub.wake("one")
    await asyncio.sleep(0)  # the wake is on its way to the task when the cancellation overtakes it
    task.cancel()
    done, _ = await asyncio.wait({task}, timeout=2)
    assert task in done
    with pytest.raises(asyncio.CancelledError):
        task.result()


async def test_somebody_typing_is_no_reason_to_look_into_the_database() -> None:
    hub = Hub()
    async with hub.listen("one") as listener:
        hub.typing("one", "customer", "You", True)
        assert await listener.wait(5) is True
        assert not listener.take_news()
        hub.wake("one")
        assert await listener.wait(5) is True
        assert listener.take_news()
        assert not listener.take_news()


async def test_a_stalled_stream_keeps_the_newest_signal_of_each_writer_and_of_few_writers() -> None:
    hub = Hub()
    async with hub.listen("one") as listener:
        for number in range(1000):
            hub.typing("one", "customer", "You", bool(number % 2))
        assert listener.signals == [{"author": "customer", "name": "You", "on": True}]
        for number in range(1000):
            hub.typing("one", "technician", f"T{number}", True)
        assert len(listener.signals) == MOST_SIGNALS and listener.signals[-1]["name"] == "T999"
