"""The only entry to a dialogue: ``POST /webhooks/turn/process`` and ``/forget``, for the gateway alone.

``docs/engine.md`` has the contract. No response and no log line repeats a customer's words.
"""

import logging
from collections.abc import Awaitable, Callable
from http import HTTPStatus
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.engine.dialogue_store import DialogueStore, StillInLog
from bot.engine.environment import internal_secret
from bot.engine.failure_log import describe
from bot.engine.http_answers import bad_secret, bad_turn, knows_secret, no_model, read_json, refusal
from bot.engine.turn import DEADLINE_S, ModelChanged, NoModel, Turns
from bot.engine.turn_request import BadTurn, read_request

log = logging.getLogger(__name__)


class TurnChannel(InputChannel):
    """Named in credentials.yml. Raises Unprepared when there is no internal secret."""

    def __init__(self) -> None:
        self._secret = internal_secret()
        self._turns = Turns()

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which makes the address /webhooks/turn."""
        return "turn"

    def blueprint(self, on_new_message: Callable[..., Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes, for Rasa's server to mount."""
        routes = Blueprint("turn")

        @routes.post("/process")
        async def process(request: Request) -> HTTPResponse:
            return await self._process(request) if knows_secret(request, self._secret) else bad_secret()

        @routes.post("/forget")
        async def forget(request: Request) -> HTTPResponse:
            return await self._forget(request) if knows_secret(request, self._secret) else bad_secret()

        return routes

    async def _process(self, request: Request) -> HTTPResponse:
        try:
            turn = read_request(read_json(request))
            return json(await self._turns.process(request.app.ctx.agent, turn))
        except BadTurn as error:
            return bad_turn(error)
        except NoModel:
            return no_model()
        except ModelChanged:
            return refusal(
                HTTPStatus.CONFLICT,
                "model_changed",
                "another model is loaded than this dialogue began with; start a new episode",
            )
        except TimeoutError:
            log.error("Turn %s of %s took longer than %.0f s", turn.message_id, turn.sender, DEADLINE_S)
            return refusal(
                HTTPStatus.GATEWAY_TIMEOUT,
                "turn_timeout",
                f"the turn took longer than {DEADLINE_S:.0f} seconds; send the same message_id again",
            )
        except Exception as error:  # noqa: BLE001 (every failure is reported to the gateway)
            log.error("Turn %s of %s failed, nothing was kept: %s", turn.message_id, turn.sender, describe(error))
            return refusal(
                HTTPStatus.INTERNAL_SERVER_ERROR,
                "turn_failed",
                "the turn failed and nothing was kept; send the same message_id again. The engine's log says why",
            )

    async def _forget(self, request: Request) -> HTTPResponse:
        store = request.app.ctx.agent.tracker_store if request.app.ctx.agent else None
        if not isinstance(store, DialogueStore):
            return no_model()
        try:
            body = read_json(request)
        except BadTurn as error:
            return bad_turn(error)
        try:
            match body:
                case {"sender": str(sender)} if sender:
                    return json({"turns_forgotten": await store.forget(sender)})
                case {"conversation_id": str(conversation_id)} if conversation_id:
                    return json({"turns_forgotten": await store.forget_conversation(conversation_id)})
        except StillInLog:
            message = "what was forgotten still lies in the log of writes, which is in use; ask again"
            return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "still_in_log", message)
        return bad_turn(BadTurn("sender or conversation_id must be a string"))
