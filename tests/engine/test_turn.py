"""A turn is a function of its request: nothing is remembered, whatever came before."""

import gc
import json
from collections import Counter
from typing import Any

import pytest
from aiohttp import web
from conftest import Actions, action_server, calling
from rasa.core.agent import Agent
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.turn import process_turn
from bot.engine.turn_request import read_request


async def turn(agent: Agent, conversation: str, text: str | None = None, **more: Any) -> dict[str, Any]:
    body = {"conversation_id": conversation, "message_id": "m1", "text": text, **more}
    return await process_turn(agent, read_request(body))


async def kept(agent: Agent) -> list[Any]:
    """Every dialogue that Rasa's own stores hold."""
    store = agent.tracker_store
    return [*await store.keys(), *await store.fallback_tracker_store.keys(), *agent.lock_store.conversation_locks]


def held() -> Counter[str]:
    """The trackers and events in this process's memory, by kind."""
    gc.collect()
    kinds = (type(thing) for thing in gc.get_objects())
    return Counter(kind.__name__ for kind in kinds if issubclass(kind, (DialogueStateTracker, Event)))


async def test_the_same_request_has_the_same_answer(agent: Agent) -> None:
    context = {"context": {"draft": {"version": 3}, "pending": "did_it_help"}}
    first = await turn(agent, "same", "a cup of tea about TR-572-469-013", metadata=context)
    await turn(agent, "same", "hello")
    assert await turn(agent, "same", "a cup of tea about TR-572-469-013", metadata=context) == first
    assert first["decision"]["context"] == context["context"]


async def test_nothing_of_one_turn_is_seen_in_the_next(agent: Agent) -> None:
    await turn(agent, "two", payload='/order_tea{"sugar": "Tulip"}', metadata={"context": {"secret": "Tulip"}})
    await turn(agent, "two", "Tulip TR-572-469-013, a cup of tea please")
    second, first_of_another = await turn(agent, "two", "hello"), await turn(agent, "other", "hello")
    assert second["decision"].pop("sender") == "two" and first_of_another["decision"].pop("sender") == "other"
    assert second == first_of_another
    assert second["decision"]["events"] == 0 and "Tulip" not in json.dumps(second)
    assert not any(second["decision"]["slots"].values())


async def test_the_five_hundredth_turn_costs_what_the_first_did(loaded: Agent, actions: Actions) -> None:
    """Counted in what is held and what is sent, since time depends on the machine."""
    sent = []

    async def note(request: web.Request) -> web.Response:
        sent.append(len(await request.read()))
        answer = {"custom": {"decision": {"rule": "greet"}}}
        return web.json_response({"events": [], "responses": [answer]})

    async with action_server(note) as url, calling(loaded, url):
        for _ in range(3):
            await turn(loaded, "long", "hello")
        before = held()
        for _ in range(500):
            await turn(loaded, "long", "hello")
    assert held() == before and await kept(loaded) == []
    assert len(sent) >= 503 and max(sent[3:]) - min(sent[3:]) < 100, "the time of the message alone differs"


async def test_no_tracker_is_kept_of_any_conversation(agent: Agent) -> None:
    for number in range(20):
        await turn(agent, f"one-of-many-{number}", "hello")
    assert await kept(agent) == []


async def test_the_context_travels_once_and_no_event_does(loaded: Agent) -> None:
    calls = []

    async def note(request: web.Request) -> web.Response:
        calls.append(await request.text())
        return web.json_response({"events": [], "responses": [{"custom": {"decision": {}}}]})

    async with action_server(note) as url, calling(loaded, url):
        await turn(loaded, "once", "hello", metadata={"context": {"text": "Tulip-4711"}})
    (call,) = calls
    assert call.count("Tulip-4711") == 1
    tracker = json.loads(call)["tracker"]
    assert tracker["events"] == [] and tracker["latest_message"]["metadata"] == {"context": {"text": "Tulip-4711"}}


@pytest.mark.parametrize("intent", ["greet", "unforeseen"])
async def test_by_rule_or_by_fallback_the_action_runs_once(agent: Agent, actions: Actions, intent: str) -> None:
    answer = await turn(agent, "once", payload=f"/{intent}", metadata={"message_id": f"once-{intent}"})
    assert answer["decision"]["intent"] == intent and actions.runs_of(f"once-{intent}") == 1


async def test_what_is_not_understood_is_decided_too(agent: Agent) -> None:
    answer = await turn(agent, "unclear", "xylophone quartz")
    assert answer["decision"]["intent"] == answer["trace"]["intent"] == "nlu_fallback"
    assert answer["trace"]["ranking"][0] == ["nlu_fallback", 0.2] and len(answer["trace"]["ranking"]) == 5


async def test_a_reminder_is_not_scheduled(loaded: Agent) -> None:
    async def remind(_: web.Request) -> web.Response:
        reminder = {"event": "reminder", "intent": "greet", "entities": [], "date_time": "2999-01-01T00:00:00"}
        answer = {"custom": {"decision": {"rule": "greet"}}}
        return web.json_response({"events": [reminder], "responses": [answer]})

    async with action_server(remind) as url, calling(loaded, url):
        assert (await turn(loaded, "later", "hello"))["decision"] == {"rule": "greet"}
    from rasa.core import jobs

    assert (await jobs.scheduler()).get_jobs() == []
