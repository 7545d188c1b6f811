"""Writers pass one at a time; those in a hurry first, nobody never."""

import asyncio

from bot.store.turnstile import MOST_IN_A_ROW, Turnstile


async def test_one_at_a_time_and_those_who_go_first_go_first() -> None:
    turnstile, passed, inside = Turnstile(), list[str](), 0

    async def passes(name: str, first: bool) -> None:
        nonlocal inside
        async with turnstile.passing(first=first):
            inside += 1
            assert inside == 1
            await asyncio.sleep(0)
            passed.append(name)
            inside -= 1

    async with turnstile.passing():
        tasks = [asyncio.create_task(passes(f"other {number}", False)) for number in range(3)]
        tasks += [asyncio.create_task(passes(f"first {number}", True)) for number in range(3)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert passed == ["first 0", "first 1", "first 2", "other 0", "other 1", "other 2"]


async def test_others_are_not_kept_waiting_for_ever() -> None:
    turnstile, passed = Turnstile(), list[bool]()

    async def passes(first: bool) -> None:
        async with turnstile.passing(first=first):
            passed.append(first)

    async with turnstile.passing():
        tasks = [asyncio.create_task(passes(True)) for _ in range(3 * MOST_IN_A_ROW)]
        tasks += [asyncio.create_task(passes(False)) for _ in range(3)]
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert passed.index(False) == MOST_IN_A_ROW


async def test_whoever_gives_up_waiting_blocks_nobody() -> None:
    turnstile = Turnstile()

    async def passes() -> str:
        async with turnstile.passing():
            return "passed"

    async with turnstile.passing():
        waiting = [asyncio.create_task(passes()) for _ in range(3)]
        await asyncio.sleep(0)
        waiting[0].cancel()
    waiting[1].cancel()  # its turn has come already, and it has not run yet
    results = await asyncio.gather(*waiting, return_exceptions=True)
    assert results[2] == "passed"
    assert await passes() == "passed"
