"""The only entry to the dialogue: ``POST /webhooks/turn/process``, for the gateway alone.

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

from bot.engine.environment import internal_secret
from bot.engine.failure_log import describe
from bot.engine.http_answers import bad_secret, bad_turn, knows_secret, no_model, read_json, refusal
from bot.engine.turn import DEADLINE_S, NoModel, process_turn
from bot.engine.turn_request import BadTurn, read_request

log = logging.getLogger(__name__)


class TurnChannel(InputChannel):
    """Named in credentials.yml. Raises Unprepared when there is no internal secret."""

    def __init__(self) -> None:
        self._secret = internal_secret()

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, which makes the address /webhooks/turn."""
        return "turn"

    def blueprint(self, on_new_message: Callable[..., Awaitable[Any]]) -> Blueprint:
        """Return the channel's routes, for Rasa's server to mount."""
        routes = Blueprint("turn")

        @routes.post("/process")
        async def process(request: Request) -> HTTPResponse:
            return await _process(request) if knows_secret(request, self._secret) else bad_secret()

        return routes


async def _process(request: Request) -> HTTPResponse:
    try:
        turn = read_request(read_json(request))
        return json(await process_turn(request.app.ctx.agent, turn))
    except BadTurn as error:
        return bad_turn(error)
    except NoModel:
        return no_model()
    except TimeoutError:
        log.error("Turn %s of %s took longer than %.0f s", turn.message_id, turn.conversation_id, DEADLINE_S)
        return refusal(
            HTTPStatus.GATEWAY_TIMEOUT,
            "turn_timeout",
            f"the turn took longer than {DEADLINE_S:.0f} seconds and nothing was kept; send it again",
        )
    except Exception as error:  # noqa: BLE001 (every failure is reported to the gateway)
        log.error("Turn %s of %s failed: %s", turn.message_id, turn.conversation_id, describe(error))
        return refusal(
            HTTPStatus.INTERNAL_SERVER_ERROR,
            "turn_failed",
            "the turn failed and nothing was kept; send it again. The engine's log says why",
        )
