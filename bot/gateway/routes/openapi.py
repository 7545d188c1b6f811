"""``/openapi.json``: the HTTP interface, as written down in openapi.yml beside this file."""

from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import json

description = Blueprint("openapi")
SOURCE = Path(__file__).with_name("openapi.yml")


@cache
def document() -> dict[str, Any]:
    loaded: dict[str, Any] = YAML(typ="safe").load(SOURCE)
    return loaded


@description.get("/openapi.json")
async def show(_request: Request) -> HTTPResponse:
    return json(document())
