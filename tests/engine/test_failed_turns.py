"""What must hold when something dies or misbehaves in the middle of a turn."""

import sqlite3
import time
from pathlib import Path

import pytest
from conftest import Actions, Engine


def rows(home: Path, sender: str) -> list[tuple]:
    """What the dialogue store holds of a dialogue."""
    with sqlite3.connect(home / "rasa_tracker.db") as database:
        return database.execute("SELECT * FROM turns WHERE sender = ? ORDER BY first_event", (sender,)).fetchall()


@pytest.mark.parametrize("text", ["crash now", "never stop"])
def test_a_turn_that_fails_is_reported_and_leaves_the_dialogue_as_it_was(engine: Engine, home: Path, text: str) -> None:
    sender = "failed-" + text.replace(" ", "-") + ".1"
    engine.turn(sender, "m1", "a cup of tea please")
    before = rows(home, sender)
    answer = engine.turn(sender, "m2", text)
    assert answer.status_code == 500, answer.text
    assert answer.json()["error"]["code"] == "turn_failed"
    assert rows(home, sender) == before
    assert engine.turn(sender, "m3", "green").json()["trace"]["actions"] == ["tea_form", "action_count"]


def test_a_failed_turn_of_a_new_dialogue_leaves_no_trace(engine: Engine, home: Path) -> None:
    assert engine.turn("failed-first.1", "m1", "crash now").status_code == 500
    assert rows(home, "failed-first.1") == []


def test_a_turn_without_reply_and_effect_has_failed(engine: Engine, actions: Actions, home: Path) -> None:
    answer = engine.turn("silent.1", "silent", "keep quiet")
    assert answer.status_code == 500 and answer.json()["error"]["code"] == "turn_failed"
    assert actions.runs_of("silent") == ["action_silent"] and rows(home, "silent.1") == []
    assert "EmptyTurn" in engine.log.read_text()


def test_failures_are_logged_by_kind_and_place_without_the_customers_words(engine: Engine) -> None:
    engine.turn("secret.1", "m1", "crash now, my password is Tulip-4711")
    engine.turn("secret.1", "m2", "/greet{Tulip-4711")
    engine.post("/model/parse", {"text": "/Tulip-4711 nonsense"})
    engine.turn("secret.1", "m3", '/no_such_intent{"sugar": "Tulip-4711"}')
    log = engine.log.read_text()
    assert "Turn m1 of secret.1 failed" in log
    assert "ActionFailed (action action_broken failed) <- RasaException <- the action server answered 500" in log
    assert "Tulip" not in log


def test_with_the_action_server_dead_the_turn_fails_and_runs_once_after_its_return(
    engine: Engine, actions: Actions, home: Path
) -> None:
    engine.turn("dead.1", "d1", "hello")
    before = rows(home, "dead.1")
    actions.kill()
    try:
        answer = engine.turn("dead.1", "d2", "hello")
        assert answer.status_code == 500 and answer.json()["error"]["code"] == "turn_failed"
        assert rows(home, "dead.1") == before
    finally:
        actions.start()
    retried = engine.turn("dead.1", "d2", "hello").json()
    assert retried["replayed"] is False and retried["replies"][1]["text"] == "Turn noted, 7 intents known."
    assert actions.runs_of("d2") == ["action_count"]


def test_with_the_action_server_dead_in_a_form_nothing_already_answered_is_lost(
    engine: Engine, actions: Actions
) -> None:
    engine.turn("dead-form.1", "m1", "a cup of tea please")
    actions.kill()
    try:
        assert engine.turn("dead-form.1", "m2", "green").status_code == 500
    finally:
        actions.start()
    assert engine.turn("dead-form.1", "m2", "green").json()["trace"]["actions"] == ["tea_form", "action_count"]


def test_after_kill_9_a_known_message_is_answered_without_running(engine: Engine, actions: Actions) -> None:
    first = engine.turn("killed.1", "k1", "hello").json()
    engine.turn("killed.1", "k2", "a cup of tea please")
    engine.kill()
    engine.start()
    assert engine.turn("killed.1", "k1", "hello").json() == {**first, "replayed": True}
    assert actions.runs_of("k1") == ["action_count"]
    assert engine.turn("killed.1", "k3", "green").json()["trace"]["actions"] == ["tea_form", "action_count"]


def test_an_action_that_takes_over_5_seconds_fails_its_turn(engine: Engine, actions: Actions, home: Path) -> None:
    began = time.monotonic()
    answer = engine.turn("slow.1", "slow", "take your time")
    assert answer.status_code == 500 and answer.json()["error"]["code"] == "turn_failed"
    assert 4.5 < time.monotonic() - began < 7.0
    assert actions.runs_of("slow") == ["action_slow"] and rows(home, "slow.1") == []
