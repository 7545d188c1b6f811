"""Whatever error an operation answers with, its description at /openapi.json has named."""

import re
import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.gateway.routes.openapi import document
from tests.support.gateway_fixture import Gateway, open_gateway

METHODS = {"get", "post", "put", "delete", "patch"}
# What is sent as a body, with its type: none, no JSON, JSON of another shape, and another type.
BODIES: tuple[tuple[bytes | None, str], ...] = (
    (None, "application/json"),
    (b"{", "application/json"),
    (b"[]", "application/json"),
    (b"{}", "text/plain"),
    (b"{}", "application/json"),
)


@pytest.fixture
async def gateway(tmp_path: Path, migrated: Path) -> AsyncIterator[Gateway]:
    shutil.copy(migrated, tmp_path / "techref.db")
    async with open_gateway(tmp_path) as gateway:
        yield gateway


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    return [
        (method, path, operation)
        for path, methods in document()["paths"].items()
        for method, operation in methods.items()
        if method in METHODS
    ]


def names(operation: dict[str, Any], status: int) -> bool:
    return bool({str(status), f"{status // 100}XX"} & set(operation["responses"]))


async def answers(browser: httpx.AsyncClient, method: str, path: str, headers: dict[str, str]) -> set[int]:
    """Return an operation's answers, one for each body; an endless stream is not read."""
    found = set()
    address = re.sub(r"\{\w+\}", "999", path)
    for body, kind in BODIES if method != "get" else BODIES[:1]:
        sent = {**headers, "Content-Type": kind} if body is not None else headers
        async with browser.stream(method.upper(), address, content=body, headers=sent) as answer:
            found.add(answer.status_code)
    return found


@pytest.mark.parametrize("who", ["stranger", "customer", "technician", "admin"])
async def test_every_error_that_an_operation_gives_is_described(gateway: Gateway, who: str) -> None:
    case, missing = await gateway.case(), {}
    browser, headers = gateway.browser(), {}
    if who == "customer":
        headers = {"Authorization": f"Bearer {case.token}"}
    elif who != "stranger":
        browser = (await gateway.technician(who.capitalize(), who)).browser
    for method, path, operation in operations():
        if path == "/desk/api/logout" and who != "stranger":
            continue
        found = await answers(browser, method, path, headers)
        unnamed = {status for status in found if status >= 400 and not names(operation, status)}
        if unnamed:
            missing[f"{method} {path}"] = sorted(unnamed)
    assert missing == {}


def test_every_operation_describes_that_storage_may_be_gone() -> None:
    public = {"/healthz", "/openapi.json"}
    assert [path for _, path, operation in operations() if path not in public and not names(operation, 503)] == []
