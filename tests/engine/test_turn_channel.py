"""The contract between gateway and engine, spoken to a running engine with a real action server."""

import concurrent.futures
import json

import pytest
import requests
from conftest import SECRET, Engine


def test_a_turn_answers_with_a_decision_and_says_how_it_was_understood(engine: Engine) -> None:
    answer = engine.turn("hello", "m1", "hello")
    assert answer.status_code == 200
    body = answer.json()
    assert set(body) == {"message_id", "model_id", "decision", "trace"}
    assert body["message_id"] == "m1" and len(body["model_id"]) == 32
    assert set(body["trace"]) == {"intent", "confidence", "ranking"}
    assert body["trace"]["intent"] == "greet" and 0.2 < body["trace"]["confidence"] <= 1
    assert body["trace"]["ranking"][0] == ["greet", body["trace"]["confidence"]]
    assert len(body["trace"]["ranking"]) == 5


def test_a_decision_reaches_the_gateway_unchanged(engine: Engine) -> None:
    context = {"known": [{"id": 7, "title": "“Printing” ☕\n\nstops"}], "draft": None, "epoch": 0, "private": False}
    decided = engine.turn("whole", "m1", "hello", metadata={"context": context}).json()["decision"]
    assert decided == {
        "intent": "greet",
        "text": "hello",
        "entities": {},
        "context": context,
        "sender": "whole",
        "slots": decided["slots"],
        "events": 0,
        "intents_known": 8,
        "odd": [None, False, 0, "", "a\n\nb ☕", {"2": [], "1": {}}, 1.5],
    }
    assert list(decided["odd"][5]) == ["2", "1"], "in the order that the action gave"


def test_many_turns_of_one_conversation_at_once_are_all_answered(engine: Engine) -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: engine.turn("race", "race", "hello"), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert all(answer.json() == answers[0].json() for answer in answers)


def test_a_payload_is_taken_at_its_word(engine: Engine) -> None:
    body = engine.turn("payload", "m1", payload='/order_tea{"sugar": "none"}').json()
    assert body["trace"] == {"intent": "order_tea", "confidence": 1.0, "ranking": [["order_tea", 1.0]]}
    assert body["decision"]["intent"] == "order_tea" and body["decision"]["entities"] == {"sugar": "none"}


@pytest.mark.parametrize("typed", ["/order_tea", '/order_tea{"sugar": "none"}', "/restart", "  /restart", "/", "//"])
def test_typed_text_is_never_a_command(engine: Engine, typed: str) -> None:
    body = engine.turn("typed", "m1", typed).json()
    assert body["trace"]["confidence"] < 1.0 and len(body["trace"]["ranking"]) == 5
    assert body["decision"]["text"] == typed.strip() and body["decision"]["entities"] == {}


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x"])
@pytest.mark.parametrize("path", ["/webhooks/turn/process", "/model/parse"])
def test_without_the_secret_nothing_is_served(engine: Engine, path: str, secret: str | None) -> None:
    answer = engine.post(path, {"conversation_id": "s", "message_id": "m", "text": "hello"}, secret)
    assert answer.status_code == 401 and answer.json()["error"]["code"] == "bad_secret"


@pytest.mark.parametrize(
    "path", ["/", "/domain", "/conversations/x/tracker", "/webhooks/rest/webhook", "/webhooks/turn/"]
)
def test_nothing_else_of_rasa_is_served(engine: Engine, path: str) -> None:
    answer = requests.get(engine.address + path, headers={"X-TechRef-Secret": SECRET}, timeout=5)
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "not_found"


def test_status_and_version_need_no_secret(engine: Engine) -> None:
    status = requests.get(engine.address + "/status", timeout=5).json()
    assert status["model_file"].endswith(".tar.gz") and len(status["model_id"]) == 32
    assert requests.get(engine.address + "/version", timeout=5).json() == {"version": "3.6.21"}


