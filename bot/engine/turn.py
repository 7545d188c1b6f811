"""Run one turn of one dialogue: at most once, all or nothing, within its deadline."""

import asyncio
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.events import Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.dialogue_store import DialogueStore
from bot.engine.fail_on_action_error import stop_endless_turn
from bot.engine.turn_request import TurnRequest, understand
from bot.engine.turn_result import TurnOutput, answered

DEADLINE_S = 8.0


class NoModel(Exception):
    """No trained model is loaded, so nothing can be answered yet."""


class ModelChanged(Exception):
    """The dialogue began under another model; the gateway starts a new episode."""


class Turns:
    """Runs turns on the agent that Rasa loaded. Turns of one sender wait for each other."""

    def __init__(self) -> None:
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def process(self, agent: Agent | None, request: TurnRequest) -> dict[str, Any]:
        """Return the turn's result; the stored one, with ``replayed`` true, when the message was answered before.

        Raises BadTurn, NoModel, ModelChanged, TimeoutError after 8 seconds, and any exception of the turn itself. After
        an exception the dialogue is unchanged.
        """
        lock = self._locks.setdefault(request.sender, asyncio.Lock())
        async with asyncio.timeout(DEADLINE_S), lock:
            if agent is None or not agent.is_ready():
                raise NoModel
            store = agent.tracker_store
            if not isinstance(store, DialogueStore):
                raise TypeError("tracker_store in endpoints.yml must be bot.engine.dialogue_store.DialogueStore")
            recorded = await store.recorded(request.sender, request.message_id)
            if recorded is not None:
                return {**recorded, "replayed": True}
            if request.model_id not in (None, agent.model_id):
                raise ModelChanged
            result, tracker = await _run(agent, request)
            await store.record_turn(tracker, request.message_id, result)
            return result


async def _run(agent: Agent, request: TurnRequest) -> tuple[dict[str, Any], DialogueStateTracker]:
    """Run Rasa's own steps for a message, without saving: the caller saves when all succeeded."""
    processor: MessageProcessor = agent.processor
    processor.on_circuit_break = stop_endless_turn
    output = TurnOutput()
    message = UserMessage(
        request.text or request.payload,
        output,
        request.sender,
        message_id=request.message_id,
        input_channel=output.name(),
        metadata=request.metadata,
        parse_data=await understand(request, processor),
    )
    tracker = await processor.fetch_tracker_and_update_session(request.sender, output, request.metadata)
    before = len(tracker.events)
    await processor._handle_message_with_tracker(message, tracker)
    tracker = await processor.run_action_extract_slots(output, tracker)
    await processor._run_prediction_loop(output, tracker)
    added: list[Event] = list(tracker.events)[before:]
    result = {
        "message_id": request.message_id,
        "model_id": agent.model_id,
        "replayed": False,
        **answered(output, tracker, added),
    }
    return result, tracker
