"""The description at /openapi.json names every route of the API, and no other."""

import re
from pathlib import Path
from typing import Any

import pytest
from sanic import Sanic

from bot.gateway.app import create_app
from bot.gateway.routes.openapi import document
from bot.settings.env.settings import load_settings
from bot.store import schema

METHODS = {"get", "post", "put", "delete", "patch"}
DESCRIBED = ("/api/", "/desk/api/", "/healthz", "/readyz", "/metrics", "/openapi.json")


@pytest.fixture
def app(tmp_path: Path) -> Sanic[Any, Any]:
    settings = load_settings({"TECHREF_HOME": str(tmp_path)})
    schema.upgrade(settings.database_url)
    Sanic._app_registry.clear()
    return create_app(settings)


def test_every_route_is_described_and_every_description_is_a_route(app: Sanic[Any, Any]) -> None:
    routes = set()
    for route in app.router.routes:
        path = "/" + re.sub(r"<(\w+)(:[^>]*)?>", r"{\1}", route.path)
        if path.startswith(DESCRIBED):
            routes |= {(path.rstrip("/"), method.lower()) for method in route.methods if method.lower() in METHODS}
    described = {
        (path, method) for path, methods in document()["paths"].items() for method in methods if method in METHODS
    }
    assert routes == described


def test_every_reference_in_the_description_leads_somewhere() -> None:
    text = str(document())
    for kind, name in set(re.findall(r"#/components/(\w+)/(\w+)", text)):
        assert name in document()["components"][kind]
