"""A request at the desk: whose it is, and what may be done with it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sanic import Request
from sanic.response import json, redirect

from bot.desk.presence import Presence
from bot.http.errors import body
from bot.http.hub import Hub
from bot.http.requests import ctx_of, hub_of
from bot.services import desk_sessions
from bot.services.context import Context
from bot.services.desk_sessions import SignedIn
from bot.services.errors import Forbidden, Unauthorised

COOKIE = "techref_desk"
SAFE_METHODS = ("GET", "HEAD")


@dataclass(frozen=True)
class Visit:
    """What a handler of the desk is given besides the request."""

    ctx: Context
    hub: Hub
    presence: Presence
    signed_in: SignedIn


Handler = Callable[..., Coroutine[Any, Any, Any]]


def for_technicians(handler: Handler) -> Handler:
    """Let only a signed-in technician reach the handler, and only with the CSRF token when it writes.

    Without a session the answer is 401, without the token 403 ``bad_csrf``.
    """

    async def guarded(request: Request, **path: str) -> Any:
        visit = await visit_of(request)
        writes = request.method not in SAFE_METHODS
        if writes and not visit.signed_in.takes(request.headers.get("X-CSRF-Token")):
            message = "The page's security token is missing or outdated. Nothing was changed: load the page again."
            return json(body("bad_csrf", message), status=403)
        return await handler(request, visit, **path)

    guarded.__name__ = handler.__name__
    return guarded


def page_for_technicians(handler: Handler) -> Handler:
    """Like ``for_technicians`` for a page: who is not signed in goes to sign in and is brought back."""

    async def guarded(request: Request, **path: str) -> Any:
        try:
            visit = await visit_of(request)
        except Unauthorised:
            address = request.path + (f"?{request.query_string}" if request.query_string else "")
            return redirect(f"/desk/login?next={quote(address, safe='')}", status=303)
        return await handler(request, visit, **path)

    guarded.__name__ = handler.__name__
    return guarded


def for_roles(handler: Handler, *roles: str) -> Handler:
    """Let only technicians of these roles reach the handler; the others get 403 ``forbidden``."""

    async def guarded(request: Request, visit: Visit, **path: str) -> Any:
        if visit.signed_in.technician.role not in roles:
            raise Forbidden(f"This is for: {', '.join(roles)}. Nothing was changed; ask an administrator for the role.")
        return await handler(request, visit, **path)

    guarded.__name__ = handler.__name__
    return guarded


async def visit_of(request: Request) -> Visit:
    """Who is visiting; raises Unauthorised."""
    ctx = ctx_of(request)
    signed_in = await desk_sessions.find(ctx, request.cookies.get(COOKIE))
    return Visit(ctx, hub_of(request), request.app.ctx.desk_presence, signed_in)
