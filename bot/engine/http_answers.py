"""What all routes of the engine share: the secret, the body, the one shape of an error."""

import hmac
from http import HTTPStatus
from typing import Any

from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, json

from bot.engine.environment import SECRET_HEADER
from bot.engine.turn_request import BadTurn


def knows_secret(request: Request, secret: str) -> bool:
    """Whether the caller sent the internal secret."""
    return hmac.compare_digest(request.headers.get(SECRET_HEADER, "").encode(), secret.encode())


def read_json(request: Request) -> Any:
    """The request's body. Raises BadTurn when it is not JSON."""
    try:
        return request.json
    except SanicException:
        raise BadTurn("the body must be JSON") from None


def refusal(status: HTTPStatus, code: str, message: str) -> HTTPResponse:
    """An error in the one shape that all of TechRef's HTTP interfaces use."""
    return json({"error": {"code": code, "message": message}}, status=status)


def bad_secret() -> HTTPResponse:
    """The answer to a caller that does not know the secret."""
    return refusal(HTTPStatus.UNAUTHORIZED, "bad_secret", f"the header {SECRET_HEADER} is missing or wrong")


def bad_turn(error: BadTurn) -> HTTPResponse:
    """The answer to a request that is not what the route takes."""
    return refusal(HTTPStatus.UNPROCESSABLE_ENTITY, "bad_turn", str(error))


def no_model() -> HTTPResponse:
    """The answer while nothing has been trained, or what was trained could not be loaded."""
    return refusal(HTTPStatus.SERVICE_UNAVAILABLE, "no_model", "no trained model is loaded; run `make train`")
