"""Threads for what blocks: a bounded pool for each slow thing, so that one that hangs holds up only its own callers.

asyncio's default pool is shared by everything in the process, and has six threads on two processors.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import copy_context
from threading import Lock
from typing import ParamSpec, TypeVar

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


class ThreadsBusy(OSError):
    """Every thread of the pool is taken and as many calls wait as may."""


class WorkerThreads:
    """A pool of ``threads`` named threads; at most ``waiting`` further calls wait for one."""

    def __init__(self, name: str, threads: int, *, waiting: int = 200) -> None:
        self.name = name
        self._most = threads + waiting
        self._unfinished = 0
        self._counting = Lock()
        self._pool = ThreadPoolExecutor(threads, thread_name_prefix=name)

    async def run(self, work: Callable[Arguments, Result], *args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        """Run ``work`` in a thread of the pool; raises ThreadsBusy instead of waiting without bound.

        A caller that is cancelled leaves; the thread goes on, and counts until it is done.
        """
        with self._counting:
            if self._unfinished >= self._most:
                raise ThreadsBusy(f"the threads for {self.name} do not answer")
            self._unfinished += 1
        running = self._pool.submit(copy_context().run, lambda: work(*args, **kwargs))
        running.add_done_callback(self._done)
        return await asyncio.wrap_future(running)

    def _done(self, _ended: Future[Result]) -> None:
        with self._counting:
            self._unfinished -= 1


# What runs at the payment provider waits for the network: seconds, and again when it is tried again.
PAYMENTS = WorkerThreads("payments", 4)
# Files of the home: attachments, mails, settings, sources of the manual. They may lie on a network folder.
FILES = WorkerThreads("files", 4)
# One look at a time whether the folders take anything: on a folder that hangs the next would hang as well.
STORAGE_CHECK = WorkerThreads("storage-check", 1, waiting=3)
MANUAL_SEARCH = WorkerThreads("manual-search", 4)
# Patterns over long texts, which hold the processor.
READING = WorkerThreads("reading", 2)
REPORTS = WorkerThreads("reports", 2)
# Each hash takes 64 MiB for a moment: two at a time bound what a flood of sign-ins can use.
PASSWORDS = WorkerThreads("passwords", 2)
