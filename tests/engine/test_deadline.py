"""The turn's own deadline, which must hold also when no single action is to blame."""

import asyncio
from pathlib import Path
from types import SimpleNamespace

import pytest

from bot.engine import turn as turn_module
from bot.engine.dialogue_store import DialogueStore
from bot.engine.turn import NoModel, Turns
from bot.engine.turn_request import read_request


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DialogueStore:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    monkeypatch.delenv("TECHREF_DATABASE_URL", raising=False)
    return DialogueStore()


async def test_a_turn_ends_at_its_deadline_and_the_next_one_is_not_kept_waiting(
    store: DialogueStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def never(*_: object) -> None:
        await asyncio.sleep(60)

    monkeypatch.setattr(turn_module, "DEADLINE_S", 0.2)
    monkeypatch.setattr(turn_module, "_run", never)
    agent = SimpleNamespace(is_ready=lambda: True, tracker_store=store, model_id="m")
    turns, request = Turns(), read_request({"sender": "s.1", "message_id": "m", "text": "hello"})
    for _ in range(2):
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(turns.process(agent, request), 5)
    assert await store.recorded("s.1", "m") is None


async def test_without_a_model_the_turn_is_refused() -> None:
    request = read_request({"sender": "s.1", "message_id": "m", "text": "hello"})
    with pytest.raises(NoModel):
        await Turns().process(None, request)


def test_deadlines_nest() -> None:
    from bot.engine.action_endpoint import DEADLINE_S as ACTION_S

    assert ACTION_S < turn_module.DEADLINE_S < 10
