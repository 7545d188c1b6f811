"""Run one turn: its answer depends on the model and the request alone, and nothing of it is kept."""

import asyncio
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.fail_on_action_error import stop_endless_turn
from bot.engine.turn_request import TurnRequest, understand
from bot.engine.turn_result import TurnOutput, decision, trace

DEADLINE_S = 8.0


class NoModel(Exception):
    """No trained model is loaded, so nothing can be answered yet."""


async def process_turn(agent: Agent | None, request: TurnRequest) -> dict[str, Any]:
    """Return the turn's answer, as docs/engine.md has it.

    Raises BadTurn, NoModel, TimeoutError after 8 seconds, and any exception of the turn itself.
    """
    async with asyncio.timeout(DEADLINE_S):
        if agent is None or not agent.is_ready():
            raise NoModel
        return await _run(agent, request)


async def _run(agent: Agent, request: TurnRequest) -> dict[str, Any]:
    """Run Rasa's own steps for a message, on a tracker that no tracker store sees."""
    processor: MessageProcessor = agent.processor
    processor.on_circuit_break = stop_endless_turn
    understood = await understand(request, processor)
    output = TurnOutput()
    message = UserMessage(
        request.text or request.payload,
        output,
        request.conversation_id,
        message_id=request.message_id,
        input_channel=output.name(),
        metadata=request.metadata,
        parse_data=understood,
    )
    tracker = _fresh_tracker(request.conversation_id, processor.domain)
    await processor._handle_message_with_tracker(message, tracker)
    await processor._run_prediction_loop(output, tracker)
    return {
        "message_id": request.message_id,
        "model_id": agent.model_id,
        "decision": decision(output),
        "trace": trace(understood),
    }


def _fresh_tracker(sender: str, domain: Domain) -> DialogueStateTracker:
    """Return a tracker that waits for a message. Rasa's own way to one leaves it in the tracker store."""
    tracker = DialogueStateTracker(sender, domain.slots)
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME), domain)
    return tracker
