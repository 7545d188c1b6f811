"""Every error leaves the gateway in one shape: ``{"error": {"code": ..., "message": ...}}``."""

import logging
import secrets
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import MethodNotAllowed, PayloadTooLarge, SanicException
from sanic.exceptions import NotFound as NoRoute
from sanic.response import json
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.services.core.errors import Conflict, Forbidden, Invalid, NotFound, ServiceError, TooMany, Unauthorised

log = logging.getLogger(__name__)

STATUS: dict[type[ServiceError], int] = {
    Unauthorised: 401,
    Forbidden: 403,
    NotFound: 404,
    Conflict: 409,
    Invalid: 422,
    TooMany: 429,
}
DATABASE_RETRY_SECONDS = "5"


def body(code: str, message: str) -> dict[str, dict[str, str]]:
    return {"error": {"code": code, "message": message}}


def install(app: Sanic[Any, Any]) -> None:
    """Register the handlers; anything unforeseen is a 500 with a number that the log has too."""
    app.error_handler.add(ServiceError, _service_error)
    app.error_handler.add(DBAPIError, _database_error)
    app.error_handler.add(OSError, _storage_error)
    app.error_handler.add(NoConnectionFree, _storage_error)
    app.error_handler.add(SanicException, http_error)
    app.error_handler.add(Exception, _unforeseen)


async def _service_error(_request: Request, error: ServiceError) -> HTTPResponse:
    status = next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
    headers = {"Retry-After": str(error.retry_after)} if isinstance(error, TooMany) else {}
    return json(body(error.code, str(error)), status=status, headers=headers)


async def _database_error(request: Request, error: DBAPIError) -> HTTPResponse:
    log.error("the database failed at %s: %s", request.route and request.route.path, type(error.orig).__name__)
    message = "Our database does not answer just now; nothing was stored. Your message can be sent again."
    return json(body("database_unavailable", message), status=503, headers={"Retry-After": DATABASE_RETRY_SECONDS})


async def _storage_error(request: Request, error: OSError | NoConnectionFree) -> HTTPResponse:
    """The database's server is gone or too slow, or the disk is full or read-only."""
    log.error("storage failed at %s: %s", request.route and request.route.path, type(error).__name__)
    message = "Our storage does not answer just now; nothing was stored. Your message can be sent again."
    return json(body("storage_unavailable", message), status=503, headers={"Retry-After": DATABASE_RETRY_SECONDS})


async def http_error(_request: Request, error: SanicException) -> HTTPResponse:
    """Answer in the one shape for an address or a request that leads nowhere."""
    if isinstance(error, NoRoute):
        return json(body("not_found", "There is nothing at this address."), status=404)
    if isinstance(error, MethodNotAllowed):
        return json(body("method_not_allowed", "This address does not take that method."), status=405)
    if isinstance(error, PayloadTooLarge):
        return json(body("too_large", "The request is too large; nothing was stored."), status=413)
    if error.status_code == 400:
        return json(body("bad_request", "The request could not be read; nothing was stored."), status=400)
    return json(body("failed", "The request could not be done; nothing was stored."), status=error.status_code)


async def _unforeseen(request: Request, error: Exception) -> HTTPResponse:
    number = secrets.token_hex(4)
    log.error("error %s at %s", number, request.route and request.route.path, exc_info=error)
    message = f"Something went wrong on our side (error {number}). Try again, or call us and name that number."
    return json(body("internal", message), status=500)
