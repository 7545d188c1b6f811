"""Convert every error of the gateway to one shape: ``{"error": {"code": ..., "message": ...}}``."""

import logging
import secrets
from http import HTTPStatus
from typing import Any

from sanic import HTTPResponse, Request, Sanic
from sanic.exceptions import MethodNotAllowed as WrongMethod
from sanic.exceptions import NotFound as NoRoute
from sanic.exceptions import PayloadTooLarge, SanicException
from sanic.response import json
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as NoConnectionFree

from bot.services.core.errors import (
    BadRequest,
    DatabaseUnavailable,
    InternalError,
    MethodNotAllowed,
    NotFound,
    ServiceError,
    StorageUnavailable,
    TooLarge,
)

log = logging.getLogger(__name__)

DATABASE_RETRY_SECONDS = 5


def error_body(code: str, message: str) -> dict[str, dict[str, str]]:
    """Return the one shape of an error."""
    return {"error": {"code": code, "message": message}}


def answer_error(error: ServiceError) -> HTTPResponse:
    """Return the answer to a request that failed: the one place where errors become HTTP."""
    return json(error_body(error.code, str(error)), status=error.status, headers=error.headers)


def install(app: Sanic[Any, Any]) -> None:
    """Register the handlers; an unforeseen exception is a 500 with a number that the log has too."""
    app.error_handler.add(ServiceError, _service_error)
    app.error_handler.add(DBAPIError, _database_error)
    app.error_handler.add(OSError, _storage_error)
    app.error_handler.add(NoConnectionFree, _storage_error)
    app.error_handler.add(SanicException, http_error)
    app.error_handler.add(Exception, _unforeseen)


async def _service_error(_request: Request, error: ServiceError) -> HTTPResponse:
    return answer_error(error)


async def _database_error(request: Request, error: DBAPIError) -> HTTPResponse:
    log.error("the database failed at %s: %s", request.route and request.route.path, type(error.orig).__name__)
    message = "Our database does not answer just now; nothing was stored. Your message can be sent again."
    return answer_error(DatabaseUnavailable(message, DATABASE_RETRY_SECONDS))


async def _storage_error(request: Request, error: OSError | NoConnectionFree) -> HTTPResponse:
    """Convert a storage failure: database server gone or too slow, disk full or read-only."""
    log.error("storage failed at %s: %s", request.route and request.route.path, type(error).__name__)
    message = "Our storage does not answer just now; nothing was stored. Your message can be sent again."
    return answer_error(StorageUnavailable(message, DATABASE_RETRY_SECONDS))


async def http_error(_request: Request, error: SanicException) -> HTTPResponse:
    """Answer in the one shape for an address or a request that leads nowhere."""
    if isinstance(error, NoRoute):
        return answer_error(NotFound("There is nothing at this address."))
    if isinstance(error, WrongMethod):
        return answer_error(MethodNotAllowed("This address does not take that method."))
    if isinstance(error, PayloadTooLarge):
        return answer_error(TooLarge("The request is too large; nothing was stored."))
    if error.status_code == HTTPStatus.BAD_REQUEST:
        return answer_error(BadRequest("The request could not be read; nothing was stored."))
    failed = answer_error(ServiceError("The request could not be done; nothing was stored."))
    failed.status = error.status_code
    return failed


async def _unforeseen(request: Request, error: Exception) -> HTTPResponse:
    number = secrets.token_hex(4)
    log.error("error %s at %s", number, request.route and request.route.path, exc_info=error)
    message = f"Something went wrong on our side (error {number}). Try again, or call us and name that number."
    return answer_error(InternalError(message))
