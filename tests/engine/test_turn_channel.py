import pytest
from conftest import Actions, Engine


def test_a_turn_answers_with_replies_and_says_how_it_came_about(engine: Engine) -> None:
    answer = engine.turn("hello.1", "m1", "hello")
    assert answer.status_code == 200
    body = answer.json()
    assert [reply["text"] for reply in body["replies"]] == ["Good morning.", "Turn noted, 7 intents known."]
    assert body["effects"] == [] and body["replayed"] is False and body["message_id"] == "m1"
    assert body["trace"]["intent"] == "greet" and body["trace"]["rule"] == "Greet back"
    assert body["trace"]["policy"].endswith("RulePolicy")
    assert body["trace"]["actions"] == ["utter_greet", "action_count"]
