"""The description at /openapi.json against what is really asked and answered."""

import re
from functools import cache
from typing import Any

import httpx
import jsonschema_rs

from bot.gateway.routes.openapi import document


@cache
def _paths() -> dict[re.Pattern[str], dict[str, Any]]:
    return {re.compile(re.sub(r"\{\w+\}", "[^/]+", path)): found for path, found in document()["paths"].items()}


def operation_of(method: str, path: str) -> dict[str, Any] | None:
    """Return the operation that serves a request; the address without parameters goes before one with them."""
    fitting = [pattern for pattern in _paths() if pattern.fullmatch(path) and method.lower() in _paths()[pattern]]
    found = min(fitting, key=lambda pattern: pattern.pattern.count("[^/]+"), default=None)
    return None if found is None else dict(_paths()[found][method.lower()])


@cache
def _validator(method: str, path: str, status: str) -> Any:
    operation = operation_of(method, path)
    answer = (operation or {"responses": {}})["responses"].get(status, {})
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return schema and jsonschema_rs.validator_for({**schema, "components": document()["components"]})


def check_answer(answer: httpx.Response) -> httpx.Response:
    """Return a successful answer; fail when it is not as described."""
    validator = _validator(answer.request.method, answer.request.url.path, str(answer.status_code))
    if validator and answer.is_success:
        faults = [f"{one.instance_path}: {one.message}" for one in validator.iter_errors(answer.json())]
        assert not faults, f"{answer.request.method} {answer.request.url.path} answers not as described: {faults}"
    return answer
