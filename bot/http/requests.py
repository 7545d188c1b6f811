"""Read what a request brings: the wiring behind it, its JSON, its place in a transcript."""

from typing import Any

from sanic import Request

from bot.http.hub import Hub
from bot.services.context import Context
from bot.services.errors import Invalid


def ctx_of(request: Request) -> Context:
    context: Context = request.app.ctx.techref
    return context


def hub_of(request: Request) -> Hub:
    hub: Hub = request.app.ctx.hub
    return hub


def json_body(request: Request) -> dict[str, Any]:
    """The request's JSON object; an empty body is an empty object. Raises Invalid."""
    if not request.body:
        return {}
    try:
        body = request.json
    except Exception as error:
        raise Invalid("The body is not JSON; nothing was stored.", "not_json") from error
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object; nothing was stored.")
    return body


def after_seq(request: Request) -> int:
    """Where the reader is: ``Last-Event-ID`` of a reconnect, or ``after_seq``; raises Invalid."""
    value = request.headers.get("Last-Event-ID") or request.args.get("after_seq") or "0"
    if not value.isascii() or not value.isdigit() or len(value) > 12:
        raise Invalid("after_seq must be a whole number.")
    return int(value)
