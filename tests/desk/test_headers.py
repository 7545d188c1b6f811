"""What every answer of the gateway carries, whatever was asked for: taken from the route table."""

import re
from pathlib import Path

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
