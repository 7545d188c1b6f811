"""Tell the cancellation of the running task from that of something it awaited."""

import asyncio


def is_own_cancellation(error: BaseException) -> bool:
    """Return True when the running task itself is being cancelled, not something that it awaited."""
    task = asyncio.current_task()
    return isinstance(error, asyncio.CancelledError) and task is not None and task.cancelling() > 0
