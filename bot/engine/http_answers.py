"""The parts that all routes of the engine share: the secret, the body, the one shape of an error."""

import hmac
from http import HTTPStatus
from typing import Any

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.engine.environment import SECRET_HEADER
from bot.engine.turn_request import BadTurn


def knows_secret(request: Request, secret: str) -> bool:
    """Return True when the caller sent the internal secret."""
    return hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode())


def read_json(request: Request) -> Any:
    """Parse the request's body. Raises BadTurn when it is not JSON."""
    try:
        return request.json
    except SanicException:
        raise BadTurn("the body must be JSON") from None


def refusal(status: HTTPStatus, code: str, message: str) -> HTTPResponse:
    """Return an error in the one shape that all of TechRef's HTTP interfaces use."""
    return json({"error": {"code": code, "message": message}}, status=status)


def bad_secret() -> HTTPResponse:
    """Return the response to a caller that does not know the secret."""
    return refusal(HTTPStatus.UNAUTHORIZED, "bad_secret", f"the header {SECRET_HEADER} is missing or wrong")


def bad_turn(error: BadTurn) -> HTTPResponse:
    """Return the response to a malformed request."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_turn", str(error))


def no_model() -> HTTPResponse:
    """Return the response while no model is trained, or the trained one could not be loaded."""
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "no_model", "no trained model is loaded; run `make train`")
