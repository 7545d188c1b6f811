"""Whatever error an operation answers with, its description at /openapi.json has named."""

import re
import shutil
import uuid
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


async def test_every_operation_that_counts_requests_describes_that_they_are_too_many(gateway: Gateway) -> None:
    limits = gateway.ctx.support.limits.model_copy(update={"address_requests_per_minute": 1})
    gateway.ctx.support = gateway.ctx.support.model_copy(update={"limits": limits})
    browser, wrong = gateway.browser(), {}
    await browser.get("/api/config")  # the one of this minute
    for method, path, operation in operations():
        found = await answers(browser, method, path, {})
        if (httpx.codes.TOO_MANY_REQUESTS in found) != names(operation, httpx.codes.TOO_MANY_REQUESTS):
            wrong[f"{method} {path}"] = sorted(found)
    assert wrong == {}


async def test_every_operation_with_a_body_describes_that_it_is_too_large(gateway: Gateway) -> None:
    gateway.app.config.REQUEST_MAX_SIZE = 1000
    for method, path, operation in operations():
        if "requestBody" in operation:
            async with gateway.browser() as browser:
                answer = await browser.request(method, re.sub(r"\{\w+\}", "999", path), content=b"x" * 1001)
            assert answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE, path
            assert answer.json()["error"]["code"] == "too_large"
            assert names(operation, answer.status_code), path


async def test_conflicts_are_described_where_they_happen(gateway: Gateway) -> None:
    case, first, second = await gateway.case(), await gateway.technician("Ann"), await gateway.technician("Ben")
    assert (await first.claim(case)).status_code == httpx.codes.OK
    said = str(uuid.uuid4())
    assert (await case.write("It crashes.", said)).status_code == httpx.codes.ACCEPTED
    payment = {"hours": 1, "brand": "VISA", "authorisation": "T1-abc123"}
    assert (await first.post(f"issues/{case.reference}/payments", payment)).status_code == httpx.codes.CREATED
    conflicts = {
        "/api/conversations/{conversation_id}/messages": await case.write("It froze.", said),
        "/desk/api/handoffs/{hand_off_id}/claim": await second.claim(case),
        "/desk/api/conversations/{conversation_id}/messages": await second.say(case, "Hello."),
        "/desk/api/issues/{reference}/payments": await first.post(f"issues/{case.reference}/payments", payment),
    }
    described = {path: operation for method, path, operation in operations() if method == "post"}
    for path, answer in conflicts.items():
        assert answer.status_code == httpx.codes.CONFLICT, path
        assert names(described[path], answer.status_code), path


def test_every_operation_describes_that_storage_may_be_gone() -> None:
    public = {"/healthz", "/openapi.json"}
    assert [path for _, path, operation in operations() if path not in public and not names(operation, 503)] == []
