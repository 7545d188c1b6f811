"""What every answer of the gateway carries, whatever was asked for: taken from the route table."""

import json
import re
from pathlib import Path

import httpx
import pytest

from tests.support.gateway_fixture import Desk, Gateway, open_gateway

BY_CONTENT = "text/html"


def addresses(gateway: Gateway) -> list[str]:
    """Every address that is read, with something in place of its parameters, and one that is none."""
    found = [route for route in gateway.app.router.routes if "GET" in route.methods]
    return ["/nothing/here", *("/" + re.sub(r"<[^>]+>", "1", route.path) for route in found)]


async def test_every_answer_says_what_it_is_and_every_page_runs_its_own_scripts_only(gateway: Gateway) -> None:
    anna, pages = await gateway.technician("Anna", "admin"), 0
    for address in addresses(gateway):
        if address.endswith("/events"):
            continue
        for browser in (gateway.browser(), anna.browser):
            answer = await browser.get(address)
            assert answer.headers["X-Content-Type-Options"] == "nosniff", address
            assert "Referrer-Policy" in answer.headers, address
            assert len(answer.headers.get_list("Cache-Control")) <= 1, address
            if answer.headers.get("Content-Type", "").startswith(BY_CONTENT) and answer.content:
                pages += 1
                policy = answer.headers["Content-Security-Policy"]
                assert "default-src 'none'" in policy and "unsafe" not in policy and "data:" not in policy, address
                assert "<style" not in answer.text and not re.search(r"\son\w+=\"|<script>|\sstyle=", answer.text), (
                    address
                )
    assert pages >= 40


async def test_the_cookie_is_for_https_only_when_the_browser_came_over_https(home: Path) -> None:
    async with open_gateway(home, {"TECHREF_TRUSTED_PROXIES": "127.0.0.1"}) as gateway:
        anna: Desk = await gateway.hire("Anna")
        anna.browser.headers.update({"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
        cookie = (await anna.sign_in()).headers["set-cookie"]
        assert all(flag in cookie for flag in ("Secure", "HttpOnly", "SameSite=Lax", "Path=/desk"))


async def test_a_session_that_was_chosen_beforehand_is_never_taken_over(gateway: Gateway) -> None:
    anna = await gateway.hire("Anna")
    chosen = "a" * 43
    anna.browser.cookies.set("techref_desk", chosen)
    await anna.sign_in()
    assert (await gateway.browser_with(chosen).get("/desk/api/me")).status_code == 401


async def test_a_file_is_sent_with_one_cache_control(gateway: Gateway) -> None:
    browser = gateway.browser()
    opened = (await browser.post("/api/conversations", json={})).json()
    browser.headers["Authorization"] = f"Bearer {opened['token']}"
    path = f"/api/conversations/{opened['conversation_id']}/attachments"
    kept = (await browser.post(path, files={"file": ("a.txt", b"words")})).json()
    answer = await browser.get(f"{path}/{kept['attachment_id']}")
    assert answer.content == b"words"
    assert answer.headers.get_list("Cache-Control") == ["private, max-age=3600"]


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
async def test_health_is_asked_by_head_as_well(gateway: Gateway, address: str) -> None:
    browser = gateway.browser()
    asked, read = await browser.head(address), await browser.get(address)
    assert (asked.status_code, asked.content) == (read.status_code, b"")
    assert address != "/healthz" or asked.status_code == httpx.codes.OK


ODD = (b"\xff", b"\xed\xa0\x80", b"\x80" * 50, "é".encode(), b"a" * 4000)


@pytest.mark.parametrize("odd", ODD)
async def test_tokens_of_odd_bytes_are_refused(gateway: Gateway, odd: bytes) -> None:
    browser = gateway.browser()
    for headers in ([(b"Authorization", b"Bearer " + odd)], [(b"Cookie", b"techref_desk=" + odd)]):
        for address in ("/api/issues", "/api/conversations/x/messages", "/desk/api/handoffs", "/desk/"):
            answer = await browser.get(address, headers=headers, follow_redirects=False)
            assert answer.status_code < 500, (address, headers)
    opened = await browser.post("/api/conversations", json={}, headers=[(b"Authorization", b"Bearer " + odd)])
    assert opened.status_code == httpx.codes.UNAUTHORIZED


ODD_BODIES = (
    ("/api/continuations", {"link": "\ud800"}),
    ("/api/continuations", {"link": "\0"}),
    ("/api/conversations", {"identity_token": "\ud800"}),
    ("/api/conversations", {"identity_token": "a.b.\ud800"}),
    ("/api/conversations", {"page_url": "\ud800\0", "locale": "\ud800", "time_zone": "\0"}),
    ("/desk/api/login", {"email": "\ud800", "password": "\ud800"}),
    ("/desk/api/login", {"email": "a@b.example", "password": "\0"}),
)


@pytest.mark.parametrize(("address", "body"), ODD_BODIES)
async def test_text_of_odd_characters_is_no_fault_of_ours(gateway: Gateway, address: str, body: dict[str, str]) -> None:
    answer = await gateway.browser().post(
        address, content=json.dumps(body), headers={"Content-Type": "application/json"}
    )
    assert answer.status_code < 500


@pytest.mark.parametrize(
    "body",
    [
        {"choice": ""},
        {"choice": " "},
        {"text": "\u200b"},
        {"text": "\u200d\ufe0f"},
        {"text": " \u00ad\u2060\ufeff\u3164\u202e\n"},
        {"text": "\u2800\u115f"},
        {"text": "\U000e0001\U000e0020"},
    ],
)
async def test_a_message_in_which_there_is_nothing_to_see_is_refused(gateway: Gateway, body: dict[str, str]) -> None:
    browser = gateway.browser()
    opened = (await browser.post("/api/conversations", json={})).json()
    browser.headers["Authorization"] = f"Bearer {opened['token']}"
    path = f"/api/conversations/{opened['conversation_id']}/messages"
    assert (await browser.post(path, json={"client_message_id": "a", **body})).status_code == 422
    assert (await browser.get(path)).json()["messages"] == []
