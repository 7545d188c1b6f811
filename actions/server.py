"""The rasa-sdk server with our action: it requires the secret and logs nothing that customers write."""

import hmac
import ipaddress
import logging
from collections.abc import Callable, Coroutine
from typing import Any

from rasa_sdk.endpoint import create_app
from rasa_sdk.executor import ActionExecutor
from sanic import HTTPResponse, Request, Sanic
from sanic.handlers import ErrorHandler
from sanic.response import json

from actions.decide import Decide
from actions.wiring import Wiring
from bot.settings.problems import SettingsError

log = logging.getLogger(__name__)

SECRET_HEADER = "X-TechRef-Secret"  # noqa: S105 - the header's name, not its value


def create_server(secret: str | None, wiring: Wiring) -> Sanic[Any, Any]:
    """Return the server; raise SettingsError without a secret: an open action server answers for any customer."""
    if not secret:
        raise SettingsError("The environment", ["TECHREF_INTERNAL_SECRET: not set; start with: techref up"])
    # Its own handlers log requests and send them back in the error.
    logging.getLogger("rasa_sdk.executor").setLevel(logging.WARNING)
    executor = ActionExecutor()
    executor.register_action(Decide(wiring))
    app: Sanic[Any, Any] = create_app(executor, cors_origins=[])
    app.config.KEEP_ALIVE_TIMEOUT = 120
    app.error_handler = ErrorHandler()
    app.error_handler.add(Exception, _failed)
    app.register_middleware(_guard(secret), "request")
    app.add_task(wiring.prepare())
    return app


def _guard(secret: str) -> Callable[[Request], Coroutine[Any, Any, HTTPResponse | None]]:
    async def guard(request: Request) -> HTTPResponse | None:
        if not _is_this_machine(request.ip):
            # A second check behind the loopback address: it holds even when the server is bound elsewhere.
            return json({"error": {"code": "not_loopback", "message": "This server is not public."}}, status=403)
        given = request.headers.get(SECRET_HEADER, "")
        if hmac.compare_digest(given.encode(), secret.encode()):
            return None
        return json({"error": {"code": "bad_secret", "message": "This server is not public."}}, status=401)

    return guard


def _is_this_machine(address: str) -> bool:
    peer = ipaddress.ip_address(address)
    mapped = peer.ipv4_mapped if isinstance(peer, ipaddress.IPv6Address) else None
    return (mapped or peer).is_loopback


async def _failed(request: Request, error: Exception) -> HTTPResponse:
    """Fail the turn of a failed action; neither log nor reply holds the request, which is full of customers' words.

    The log has an error's type and place only (``bot.services.core.log_format``).
    """
    log.error("an action failed: %s", type(error).__name__, exc_info=error)
    return json({"error": "the action failed"}, status=500)
