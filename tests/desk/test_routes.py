"""What holds for every address of the desk, taken from the route table so that a new one cannot be forgotten."""

import re

from sanic_routing import Route

from bot.desk.blueprint import desk_blueprint
from tests.support.gateway_fixture import Gateway

OPEN = {
    "/desk/api/login",
    "/desk/login",
    "/desk/api/join",
    "/desk/join",
    "/desk/static/<digest:str>/<name:str>",
}
PAGES = ("/desk", "/desk/conversations", "/desk/issues")


def addresses(gateway: Gateway) -> list[tuple[str, str]]:
    """(method, address) of every route of the desk; parameters are filled with something."""
    routes: list[Route] = [route for route in gateway.app.router.routes if route.uri.startswith("/desk")]
    return [(method, filled(route.uri)) for route in routes for method in route.methods if route.uri not in OPEN]


def filled(uri: str) -> str:
    return re.sub(r"<[^>]+>", "1", uri)


def is_page(address: str) -> bool:
    return "/api/" not in address and "/fragments/" not in address


async def test_the_table_lists_what_the_contract_promises(gateway: Gateway) -> None:
    known = set(addresses(gateway))
    conversation = "/desk/api/conversations/1"
    for needed in (
        ("GET", "/desk/api/handoffs"),
        ("POST", "/desk/api/handoffs/1/claim"),
        ("GET", f"{conversation}/messages"),
        ("GET", f"{conversation}/events"),
        ("POST", f"{conversation}/messages"),
        ("POST", f"{conversation}/notes"),
        ("POST", f"{conversation}/return"),
        ("POST", f"{conversation}/resolve"),
        ("POST", f"{conversation}/transfer"),
        ("GET", "/desk/api/issues/1"),
        ("GET", "/desk/api/issues"),
    ):
        assert needed in known


async def test_without_a_session_every_api_address_is_401(gateway: Gateway) -> None:
    browser = gateway.browser()
    api = [(method, address) for method, address in addresses(gateway) if not is_page(address)]
    assert len(api) >= 20
    for method, address in api:
        for cookie in ({}, {"techref_desk": "x" * 43}, {"techref_desk": "ü"}):
            headers = {b"Cookie": "; ".join(f"{name}={value}" for name, value in cookie.items()).encode()}
            answer = await browser.request(method, address, headers=headers if cookie else None)
            assert answer.status_code == 401, (method, address)
            assert set(answer.json()["error"]) == {"code", "message"}


async def test_without_a_session_every_page_leads_to_the_sign_in_and_back(gateway: Gateway) -> None:
    browser = gateway.browser()
    pages = [address for method, address in addresses(gateway) if is_page(address)]
    assert len(pages) >= 4
    for address in pages:
        answer = await browser.get(address)
        assert answer.status_code == 303, address
        assert answer.headers["location"].startswith("/desk/login?next=%2Fdesk")


async def test_every_writing_address_wants_the_csrf_token(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    writing = [(method, address) for method, address in addresses(gateway) if method not in ("GET", "HEAD")]
    assert len(writing) >= 9
    for token in (None, "wrong", ben.browser.headers["X-CSRF-Token"]):
        anna.browser.headers.pop("X-CSRF-Token", None)
        if token is not None:
            anna.browser.headers["X-CSRF-Token"] = token
        for method, address in writing:
            answer = await anna.browser.request(method, address, json={})
            assert answer.status_code == 403, (method, address, token)
            assert answer.json()["error"]["code"] == "bad_csrf"
    assert (await anna.get("me")).status_code == 200, "the session itself goes on"


async def test_a_claim_without_the_csrf_token_takes_nothing(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    del anna.browser.headers["X-CSRF-Token"]
    await anna.claim(case)
    assert (await case.reads())["owner"] == "queue"


async def test_every_answer_keeps_foreign_scripts_and_frames_out(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    seen = [
        await anna.browser.get("/desk/login"),
        await anna.browser.get("/desk"),
        await anna.browser.get(f"/desk/conversations/{case.conversation_id}"),
        await anna.browser.get("/desk/conversations/unknown"),
        await anna.browser.get("/desk/issues"),
        await anna.get("handoffs"),
        await anna.get("conversations/unknown"),
    ]
    for answer in seen:
        policy = answer.headers["Content-Security-Policy"]
        assert "unsafe-inline" not in policy
        assert "default-src 'none'" in policy and "frame-ancestors 'none'" in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert " style=" not in answer.text and "<style" not in answer.text and " onclick" not in answer.text


async def test_pages_and_answers_with_customers_words_are_not_cached(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    for address in ("/desk", f"/desk/conversations/{case.conversation_id}", "/desk/issues", "/desk/api/handoffs"):
        assert (await anna.browser.get(address)).headers["Cache-Control"] == "no-store"


def test_a_blueprint_can_be_made_for_each_app() -> None:
    assert desk_blueprint() is not desk_blueprint()
