"""The contract between gateway and engine, spoken to a running engine with a real action server."""

import concurrent.futures
import json

import pytest
import requests
from conftest import SECRET, Actions, Engine


def test_a_turn_answers_with_replies_and_says_how_it_came_about(engine: Engine) -> None:
    answer = engine.turn("hello.1", "m1", "hello")
    assert answer.status_code == 200
    body = answer.json()
    assert [reply["text"] for reply in body["replies"]] == ["Good morning.", "Turn noted, 7 intents known."]
    assert body["effects"] == [] and body["replayed"] is False and body["message_id"] == "m1"
    assert body["trace"]["intent"] == "greet" and 0.2 < body["trace"]["confidence"] <= 1
    assert body["trace"]["rule"] == "Greet back" and body["trace"]["policy"].endswith("RulePolicy")
    assert body["trace"]["actions"] == ["utter_greet", "action_count"]


def test_text_stays_whole_and_buttons_become_choices(engine: Engine) -> None:
    (reply,) = engine.turn("tea.1", "m1", "a cup of tea please").json()["replies"]
    assert reply == {
        "text": "Which tea?\n\nBlack or green?",
        "cards": [],
        "choices": [{"title": "Black", "payload": '/order_tea{"sugar": "none"}'}],
    }


def test_cards_belong_to_their_text_and_effects_are_no_replies(engine: Engine) -> None:
    body = engine.turn("cards.1", "m1", "show me the pages").json()
    card = {"title": "Printing", "url": "/manual/printing#again", "excerpt": "Press Print."}
    assert body["replies"] == [{"text": "One page.", "choices": [], "cards": [card]}]
    assert body["effects"] == [{"type": "hand_off", "team": "printing"}]


def test_the_same_message_runs_once(engine: Engine, actions: Actions) -> None:
    first = engine.turn("once.1", "once", "hello").json()
    again = engine.turn("once.1", "once", "hello").json()
    assert again == {**first, "replayed": True}
    assert actions.runs_of("once") == ["action_count"]


def test_the_same_message_sent_many_times_at_once_runs_once(engine: Engine, actions: Actions) -> None:
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: engine.turn("race.1", "race", "hello"), range(8)))
    assert [answer.status_code for answer in answers] == [200] * 8
    assert sorted(answer.json()["replayed"] for answer in answers) == [False] + [True] * 7
    assert actions.runs_of("race") == ["action_count"]


def test_a_form_keeps_its_place_from_turn_to_turn(engine: Engine, actions: Actions) -> None:
    engine.turn("form.1", "f1", "a cup of tea please")
    interrupted = engine.turn("form.1", "f2", "hello").json()
    assert interrupted["replies"][0]["text"] == "Good morning."
    assert interrupted["trace"]["rule"] == "Greet back"
    assert interrupted["replies"][-1]["text"].startswith("Which tea?")
    answered = engine.turn("form.1", "f3", "green").json()
    assert answered["trace"]["actions"] == ["tea_form", "action_count"]
    assert actions.runs_of("f3") == ["action_count"]


def test_a_payload_is_taken_at_its_word(engine: Engine) -> None:
    body = engine.turn("payload.1", "m1", payload='/order_tea{"sugar": "none"}').json()
    assert body["trace"]["intent"] == "order_tea" and body["trace"]["confidence"] == 1.0


@pytest.mark.parametrize("typed", ["/order_tea", '/order_tea{"sugar": "none"}', "/restart", "  /restart", "/", "//"])
def test_typed_text_is_never_a_command(engine: Engine, typed: str) -> None:
    sender = "typed" + str(abs(hash(typed))) + ".1"
    body = engine.turn(sender, "m1", typed).json()
    assert body["trace"]["confidence"] < 1.0
    assert "action_restart" not in body["trace"]["actions"]


def test_a_restart_typed_in_a_form_leaves_the_form_as_it_was(engine: Engine) -> None:
    engine.turn("restart.1", "m1", "a cup of tea please")
    engine.turn("restart.1", "m2", "/restart")
    assert engine.turn("restart.1", "m3", "green").json()["trace"]["actions"][0] == "tea_form"


