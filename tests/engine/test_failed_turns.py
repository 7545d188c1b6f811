"""What must hold when something dies or misbehaves in the middle of a turn."""

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from aiohttp import web
from conftest import Actions, Engine, action_server, calling
from rasa.core.agent import Agent

from bot.engine import action_endpoint
from bot.engine.fail_on_action_error import ActionFailed, TooManyActions
from bot.engine.turn import process_turn
from bot.engine.turn_request import TurnRequest, read_request
from bot.engine.turn_result import BadBotMessage, EmptyTurn

DECIDED = {"custom": {"decision": {"rule": "greet"}}}
LISTEN = {"event": "followup", "name": "action_listen"}


def request(**more: Any) -> TurnRequest:
    return read_request({"conversation_id": "failing", "message_id": "m1", **(more or {"text": "hello"})})


async def fails(agent: Agent, answer: Any, error: type[Exception], asked: TurnRequest | None = None) -> Exception:
    """Expect a turn to end with this error and to leave nothing behind; return the error."""
    async with action_server(answer) as url, calling(agent, url):
        with pytest.raises(error) as raised:
            await process_turn(agent, asked or request())
    assert [*await agent.tracker_store.keys(), *await agent.tracker_store.fallback_tracker_store.keys()] == []
    return raised.value


def says(status: int = 200, **content: Any) -> Any:
    async def answer(_: web.Request) -> web.Response:
        return web.json_response(status=status, **content)

    return answer


def rubbish() -> Iterator[Any]:
    """Answers that are none, each from a server that is up."""
    for status in (400, 401, 404, 449, 500, 503):
        yield pytest.param(says(status, data={"error": "Tulip"}), id=f"status {status}")
    yield pytest.param(says(text="Tulip"), id="no JSON")
    yield pytest.param(says(data={}, content_type="text/html"), id="no JSON type")
    for data in ([], "x", None, {"events": "x", "responses": []}, {"events": [{"event": "no such"}], "responses": []}):
        yield pytest.param(says(data=data), id=str(data)[:30])
    yield pytest.param(says(data={"events": [], "responses": ["x"]}), id="a response that is none")


@pytest.mark.parametrize("answer", rubbish())
async def test_an_action_server_that_answers_rubbish_fails_the_turn(loaded: Agent, answer: Any) -> None:
    error = await fails(loaded, answer, ActionFailed)
    assert error.action == "action_decide" and "Tulip" not in str(error)


async def test_a_connection_that_breaks_fails_the_turn(loaded: Agent) -> None:
    async def hang_up(asked: web.Request) -> web.Response:
        asked.transport.close()
        return web.Response()

    await fails(loaded, hang_up, ActionFailed)


async def test_an_action_server_that_does_not_answer_fails_the_turn(
    loaded: Agent, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def wait(_: web.Request) -> web.Response:
        await asyncio.Event().wait()
        return web.Response()

    monkeypatch.setattr(action_endpoint, "DEADLINE_S", 0.2)
    assert isinstance((await fails(loaded, wait, ActionFailed)).__cause__, TimeoutError)


@pytest.mark.parametrize(
    ("responses", "error"),
    [
        ([], EmptyTurn),
        ([{"text": "Hello."}], BadBotMessage),
        ([{"response": "utter_greet"}], BadBotMessage),
        ([DECIDED, DECIDED], BadBotMessage),
        ([{**DECIDED, "text": "Hello."}], BadBotMessage),
    ],
)
async def test_anything_but_one_decision_fails_the_turn(
    loaded: Agent, responses: list[dict], error: type[Exception]
) -> None:
    await fails(loaded, says(data={"events": [LISTEN], "responses": responses}), error)


async def test_an_action_that_never_listens_is_stopped(loaded: Agent) -> None:
    await fails(loaded, says(data={"events": [], "responses": []}), TooManyActions, request(payload="/unforeseen"))


@pytest.mark.parametrize("text", ["crash now", "never stop", "keep quiet", "show me the pages"])
def test_a_turn_that_fails_is_reported_and_the_next_one_answered(engine: Engine, text: str) -> None:
    answer = engine.turn("failed", "m1", text)
    assert answer.status_code == 500, answer.text
    assert answer.json()["error"]["code"] == "turn_failed"
    assert engine.turn("failed", "m1", "hello").json()["decision"]["intent"] == "greet"


def test_failures_are_logged_by_kind_and_place_without_the_customers_words(engine: Engine) -> None:
    engine.turn("secret", "m1", "crash now, my password is Tulip-4711")
    engine.turn("secret", "m2", "/greet{Tulip-4711")
    engine.turn("secret", "m3", "keep quiet", metadata={"context": {"problem": "Tulip-4711"}})
    engine.turn("secret", "m4", "show me the pages", metadata={"context": {"problem": "Tulip-4711"}})
    engine.post("/model/parse", {"text": "/Tulip-4711 nonsense", "metadata": {"context": {"problem": "Tulip-4711"}}})
    engine.turn("secret", "m5", '/no_such_intent{"sugar": "Tulip-4711"}')
    engine.turn("secret", "m6", payload='/no_such_intent{"sugar": "Tulip-4711"}')
    log = engine.log.read_text()
    assert "Turn m1 of secret failed" in log
    assert "ActionFailed (action action_decide failed) <- RasaException <- the action server answered 500" in log
    assert "Turn m3 of secret failed: EmptyTurn" in log
    assert "Turn m4 of secret failed: BadBotMessage (2 bot messages in place of one)" in log
    assert "Tulip" not in log


def test_with_the_action_server_dead_the_turn_fails_and_runs_after_its_return(engine: Engine, actions: Actions) -> None:
    actions.kill()
    try:
        answer = engine.turn("dead", "d1", "hello")
        assert answer.status_code == 500 and answer.json()["error"]["code"] == "turn_failed"
    finally:
        actions.start()
    assert engine.turn("dead", "d1", "hello").json()["decision"]["intents_known"] == 8
    assert actions.runs_of("d1") == 1


def test_after_kill_9_the_same_message_has_the_same_answer(engine: Engine) -> None:
    first = engine.turn("killed", "k1", "hello").json()
    engine.kill()
    engine.start()
    assert engine.turn("killed", "k1", "hello").json() == first


def test_an_action_that_takes_its_time_fails_its_turn(engine: Engine, actions: Actions) -> None:
    """The action would answer after 30 seconds, the caller waits for 15."""
    answer = engine.turn("slow", "slow", "take your time")
    assert answer.status_code == 500 and answer.json()["error"]["code"] == "turn_failed"
    assert actions.runs_of("slow") == 1
