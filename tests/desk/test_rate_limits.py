"""Over HTTP: who is too fast gets 429 in the one error shape with Retry-After, and nobody else does."""

import asyncio
import secrets
from urllib.parse import urlsplit

import httpx
import pytest

from tests.support.gateway_fixture import Gateway


def lowered(gateway: Gateway, **numbers: int) -> None:
    limits = gateway.ctx.support.limits.model_copy(update=numbers)
    gateway.ctx.support = gateway.ctx.support.model_copy(update={"limits": limits})


def is_refused(answer: httpx.Response) -> int:
    """The seconds to wait; the answer says so twice, for programs and for people."""
    assert answer.status_code == 429, answer.text
    assert answer.json()["error"]["code"] == "too_many_requests" and "try again" in answer.json()["error"]["message"]
    return int(answer.headers["Retry-After"])


async def test_a_session_that_asks_too_often_is_refused_and_another_is_not(gateway: Gateway) -> None:
    case, other = await gateway.case(), await gateway.case()
    lowered(gateway, requests_per_minute=10)
    for _ in range(10):
        await case.reads()
    for address in ("issues", f"conversations/{case.conversation_id}/messages"):
        wait = is_refused(await case.get(address))
    await other.reads()
    gateway.clock.advance(seconds=wait)
    await case.reads()


async def test_a_message_that_was_refused_is_taken_after_the_wait(gateway: Gateway) -> None:
    case = await gateway.case()
    lowered(gateway, messages_per_minute=3)
    for number in range(3):
        assert (await case.write(f"message {number}")).status_code == 202
    wait = is_refused(await case.write("one more", "again"))
    gateway.clock.advance(seconds=wait)
    assert (await case.write("one more", "again")).status_code == 202
    written = [one["text"] for one in (await case.reads())["messages"] if one["author"] == "customer"]
    assert written[-4:] == ["message 0", "message 1", "message 2", "one more"]


async def test_an_address_that_asks_too_often_is_refused_whatever_it_asks_for(gateway: Gateway) -> None:
    browser = gateway.browser()
    lowered(gateway, address_requests_per_minute=5)
    for address in ("/", "/api/config", "/manual/", "/nothing", "/desk/login"):
        assert (await browser.get(address)).status_code in (200, 404)
    for address in ("/", "/api/config", "/desk/login", "/nothing", "/channels/teams/files/x"):
        is_refused(await browser.get(address))
    assert (await browser.get("/healthz")).status_code == 200


async def test_a_made_up_forwarded_address_frees_nobody(gateway: Gateway) -> None:
    browser = gateway.browser()
    lowered(gateway, conversations_per_hour=2)
    answers = [
        await browser.post("/api/conversations", json={}, headers={"X-Forwarded-For": f"203.0.113.{n}"})
        for n in range(4)
    ]
    assert [one.status_code for one in answers] == [201, 201, 429, 429]


async def test_a_technician_who_asks_too_often_is_refused(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    lowered(gateway, requests_per_minute=5)
    codes = [(await anna.get("me")).status_code for _ in range(7)]
    assert codes == [200] * 5 + [429] * 2
    assert (await ben.get("me")).status_code == 200


@pytest.mark.parametrize("address", ["/api/conversations", "/desk/api/login", "/api/continuations"])
async def test_json_of_more_than_a_million_bytes_is_refused_before_it_is_read(gateway: Gateway, address: str) -> None:
    body = b'{"page_url": "' + b"x" * 1_000_000 + b'"}'
    answer = await gateway.browser().post(address, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 413 and answer.json()["error"]["code"] == "too_large"


async def test_a_body_larger_than_any_file_is_not_even_received(gateway: Gateway) -> None:
    address = urlsplit(gateway.address)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    head = f"POST /api/conversations HTTP/1.1\r\nHost: {address.netloc}\r\nContent-Length: 500000000\r\n\r\n"
    writer.write(head.encode() + b"x")
    answer = await asyncio.wait_for(reader.readuntil(b"\r\n"), 10)
    assert b" 413 " in answer, answer
    writer.close()
    await writer.wait_closed()


async def test_deeply_nested_json_is_only_not_json(gateway: Gateway) -> None:
    case = await gateway.case()
    address = f"/api/conversations/{case.conversation_id}/messages"
    for body in (b"[" * 400_000, b'{"a":' * 100_000):
        answer = await case.browser.post(address, content=body, headers={"Authorization": f"Bearer {case.token}"})
        assert answer.status_code == 422 and answer.json()["error"]["code"] == "not_json"
        told = await case.browser.post("/manual/opened", content=body)
        assert told.status_code < 500


async def test_a_chat_cannot_be_streamed_without_end(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.channels.web import api

    monkeypatch.setattr(api, "MOST_STREAMS", 1)
    case = await gateway.case()
    address = f"/api/conversations/{case.conversation_id}/events"
    headers = {"Authorization": f"Bearer {case.token}", "X-Request": secrets.token_hex(2)}
    async with case.browser.stream("GET", address, headers=headers) as first:
        assert first.status_code == 200
        assert is_refused(await gateway.browser().get(address, headers=headers)) == 30