@pytest.mark.parametrize("secret", [None, "", "wrong", SECRET + "x"])
@pytest.mark.parametrize("path", ["/webhooks/turn/process", "/webhooks/turn/forget", "/model/parse"])
def test_without_the_secret_nothing_is_served(engine: Engine, path: str, secret: str | None) -> None:
    answer = engine.post(path, {"sender": "s.1", "message_id": "m", "text": "hello"}, secret)
    assert answer.status_code == 401 and answer.json()["error"]["code"] == "bad_secret"


@pytest.mark.parametrize(
    "path", ["/", "/domain", "/conversations/x.1/tracker", "/webhooks/rest/webhook", "/webhooks/turn/"]
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
        ({"sender": None}, "sender"),
        ({"sender": "a b"}, "sender"),
        ({"sender": "x" * 201}, "sender"),
        ({"message_id": 5}, "message_id"),
        ({"message_id": ""}, "message_id"),
        ({"metadata": []}, "metadata"),
        ({"model_id": 3}, "model_id"),
        ({"extra": 1}, "unknown field"),
        ({"text": None, "payload": "greet"}, "payload"),
        ({"text": None, "payload": "/no_such_intent"}, "payload"),
        ({"text": None, "payload": "/restart"}, "payload"),
        ({"text": None, "payload": "/back"}, "payload"),
        ({"text": None, "payload": "/greet{"}, "payload"),
        ({"text": None, "payload": "/greet{not json}"}, "payload"),
        ({"text": None, "payload": '/greet{"no_such_entity": 1}'}, "payload"),
        ({"text": None, "payload": 1}, "payload"),
    ],
)
def test_a_bad_field_is_named_and_not_repeated(engine: Engine, change: dict, named: str) -> None:
    good = {"sender": "bad.1", "message_id": "m1", "text": "hello", "metadata": {}}
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
    answer = engine.post(
        "/webhooks/turn/process", {"sender": f"strange{len(text)}.1", "message_id": f"m{ord(text[0])}", "text": text}
    )
    assert answer.status_code == 200, answer.text
    assert answer.json()["replies"]


def test_rasa_gets_the_first_2000_characters(engine: Engine) -> None:
    parsed = engine.post("/model/parse", {"text": "hello " * 1_000}).json()
    assert len(parsed["text"]) <= 2_000 and parsed["intent"]["name"]


@pytest.mark.parametrize("body", [{}, {"text": None}, {"text": [1]}, {"text": " "}, [], "hello"])
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


def test_a_dialogue_of_another_model_is_refused(engine: Engine) -> None:
    model_id = engine.turn("model.1", "m1", "hello").json()["model_id"]
    assert engine.turn("model.1", "m2", "hello", model_id=model_id).status_code == 200
    answer = engine.turn("model.1", "m3", "hello", model_id="0" * 32)
    assert answer.status_code == 409 and answer.json()["error"]["code"] == "model_changed"
    assert engine.turn("model.1", "m2", "hello", model_id="0" * 32).json()["replayed"] is True


def test_a_forgotten_dialogue_begins_again(engine: Engine) -> None:
    engine.turn("forget.1", "m1", "a cup of tea please")
    engine.turn("forget.2", "m1", "hello")
    engine.turn("forgetful.1", "m1", "hello")
    assert engine.post("/webhooks/turn/forget", {"sender": "forget.1"}).json() == {"turns_forgotten": 1}
    assert engine.turn("forget.1", "m1", "green").json()["replayed"] is False
    assert engine.post("/webhooks/turn/forget", {"conversation_id": "forget"}).json() == {"turns_forgotten": 2}
    assert engine.turn("forgetful.1", "m1", "hello").json()["replayed"] is True
    assert engine.post("/webhooks/turn/forget", {"sender": 1}).status_code == 422


def test_metadata_reaches_the_actions(engine: Engine, actions: Actions) -> None:
    engine.turn("meta.1", "meta-7", "hello")
    assert actions.runs_of("meta-7") == ["action_count"]


def test_answers_are_json_in_one_shape(engine: Engine) -> None:
    answer = requests.put(engine.address + "/status", timeout=5)
    assert answer.status_code == 405 and set(json.loads(answer.text)["error"]) == {"code", "message"}
