"""``/openapi.json``: the HTTP interface, as written down in openapi.yml beside this file.

The schemas of answers whose views are typed are made from those types (``answer_schemas``). The codes of errors, and
which status each comes with, are taken from the classes of ``bot.services.core.errors``.
"""

from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

from bot.gateway.rate_limit import UNCOUNTED
from bot.gateway.routes.answer_schemas import describe_answers
from bot.services.core.errors import codes_by_status

description = Blueprint("openapi")
ERROR = {"$ref": "#/components/schemas/Error"}
# The named responses of openapi.yml.
STATUS_OF_RESPONSES = {
    "Bad": 400,
    "Unauthorised": 401,
    "Forbidden": 403,
    "NotFound": 404,
    "Conflict": 409,
    "TooLarge": 413,
    "UnsupportedMediaType": 415,
    "Invalid": 422,
    "TooMany": 429,
    "Unavailable": 503,
}
# Whatever else asks the database may find it gone.
WITHOUT_DATABASE = ("/healthz", "/openapi.json")
METHODS = ("get", "post", "put", "delete", "patch")
SOURCE = Path(__file__).with_name("openapi.yml")


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(SOURCE)
    describe_answers(loaded["paths"], loaded["components"]["schemas"])
    codes = codes_by_status()
    for path, operations in loaded["paths"].items():
        for operation in (operations[method] for method in METHODS if method in operations):
            for name in _anywhere(path, operation):
                response = {"$ref": f"#/components/responses/{name}"}
                operation["responses"].setdefault(str(STATUS_OF_RESPONSES[name]), response)
    _errors(loaded)["code"]["enum"] = sorted({code for found in codes.values() for code in found})
    for name, status in STATUS_OF_RESPONSES.items():
        response = loaded["components"]["responses"][name]
        response["description"] += f" Codes: {', '.join(codes[status])}."
        shape = {"properties": {"error": {"properties": {"code": {"enum": codes[status]}}}}}
        response["content"]["application/json"]["schema"] = {"allOf": [ERROR, shape]}
    return loaded


def _anywhere(path: str, operation: dict[str, Any]) -> Iterator[str]:
    """Yield the responses that come from no handler of its own: of the ceilings on requests, and of the database."""
    if path not in UNCOUNTED:
        yield "TooMany"
    if "requestBody" in operation:
        yield "TooLarge"
    if path not in WITHOUT_DATABASE:
        yield "Unavailable"


def _errors(loaded: dict[str, Any]) -> dict[str, Any]:
    properties: dict[str, Any] = loaded["components"]["schemas"]["Error"]["properties"]["error"]["properties"]
    return properties


@description.get("/openapi.json")
async def show(_request: Request) -> HTTPResponse:
    return json(document())
