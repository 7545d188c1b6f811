"""Nobody reaches what is not theirs: every route, taken from the route table, with the ids and roles of others.

A new route is tried by itself. One that fits none of the kinds below, or that declares no role, fails here.
"""

import re
import uuid
from typing import Any

import httpx
from sanic_routing import Route

from bot.desk.request_context import roles_of
from bot.services.conversation import lifecycle, transcript
from bot.services.technician.accounts import ROLES
from tests.support.gateway_fixture import Case, Gateway

# What whoever comes along may ask for. Everything else below /api takes a conversation's token.
OPEN_API = {"api/config", "api/conversations", "api/continuations", "api/payments/stripe"}
PUBLIC = {
    "",
    "privacy",
    "healthz",
    "readyz",
    "metrics",
    "openapi.json",
    "brand/logo",
    "pay/static/pay.css",
    "channels/slack/install",
}
PUBLIC_BELOW = ("widget", "manual")
# Each proves itself: signed by Slack, Microsoft, Stripe, a mail server or a tracker, or by an address nobody guesses.
SIGNED = {
    "channels/slack/events": "POST",
    "channels/slack/interactions": "POST",
    "channels/slack/commands": "POST",
    "channels/slack/oauth": "GET",
    "channels/teams/messages": "POST",
    "channels/teams/files/<token:str>": "GET",
    "channels/email/drop": "POST",
    "trackers/<tracker_id:int>/events": "POST",
    "pay/<reference:str>/<signature:str>": "GET",
    "pay/<reference:str>/<signature:str>/done": "GET",
}
NOBODYS = "f" * 24
READS = ("GET", "HEAD")


def routes(gateway: Gateway, prefix: str) -> list[tuple[str, Route]]:
    """(method, route) of everything below the prefix."""
    found = [route for route in gateway.app.router.routes if route.path.startswith(prefix)]
    return [(method, route) for route in found for method in sorted(route.methods)]


def filled(route: Route, **ids: str) -> str:
    return "/" + re.sub(r"<(\w+):[^>]*>", lambda name: ids.get(name[1], "1"), route.path)


async def ask(case: Case, method: str, address: str, token: str | None, **body: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    sent = {"client_message_id": str(uuid.uuid4()), "text": "hello", "seq": 1, "card": 0, "score": 5, **body}
    return await case.browser.request(method, address, headers=headers, json=None if method in READS else sent)


async def upload(case: Case) -> str:
    address = f"/api/conversations/{case.conversation_id}/attachments"
    headers = {"Authorization": f"Bearer {case.token}"}
    kept = await case.browser.post(address, headers=headers, files={"file": ("log.txt", b"secret words")})
    attachment_id: str = kept.json()["attachment_id"]
    return attachment_id


async def test_every_route_is_of_a_known_kind(gateway: Gateway) -> None:
    for _, route in routes(gateway, ""):
        known = (
            route.path in PUBLIC
            or route.path.split("/")[0] in PUBLIC_BELOW
            or route.path in SIGNED
            or route.path.startswith(("api/", "desk"))
        )
        assert known, f"say in this test who may ask for /{route.path}"


async def test_every_customer_route_wants_a_token_that_holds(gateway: Gateway) -> None:
    case, expired = await gateway.case(), await gateway.case()
    asked = [(method, route) for method, route in routes(gateway, "api/") if route.path not in OPEN_API]
    assert len(asked) >= 11
    attachment = await upload(case)
    ids = {"conversation_id": case.conversation_id, "attachment_id": attachment}
    # Deleted and made up look alike; the clock makes every token of today an expired one.
    for token in (None, "rubbish", "ü" * 3, "x" * 5000, case.token[:-1]):
        for method, route in asked:
            headers = {b"Authorization": f"Bearer {token}".encode()} if token else {}
            answer = await case.browser.request(method, filled(route, **ids), headers=headers)
            assert answer.status_code == 401, (method, route.path, token)
            assert set(answer.json()["error"]) == {"code", "message"}
    gateway.clock.advance(days=31)
    for method, route in asked:
        answer = await ask(expired, method, filled(route, **ids), expired.token)
        assert answer.status_code == 401, (method, route.path)


async def test_anothers_ids_are_distinguished_from_nothing_that_does_not_exist(gateway: Gateway) -> None:
    mine, other = await gateway.case(), await gateway.case()
    anothers_file = await upload(other)
    of_conversations = [one for one in routes(gateway, "api/") if "<conversation_id" in one[1].path]
    assert len(of_conversations) >= 10
    for method, route in of_conversations:
        answers = []
        for conversation, attachment in (
            (other.conversation_id, anothers_file),
            (NOBODYS, anothers_file),
            (other.conversation_id, NOBODYS),
        ):
            address = filled(route, conversation_id=conversation, attachment_id=attachment)
            answers.append(await ask(mine, method, address, mine.token))
        assert {answer.status_code for answer in answers} == {404}, (method, route.path)
        assert len({answer.content for answer in answers}) == 1, (method, route.path)
    # In my own conversation, with things that belong to another.
    for method, route in of_conversations:
        if "<attachment_id" in route.path:
            got = [
                await ask(
                    mine, method, filled(route, conversation_id=mine.conversation_id, attachment_id=one), mine.token
                )
                for one in (anothers_file, NOBODYS)
            ]
            assert [one.status_code for one in got] == [404, 404] and got[0].content == got[1].content
    assert (await other.reads())["messages"][-1]["author"] != "customer", "nothing was written in the other's name"


async def test_what_a_message_names_must_be_the_customers_own(gateway: Gateway) -> None:
    mine, other = await gateway.case(), await gateway.case()
    anothers_file = await upload(other)
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, other.conversation_id, lock=True)
        choices = [{"title": "Yes", "payload": "/affirm"}]
        said = await transcript.say(
            session, conversation, gateway.ctx.clock(), "Really?", author_name="Quill", choices=choices
        )
        choice = said.choices[0]["id"]
    address = f"/api/conversations/{mine.conversation_id}/messages"
    for field, anothers, nobodys in (
        ("attachments", [anothers_file], [NOBODYS]),
        ("choice", choice, NOBODYS),
    ):
        body = {"text": None} if field == "choice" else {}
        got = [await ask(mine, "POST", address, mine.token, **body, **{field: one}) for one in (anothers, nobodys)]
        assert [one.status_code for one in got] == [422, 422], got[0].text
        assert got[0].content == got[1].content


