"""Run two or more use cases at once, many times, and say how often."""

import asyncio
import random
from collections.abc import Awaitable
from typing import Any

ROUNDS = 25
# The use cases of a round begin within this time of each other: at the same moment one of them would always be first.
APART_SECONDS = 0.004


async def at_once(*use_cases: Awaitable[Any], apart: float = APART_SECONDS) -> list[Any]:
    """Return the result of each, or the exception it ended with. They begin within ``apart`` seconds."""

    async def later(use_case: Awaitable[Any]) -> Any:
        await asyncio.sleep(random.uniform(0, apart))
        return await use_case

    return await asyncio.gather(*(later(one) for one in use_cases), return_exceptions=True)


def raised(outcomes: list[Any], *expected: type[BaseException]) -> list[BaseException]:
    """Return the expected exceptions; raises any other, which nobody should meet."""
    for outcome in outcomes:
        if isinstance(outcome, BaseException) and not isinstance(outcome, expected):
            raise outcome
    return [outcome for outcome in outcomes if isinstance(outcome, BaseException)]


def ran(what: str, **outcomes: int) -> None:
    """Print how many rounds were run, and what came of them."""
    told = ", ".join(f"{count} {name.replace('_', ' ')}" for name, count in outcomes.items())
    print(f"{what}: {ROUNDS} rounds ({told})" if told else f"{what}: {ROUNDS} rounds")
