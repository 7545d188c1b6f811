"""The turn's own deadline, which must hold also when no single action is to blame."""

import asyncio
from types import SimpleNamespace

import pytest

from bot.engine import turn as turn_module
from bot.engine.turn import NoModel, process_turn
from bot.engine.turn_request import read_request

REQUEST = read_request({"conversation_id": "s", "message_id": "m", "text": "hello"})


async def test_a_turn_ends_at_its_deadline_and_the_next_one_is_not_kept_waiting(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def never(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr(turn_module, "DEADLINE_S", 0.2)
    monkeypatch.setattr(turn_module, "_run", never)
    agent = SimpleNamespace(is_ready=lambda: True)
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await process_turn(agent, REQUEST)


async def test_without_a_model_the_turn_is_refused() -> None:
    for agent in (None, SimpleNamespace(is_ready=lambda: False)):
        with pytest.raises(NoModel):
            await process_turn(agent, REQUEST)


def test_deadlines_nest() -> None:
    from bot.engine.action_endpoint import DEADLINE_S as ACTION_S

    assert ACTION_S < turn_module.DEADLINE_S < 10
