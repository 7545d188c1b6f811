import asyncio
import sqlite3
import time
from pathlib import Path

import pytest
from rasa.core.agent import Agent
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from sqlalchemy.exc import IntegrityError

from bot.engine.dialogue_store import KEEP_DAYS, DialogueStore, StillInLog
from bot.engine.environment import dialogue_database

DOMAIN = Domain.load(Path(__file__).parent / "project" / "domain.yml")


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> DialogueStore:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    monkeypatch.delenv("TECHREF_DATABASE_URL", raising=False)
    return DialogueStore(DOMAIN)


async def test_a_dialogue_comes_back_as_it_was(store: DialogueStore) -> None:
    tracker = await store.get_or_create_tracker("a.1")
    tracker.update(UserUttered("green", metadata={"message_id": "m1"}), DOMAIN)
    tracker.update(SlotSet("tea", "green"), DOMAIN)
    await store.record_turn(tracker, "m1", {"replies": ["Yes ☕"]})
    tracker.update(ActionExecuted("action_count"), DOMAIN)
    await store.record_turn(tracker, "m2", {"replies": []})
    again = await store.retrieve("a.1")
    assert again is not None and list(again.events) == list(tracker.events)
    assert again.get_slot("tea") == "green" and again.latest_message.metadata["message_id"] == "m1"
    assert await store.recorded("a.1", "m1") == {"replies": ["Yes ☕"]}
    assert await store.recorded("a.1", "m3") is None and await store.recorded("b.1", "m1") is None


async def test_an_unanswered_dialogue_is_not_stored(store: DialogueStore) -> None:
    await store.get_or_create_tracker("b.1")
    assert await store.retrieve("b.1") is None and list(await store.keys()) == []


async def test_two_writers_of_one_turn_do_not_both_win(store: DialogueStore) -> None:
    tracker = await store.get_or_create_tracker("c.1")
    tracker.update(UserUttered("green"), DOMAIN)
    await store.record_turn(tracker, "m1", {})
    tracker.update(UserUttered("black"), DOMAIN)
    with pytest.raises(IntegrityError):
        await store.record_turn(tracker, "m1", {})
    assert len((await store.retrieve("c.1")).events) == 1


async def test_old_dialogues_are_dropped_and_a_live_one_keeps_its_old_turns(store: DialogueStore) -> None:
    day = 86_400
    for sender, ages in {"old.1": [KEEP_DAYS + 2, KEEP_DAYS + 1], "live.1": [KEEP_DAYS + 2, 1]}.items():
        tracker = await store.get_or_create_tracker(sender)
        for age in ages:
            tracker.update(UserUttered("green"), DOMAIN)
            await store.record_turn(tracker, f"m{age}", {})
            with store._engine.begin() as connection:
                turns = store._turns
                connection.execute(
                    turns.update()
                    .values(saved_at=time.time() - age * day)
                    .where(turns.c.sender == sender, turns.c.message_id == f"m{age}")
                )
    assert await store.forget_old() == 2
    assert list(await store.keys()) == ["live.1"] and len((await store.retrieve("live.1")).events) == 2


async def test_forgetting_a_conversation_takes_all_its_episodes_and_no_other(store: DialogueStore) -> None:
    for sender in ("c_1.1", "c_1.2", "cx1.1", "c_10.1"):
        tracker = await store.get_or_create_tracker(sender)
        tracker.update(UserUttered("green"), DOMAIN)
        await store.save(tracker)
    assert await store.forget_conversation("c_1") == 2
    assert sorted(await store.keys()) == ["c_10.1", "cx1.1"]


async def test_words_forgotten_while_somebody_reads_are_overwritten_when_they_have_read(
    store: DialogueStore,
) -> None:
    tracker = await store.get_or_create_tracker("c_1.1")
    tracker.update(UserUttered("flour and sugar"), DOMAIN)
    await store.save(tracker)
    file = Path(store._engine.url.database)

    def on_disk() -> list[str]:
        return [one.name for one in file.parent.glob(f"{file.name}*") if b"flour and sugar" in one.read_bytes()]

    reader = sqlite3.connect(file, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM turns").fetchone()
    with pytest.raises(StillInLog):
        await store.forget_conversation("c_1")
    assert on_disk() == [f"{file.name}-wal"]
    reader.execute("COMMIT")
    reader.close()
    assert await store.forget_conversation("c_1") == 0
    assert on_disk() == []


async def test_many_turns_at_once_are_all_kept(store: DialogueStore) -> None:
    async def turn(number: int) -> None:
        tracker = await store.get_or_create_tracker(f"many{number}.1")
        tracker.update(UserUttered("green"), DOMAIN)
        await store.record_turn(tracker, "m", {"number": number})

    await asyncio.gather(*(turn(number) for number in range(40)))
    assert len(list(await store.keys())) == 40
    assert await store.recorded("many39.1", "m") == {"number": 39}


def test_rasa_does_not_wrap_the_store_in_its_forgetful_fail_safe(store: DialogueStore) -> None:
    assert Agent._create_tracker_store(store, DOMAIN) is store


def test_postgresql_is_used_when_it_is_the_database(monkeypatch: pytest.MonkeyPatch) -> None:
    for given in ("postgresql+psycopg://u:p@h/d", "postgresql://u:p@h/d", "postgres://u:p@h/d"):
        monkeypatch.setenv("TECHREF_DATABASE_URL", given)
        assert dialogue_database() == "postgresql+psycopg2://u:p@h/d"
    monkeypatch.setenv("TECHREF_DATABASE_URL", "sqlite:///techref.db")
    assert dialogue_database().endswith("/rasa_tracker.db")
