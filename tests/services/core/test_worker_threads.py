"""Threads for what blocks: what hangs holds up its own callers, and no more of them than may wait."""

import asyncio
import threading

import pytest

from bot.services.channel.receive import Incoming, receive
from bot.services.core.context import Context
from bot.services.core.worker_threads import PAYMENTS, REPORTS, STORAGE_CHECK, ThreadsBusy, WorkerThreads
from tests.support.service_fixtures import Customer


async def test_a_payment_provider_that_hangs_holds_up_no_message_and_no_report(ctx: Context) -> None:
    customer, release = await Customer.arrives(ctx), threading.Event()
    hanging = [asyncio.create_task(PAYMENTS.run(release.wait, 30)) for _ in range(20)]
    await asyncio.sleep(0.01)
    try:
        stored = await asyncio.wait_for(receive(ctx, customer.id, Incoming("m1", text="it crashes")), 5)
        assert not stored.repeated
        assert await asyncio.wait_for(REPORTS.run(sum, [1, 2]), 5) == 3
    finally:
        release.set()
        assert await asyncio.gather(*hanging) == [True] * 20


async def test_no_more_calls_wait_than_may_and_the_threads_work_on_afterwards() -> None:
    threads, release = WorkerThreads("trial", 1, waiting=2), threading.Event()
    hanging = [asyncio.create_task(threads.run(release.wait, 30)) for _ in range(3)]
    await asyncio.sleep(0.01)
    with pytest.raises(ThreadsBusy, match="trial"):
        await threads.run(len, "")
    hanging[2].cancel()
    await asyncio.gather(hanging[2], return_exceptions=True)
    waiting = asyncio.create_task(threads.run(len, "abc"))
    release.set()
    assert await waiting == 3 and await asyncio.gather(*hanging[:2]) == [True, True]
    for _ in range(10):
        assert await threads.run(len, "abcd") == 4


async def test_a_folder_that_hangs_is_looked_at_once_not_at_every_request(ctx: Context) -> None:
    release, looks = threading.Event(), list[int]()

    def look() -> None:
        looks.append(1)
        release.wait(30)

    for _ in range(10):
        with pytest.raises((TimeoutError, ThreadsBusy)):
            async with asyncio.timeout(0.02):
                await STORAGE_CHECK.run(look)
    release.set()
    await asyncio.sleep(0.05)
    assert len(looks) == 1
