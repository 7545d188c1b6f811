"""Sign in, sign out, and who I am."""

from urllib.parse import urlsplit

from sanic import HTTPResponse, Request
from sanic.response import empty, json

from bot.desk.request_context import COOKIE, DeskRequest
from bot.http.client_address import client_address
from bot.http.requests import ctx_of, json_body
from bot.services.core.context import Context
from bot.services.core.errors import BadOrigin, Invalid, UnsupportedMediaType
from bot.services.technician import accounts, known_browser, sessions

KNOWN_COOKIE = "techref_known"
NO_STORE = {"Cache-Control": "no-store"}


async def login(request: Request) -> HTTPResponse:
    """E-mail and password for a session cookie and a CSRF token. A session the browser had before ends."""
    ctx = ctx_of(request)
    if not _from_our_page(request, ctx):
        raise BadOrigin("Sign in on the desk's own page.")
    if request.headers.get("Content-Type", "").partition(";")[0].strip().lower() != "application/json":
        # A form of another site can send text/plain without asking anybody; JSON it cannot.
        raise UnsupportedMediaType("Sign in with application/json; nobody was signed in.")
    fields = json_body(request)
    email, password = fields.get("email"), fields.get("password")
    if not isinstance(email, str) or not isinstance(password, str):
        raise Invalid("email and password must be text; nobody was signed in.")
    opened = await sessions.sign_in(
        ctx,
        email,
        password,
        address=client_address(request),
        replaces=request.cookies.get(COOKIE),
        known=request.cookies.get(KNOWN_COOKIE),
    )
    technician = accounts.technician_view(opened.technician)
    response = json({"csrf_token": opened.csrf_token, "technician": technician}, headers=NO_STORE)
    response.add_cookie(
        COOKIE,
        opened.token,
        path="/desk",
        httponly=True,
        samesite="Lax",
        secure=_over_https(request, ctx),
        max_age=int(sessions.LONGEST.total_seconds()),
    )
    response.add_cookie(
        KNOWN_COOKIE,
        known_browser.cookie_of(ctx, opened.technician),
        path="/desk/api/login",
        httponly=True,
        samesite="Strict",
        secure=_over_https(request, ctx),
        max_age=int(known_browser.LIFE.total_seconds()),
    )
    return response


async def logout(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """End the session here and in the browser."""
    await sessions.sign_out(visit.ctx, visit.signed_in)
    response = empty()
    response.delete_cookie(COOKIE, path="/desk")
    return response


async def me(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the signed-in technician, and the CSRF token again for a page that was loaded anew."""
    token = sessions.csrf_token(request.cookies.get(COOKIE) or "")
    technician = accounts.technician_view(visit.signed_in.technician)
    return json({"csrf_token": token, "technician": technician}, headers=NO_STORE)


def _from_our_page(request: Request, ctx: Context) -> bool:
    """Return whether the browser says that our own page asks. Who is no browser says nothing.

    Over plain http browsers send no Sec-Fetch-Site, but Origin with every POST:
    https://fetch.spec.whatwg.org/#origin-header
    """
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    ours = {request.headers.get("Host", "").lower(), urlsplit(ctx.settings.public_url or "").netloc.lower()}
    return origin.partition("://")[2].lower() in ours - {""}


def _over_https(request: Request, ctx: Context) -> bool:
    return request.scheme == "https" or (ctx.settings.public_url or "").startswith("https://")
