"""A request of a machine: the key that it carries, and the scope that its address asks for."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import wraps
from typing import Any

from sanic import HTTPResponse, Request

from bot.http.requests import ctx_of
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import BadApiKey
from bot.services.core.tokens import hash_token
from bot.services.machine.api_keys import find_key, require_scope
from bot.store.tables import ApiKey

NO_STORE = {"Cache-Control": "no-store"}
READS = ("GET", "HEAD")
Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


@dataclass(frozen=True)
class KeyRequest:
    """The context of a machine's request: wiring and key."""

    ctx: Context
    key: ApiKey


def with_scope(scope: str | None, handler: Handler) -> Handler:
    """Let only keys with the scope reach the handler, any key with None: 401 without a key in force, 403 without the
    scope.

    Requests are counted for each key, those that write by the limit of writing.
    """

    @wraps(handler)
    async def guarded(request: Request, **path: str) -> HTTPResponse:
        ctx, token = ctx_of(request), _token(request)
        rate_limits.check_limit(ctx, f"api key:{hash_token(token)}", rate_limits.request_limit(ctx))
        key = await find_key(ctx, token)
        if scope is not None:
            require_scope(key, scope)
        if request.method not in READS:
            rate_limits.check_limit(ctx, f"api key writes:{key.id}", rate_limits.writing_limit(ctx))
        return await handler(request, KeyRequest(ctx, key), **path)

    return guarded


def _token(request: Request) -> str:
    scheme, _, token = (request.headers.get("Authorization") or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise BadApiKey("This call needs an API key: Authorization: Bearer trk_… Nothing was done.")
    return token.strip()
