"""A request at the desk: whose it is, and what may be done with it."""

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sanic import Request
from sanic.response import redirect

from bot.desk.presence import Presence
from bot.http.hub import Hub
from bot.http.requests import LARGEST_NUMBER, ctx_of, hub_of
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import BadCsrf, Forbidden, NotFound, Unauthorised
from bot.services.core.tokens import hash_token
from bot.services.technician import sessions
from bot.services.technician.accounts import ROLES
from bot.services.technician.sessions import SignedIn

COOKIE = "techref_desk"
SAFE_METHODS = ("GET", "HEAD")
# Who runs the department, and who the installation.
SUPERVISORS, ADMINS = ("supervisor", "admin"), ("admin",)


@dataclass(frozen=True)
class DeskRequest:
    """The context of a desk request: wiring, session and role."""

    ctx: Context
    hub: Hub
    presence: Presence
    signed_in: SignedIn


Handler = Callable[..., Coroutine[Any, Any, Any]]


def roles_of(handler: Handler) -> tuple[str, ...] | None:
    """Return the roles that a route of the desk declares, empty for one without sign-in; None when it declares nothing.

    A test holds every route to its declaration.
    """
    declared: tuple[str, ...] | None = getattr(handler, "roles", None)
    return declared


def for_everybody(handler: Handler) -> Handler:
    """Declare that whoever is not signed in may reach the handler."""

    async def open_to_all(request: Request, **path: str) -> Any:
        return await handler(request, **path)

    return _declared(open_to_all, handler, ())


def keeping_roles(around: Handler, handler: Handler) -> Handler:
    """``around`` with the name and the declaration of the handler that it calls."""
    return _declared(around, handler, roles_of(handler) or ROLES)


def _declared(guarded: Handler, handler: Handler, roles: tuple[str, ...]) -> Handler:
    guarded.__name__ = handler.__name__
    guarded.roles = roles  # type: ignore[attr-defined]
    return guarded


def for_technicians(handler: Handler) -> Handler:
    """Let only a signed-in technician reach the handler, and only with the CSRF token when it writes.

    Of any role, unless the handler declares its own with ``for_roles``.
    Without a session the answer is 401, without the token 403 ``bad_csrf``.
    """

    async def guarded(request: Request, **path: str | int) -> Any:
        visit = await visit_of(request)
        if any(isinstance(number, int) and abs(number) > LARGEST_NUMBER for number in path.values()):
            raise NotFound("There is no such thing for you.")
        writes = request.method not in SAFE_METHODS
        if writes and not visit.signed_in.takes(request.headers.get("X-CSRF-Token")):
            raise BadCsrf("The page's security token is missing or outdated. Nothing was changed: load the page again.")
        return await handler(request, visit, **path)

    return _declared(guarded, handler, roles_of(handler) or ROLES)


def page_for_technicians(handler: Handler) -> Handler:
    """Like ``for_technicians`` for a page: who is not signed in goes to sign in and is brought back."""

    async def guarded(request: Request, **path: str) -> Any:
        try:
            visit = await visit_of(request)
        except Unauthorised:
            address = request.path + (f"?{request.query_string}" if request.query_string else "")
            return redirect(f"/desk/login?next={quote(address, safe='')}", status=303)
        return await handler(request, visit, **path)

    return _declared(guarded, handler, roles_of(handler) or ROLES)


def for_roles(handler: Handler, *roles: str) -> Handler:
    """Let only technicians of these roles reach the handler; the others get 403 ``forbidden``."""

    async def guarded(request: Request, visit: DeskRequest, **path: str) -> Any:
        if visit.signed_in.technician.role not in roles:
            raise Forbidden(f"This is for: {', '.join(roles)}. Nothing was changed; ask an administrator for the role.")
        return await handler(request, visit, **path)

    return _declared(guarded, handler, roles)


async def visit_of(request: Request) -> DeskRequest:
    """Return who is visiting; raises Unauthorised."""
    ctx, cookie = ctx_of(request), request.cookies.get(COOKIE)
    if cookie:
        rate_limits.check_limit(ctx, f"desk session:{hash_token(cookie)}", rate_limits.request_limit(ctx))
    signed_in = await sessions.find_session(ctx, cookie)
    return DeskRequest(ctx, hub_of(request), request.app.ctx.desk_presence, signed_in)
