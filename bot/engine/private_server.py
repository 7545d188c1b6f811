"""Rasa's web server reduced to status, version, parsing, and the turn channel, for this machine only.

Rasa's own ``--enable-api`` would let anyone who reaches the port read and change every conversation.
"""

import asyncio
import ipaddress
import logging
from http import HTTPStatus
from typing import Any

import rasa
import rasa.core.run
from rasa.core.agent import Agent
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.engine.action_endpoint import ActionEndpoint
from bot.engine.environment import internal_secret
from bot.engine.failure_log import describe
from bot.engine.http_answers import bad_secret, bad_turn, knows_secret, no_model, read_json, refusal
from bot.engine.intent_classifier import EMBEDDING
from bot.engine.model_swap import follow_model
from bot.engine.turn_request import BadTurn, classify, read_metadata, read_text

log = logging.getLogger(__name__)

# 2,000 characters of text and the metadata of a turn fit many times over.
MAX_REQUEST_BYTES = 1_000_000
# Longer than the gateway keeps a connection that nobody uses (bot/services/turn/engine_client.py).
KEEP_ALIVE_S = 75


def install() -> None:
    """Make ``rasa run`` serve this application instead of its own."""
    rasa.core.run._create_app_without_api = private_app


def private_app(cors: Any = None) -> Sanic:
    """Return the application. ``cors`` is Rasa's parameter, and unused because browsers never call this server."""
    app = Sanic("techref_engine", configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST_BYTES
    app.config.KEEP_ALIVE_TIMEOUT = KEEP_ALIVE_S
    app.ctx.agent = None
    app.ctx.retired = []
    app.register_middleware(refuse_strangers, "request")
    app.exception(Exception)(_error_in_our_shape)
    app.add_route(_version, "/version", methods=["GET"])
    app.add_route(_status, "/status", methods=["GET"])
    app.add_route(_parse, "/model/parse", methods=["POST"])
    app.register_listener(_start, "after_server_start")
    app.register_listener(_stop, "after_server_stop")
    return app


def is_loopback(address: str) -> bool:
    """Return True when a peer address is this machine."""
    peer = ipaddress.ip_address(address)
    mapped = peer.ipv4_mapped if isinstance(peer, ipaddress.IPv6Address) else None
    return (mapped or peer).is_loopback


async def refuse_strangers(request: Request) -> HTTPResponse | None:
    """Refuse other machines: a second check, which holds even when the server is bound to another address."""
    if is_loopback(request.ip):
        return None
    return refusal(HTTPStatus.FORBIDDEN, "not_loopback", "the engine answers on its own machine only")


async def _error_in_our_shape(_: Request, error: Exception) -> HTTPResponse:
    if isinstance(error, SanicException) and error.status_code:
        status = HTTPStatus(error.status_code)
        return refusal(status, status.name.lower(), status.phrase)
    log.error("A request failed: %s", describe(error))
    return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, "engine_failed", "the engine failed; its log says why")


async def _version(_: Request) -> HTTPResponse:
    return json({"version": rasa.__version__})


async def _status(request: Request) -> HTTPResponse:
    agent: Agent | None = request.app.ctx.agent
    if agent is None or not agent.is_ready():
        return no_model()
    return json({"model_file": agent.processor.model_filename, "model_id": agent.model_id})


async def _parse(request: Request) -> HTTPResponse:
    agent: Agent | None = request.app.ctx.agent
    if not knows_secret(request, internal_secret()):
        return bad_secret()
    if agent is None or not agent.is_ready():
        return no_model()
    try:
        body = read_json(request)
        if not isinstance(body, dict):
            raise BadTurn("the body must be a JSON object")
        text, metadata = read_text(body.get("text")), read_metadata(body.get("metadata"))
    except BadTurn as error:
        return bad_turn(error)
    parsed = await classify(text, agent.processor, metadata)
    return json({name: value for name, value in parsed.items() if name != EMBEDDING})


async def _start(app: Sanic, _: Any) -> None:
    app.ctx.following = asyncio.create_task(follow_model(app))


async def _stop(app: Sanic, _: Any) -> None:
    tasks = [app.ctx.following, *app.ctx.retired]
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    endpoint = app.ctx.agent.action_endpoint if app.ctx.agent else None
    if isinstance(endpoint, ActionEndpoint):
        await endpoint.close()
