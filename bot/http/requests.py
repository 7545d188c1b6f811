"""Parse requests: their context, JSON body, and position in a transcript."""

import json
from typing import Any

from sanic import Request
from sanic.exceptions import PayloadTooLarge

from bot.http.hub import Hub
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound, NotJson
from bot.services.core.input_values import whole_number

# The largest JSON body is a whole support.yml; files come as multipart form data.
MOST_JSON_BYTES = 1_000_000
# The database's own limit for row numbers.
LARGEST_NUMBER = 2**31 - 1


def ctx_of(request: Request) -> Context:
    context: Context = request.app.ctx.techref
    return context


def hub_of(request: Request) -> Hub:
    hub: Hub = request.app.ctx.hub
    return hub


def json_body(request: Request, *, large_numbers: bool = False) -> dict[str, Any]:
    """Return the request's JSON object; an empty body is an empty object. Raises Invalid, or PayloadTooLarge (413).

    Integers beyond the database's range are refused, unless ``large_numbers`` allows values that are not stored.
    """
    if not request.body:
        return {}
    if len(request.body) > MOST_JSON_BYTES:
        raise PayloadTooLarge("JSON larger than anything we ask for")
    try:
        body = json.loads(request.body, parse_int=None if large_numbers else _whole_number)
    except (ValueError, RecursionError) as error:
        raise NotJson("The body is not JSON; nothing was stored.") from error
    if not isinstance(body, dict):
        raise Invalid("The body must be a JSON object; nothing was stored.")
    return body


def after_seq(request: Request) -> int:
    """Return the reader's position: ``Last-Event-ID`` of a reconnect, or ``after_seq``; raises Invalid."""
    value = request.headers.get("Last-Event-ID") or request.args.get("after_seq") or "0"
    number = whole_number(value, 12)
    if number is None:
        raise Invalid("after_seq must be a whole number.")
    return min(number, LARGEST_NUMBER)


def number_in_path(written: str, none_such: str) -> int:
    """Parse the id or place in an address; raises NotFound with ``none_such`` for an impossible one."""
    number = whole_number(written, 15)
    if number is None or number > LARGEST_NUMBER:
        raise NotFound(none_such)
    return number


def _whole_number(written: str) -> int:
    number = int(written) if len(written) <= 20 else None
    if number is None or abs(number) > LARGEST_NUMBER:
        raise Invalid("A number is larger than any that we count to; nothing was stored.")
    return number
