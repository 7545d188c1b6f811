"""One writer at a time; those with priority first, nobody starves."""

import asyncio

from bot.store.write_lock import MOST_IN_A_ROW, WriteLock


async def test_one_at_a_time_and_those_who_go_first_go_first() -> None:
    write_lock, passed, inside = WriteLock(), list[str](), 0

    async def passes(name: str, priority: bool) -> None:
        nonlocal inside
        async with write_lock.acquire(priority=priority):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            passed.append(name)
            inside -= 1

    async with write_lock.acquire():
        tasks = [asyncio.create_task(passes(f"other {number}", False)) for number in range(3)]
        tasks += [asyncio.create_task(passes(f"first {number}", True)) for number in range(3)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert passed == ["first 0", "first 1", "first 2", "other 0", "other 1", "other 2"]


async def test_others_are_not_kept_waiting_for_ever() -> None:
    write_lock, passed = WriteLock(), list[bool]()

    async def passes(priority: bool) -> None:
        async with write_lock.acquire(priority=priority):
            passed.append(priority)

    async with write_lock.acquire():
        tasks = [asyncio.create_task(passes(True)) for _ in range(3 * MOST_IN_A_ROW)]
        tasks += [asyncio.create_task(passes(False)) for _ in range(3)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert passed.index(False) == MOST_IN_A_ROW


async def test_whoever_gives_up_waiting_blocks_nobody() -> None:
    write_lock = WriteLock()

    async def passes() -> str:
        async with write_lock.acquire():
            return "passed"

    async with write_lock.acquire():
        waiting = [asyncio.create_task(passes()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    waiting[1].cancel()  # its turn has come already, and it has not run yet
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert results[2] == "passed"
    assert await passes() == "passed"