async def test_a_customers_token_opens_nothing_at_the_desk_nor_a_session_anything_of_a_customer(
    gateway: Gateway,
) -> None:
    anna, case = await gateway.technician("Anna", "admin"), await gateway.case()
    for method, route in routes(gateway, "desk/api"):
        if roles_of(route.handler):
            assert (await ask(case, method, filled(route), case.token)).status_code == 401, route.path
    for method, route in routes(gateway, "api/"):
        if "<conversation_id" in route.path:
            address = filled(route, conversation_id=case.conversation_id)
            assert (await anna.browser.request(method, address)).status_code == 401, route.path


async def test_what_is_signed_is_not_believed_without_a_signature(gateway: Gateway) -> None:
    browser = gateway.browser()
    for path, method in SIGNED.items():
        address = "/" + re.sub(r"<[^>]+>", "1", path)
        answer = await browser.request(method, address, content=b"{}" if method == "POST" else None)
        assert answer.status_code in (401, 403, 404, 422), (path, answer.status_code)
    stripe = await browser.post("/api/payments/stripe", content=b"{}")
    assert stripe.status_code in (401, 404, 422)


async def test_every_route_of_the_desk_declares_who_may_use_it(gateway: Gateway) -> None:
    declared = {route.path: roles_of(route.handler) for _, route in routes(gateway, "desk")}
    assert len(declared) >= 90
    silent = sorted(path for path, roles in declared.items() if roles is None)
    assert silent == [], "put these behind for_technicians, page_for_technicians or for_everybody"
    for_all = sorted(path for path, roles in declared.items() if roles == ())
    assert for_all == [
        "desk/api/join",
        "desk/api/login",
        "desk/join",
        "desk/login",
        "desk/static/<digest:str>/<name:str>",
    ]
    assert all(role in ROLES for roles in declared.values() for role in roles or ())


async def test_every_role_reaches_what_is_declared_for_it_and_nothing_else(gateway: Gateway) -> None:
    await gateway.technician("Spare", "admin")
    refused = 0
    for role in ROLES:
        somebody = await gateway.technician(role.capitalize(), role)
        for method, route in routes(gateway, "desk"):
            allowed = roles_of(route.handler)
            if not allowed or route.path.endswith(("/logout", "/events")):
                continue
            body: dict[str, Any] = {} if method in READS else {"json": {}}
            answer = await somebody.browser.request(method, filled(route), **body)
            what = (role, method, route.path, answer.status_code)
            if role in allowed:
                assert answer.status_code < 500 and answer.status_code not in (401, 403, 405), what
            else:
                assert answer.status_code == 403, what
                refused += 1
                if "/api/" in route.path:
                    assert answer.json()["error"]["code"] == "forbidden", what
    assert refused >= 50


async def test_a_technician_cannot_inform_a_conversation_without_an_issue_from_none(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    opened, told = (await gateway.browser().post("/api/conversations", json={})).json(), []
    for method, route in routes(gateway, "desk"):
        if "<conversation_id" not in route.path or route.path.endswith("/typing"):
            continue
        got = []
        for conversation in (opened["conversation_id"], NOBODYS):
            body: dict[str, Any] = (
                {} if method in READS else {"json": {"client_message_id": "a", "text": "x", "note": "x", "team": "x"}}
            )
            address = filled(route, conversation_id=conversation)
            got.append(await anna.browser.request(method, address, **body))
        if got[0].text != got[1].text or got[0].status_code not in (404, 422):
            told.append((method, route.path, got[0].status_code, got[1].status_code))
    assert told == []


async def test_a_number_that_no_database_holds_is_only_not_found(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna", "admin"), await gateway.case()
    for number in (2**31, -(2**31) - 1, 2**63, -(10**30), 10**30):
        for method, route in routes(gateway, "desk/api"):
            if re.search(r"<\w+:int>|<seq|<person|<problem|<hand_off", route.path):
                address = re.sub(r"<\w+:int>|<(seq|person|problem|hand_off_id):str>", str(number), "/" + route.path)
                address = re.sub(r"<[^>]+>", case.conversation_id, address)
                answer = await anna.browser.request(method, address, json=None if method in READS else {})
                assert 400 <= answer.status_code < 500, (method, address, answer.status_code)
        told = await anna.post("people/1", {"name": "x", "active": number})
        assert told.status_code == 422
        messages = f"/api/conversations/{case.conversation_id}/messages"
        assert (await ask(case, "POST", messages, case.token, seen_seq=number)).status_code == 422