@pytest.mark.parametrize(
    ("change", "named"),
    [
        ({"text": None}, "text and payload"),
        ({"payload": "/greet"}, "text and payload"),
        ({"text": ["hello"]}, "text"),
        ({"text": 7}, "text"),
        ({"text": {"a": 1}}, "text"),
        ({"text": ""}, "text"),
        ({"text": " \n\t"}, "text"),
        ({"conversation_id": None}, "conversation_id"),
        ({"conversation_id": "a b"}, "conversation_id"),
        ({"conversation_id": "x" * 201}, "conversation_id"),
        ({"message_id": 5}, "message_id"),
        ({"message_id": ""}, "message_id"),
        ({"metadata": []}, "metadata"),
        ({"metadata": "context"}, "metadata"),
        ({"model_id": "0" * 32}, "unknown field"),
        ({"sender": "a"}, "unknown field"),
        ({"text": None, "payload": "greet"}, "payload"),
        ({"text": None, "payload": "/no_such_intent"}, "payload"),
        ({"text": None, "payload": "/restart"}, "payload"),
        ({"text": None, "payload": "/session_start"}, "payload"),
        ({"text": None, "payload": "/back"}, "payload"),
        ({"text": None, "payload": "/greet{"}, "payload"),
        ({"text": None, "payload": "/greet{not json}"}, "payload"),
        ({"text": None, "payload": '/greet{"no_such_entity": 1}'}, "payload"),
        ({"text": None, "payload": 1}, "payload"),
    ],
)
def test_a_bad_field_is_named_and_not_repeated(engine: Engine, change: dict, named: str) -> None:
    good = {"conversation_id": "bad", "message_id": "m1", "text": "hello", "metadata": {}}
    answer = engine.post("/webhooks/turn/process", {**good, **change})
    assert answer.status_code == 422, answer.text
    error = answer.json()["error"]
    assert error["code"] == "bad_turn" and named in error["message"]
    assert "no_such" not in error["message"] and "not json" not in error["message"]


@pytest.mark.parametrize("body", [b"", b"{", b"null", b"[]", b'"x"', b"\xff\xfe", b"{" * 100_000])
def test_a_body_that_is_no_turn_is_refused(engine: Engine, body: bytes) -> None:
    answer = requests.post(
        engine.address + "/webhooks/turn/process",
        data=body,
        headers={"X-TechRef-Secret": SECRET, "Content-Type": "application/json"},
        timeout=5,
    )
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "bad_turn"


@pytest.mark.parametrize(
    "text", ["\ud800 hello", "hello \x00 there", "😀" * 5_000, "x" * 100_000, "<b>hello</b>", "\u202e"]
)
def test_strange_text_is_still_text(engine: Engine, text: str) -> None:
    answer = engine.turn("strange", "m1", text)
    assert answer.status_code == 200, answer.text
    assert 0 < len(answer.json()["decision"]["text"]) <= 2_000


def test_a_request_of_more_than_a_million_bytes_is_refused(engine: Engine) -> None:
    answer = engine.turn("large", "m1", "hello", metadata={"context": "x" * 1_000_000})
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "request_entity_too_large"
    assert engine.turn("large", "m1", "hello", metadata={"context": "x" * 900_000}).status_code == 200


def test_rasa_gets_the_first_2000_characters(engine: Engine) -> None:
    parsed = engine.post("/model/parse", {"text": "hello " * 1_000}).json()
    assert len(parsed["text"]) <= 2_000 and parsed["intent"]["name"]


@pytest.mark.parametrize(
    "body", [{}, {"text": None}, {"text": [1]}, {"text": " "}, [], "hello", {"text": "hello", "metadata": []}]
)
def test_parsing_something_that_is_no_text_is_refused(engine: Engine, body: object) -> None:
    answer = engine.post("/model/parse", body)
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "bad_turn"


def test_a_tech_reference_is_found_and_a_typo_marked(engine: Engine) -> None:
    entities = engine.post("/model/parse", {"text": "about TR-572-469-013 and TR-572-469-012"}).json()["entities"]
    assert [(entity["entity"], entity["value"], entity["valid"]) for entity in entities] == [
        ("tech_reference", "TR-572-469-013", entities[0]["valid"]),
        ("tech_reference", "TR-572-469-012", entities[1]["valid"]),
    ]
    assert sorted(entity["valid"] for entity in entities)[0] is False


def test_parsing_takes_metadata_and_names_what_it_does_not_understand(engine: Engine) -> None:
    parsed = engine.post("/model/parse", {"text": "hello", "metadata": {"context": {"pending": "did_it_help"}}}).json()
    assert parsed["intent"]["name"] == parsed["intent_ranking"][0]["name"] == "greet"
    parsed = engine.post("/model/parse", {"text": "xylophone quartz"}).json()
    assert parsed["intent"] == parsed["intent_ranking"][0] == {"name": "nlu_fallback", "confidence": 0.2}
    assert parsed["intent_ranking"][1]["name"] != "nlu_fallback"


def test_answers_are_json_in_one_shape(engine: Engine) -> None:
    answer = requests.put(engine.address + "/status", timeout=5)
    assert answer.status_code == 405 and set(json.loads(answer.text)["error"]) == {"code", "message"}
