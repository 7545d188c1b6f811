"""Machines list, read, log and resolve issues by their scopes, and never learn what was told in confidence."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from bot.machine_api.blueprint import ROUTES
from bot.services.core.tokens import hash_token
from bot.services.machine.api_keys import SCOPES
from bot.store.tables import ApiKey, AuditEntry
from tests.support.gateway_fixture import Desk, Gateway

SECRET = "the payroll of Hartley"
ALL = [one for one in SCOPES if one != "confidential:read"]


class Machine:
    """A program with a key."""

    def __init__(self, gateway: Gateway, key: dict[str, Any], secret: str) -> None:
        self.key, self.secret, self._http = key, secret, gateway.browser()

    async def ask(self, method: str, address: str, body: Any = None, **params: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.secret}"}
        return await self._http.request(method, f"/api/v1/{address}", headers=headers, json=body, params=params)

    async def get(self, address: str, **params: str) -> Any:
        answer = await self.ask("GET", address, **params)
        assert answer.status_code == 200, answer.text
        return answer.json()


async def machine(gateway: Gateway, ada: Desk, *scopes: str, days: int | None = None) -> Machine:
    made = await ada.post("api-keys", {"name": "Billing", "scopes": list(scopes or ALL), "days": days})
    assert made.status_code == 201, made.text
    return Machine(gateway, made.json()["key"], made.json()["secret"])


@pytest.fixture
async def ada(gateway: Gateway) -> Desk:
    return await gateway.technician("Ada", "admin")


async def test_a_key_is_shown_once_and_stored_as_a_hash(gateway: Gateway, ada: Desk) -> None:
    program = await machine(gateway, ada, "issues:read", days=30)
    listed = await ada.get("api-keys")
    page = await ada.browser.get("/desk/administration/api-keys")
    for shown in (listed.text, page.text):
        assert program.secret not in shown and program.key["prefix"] in shown
    assert listed.json()["keys"][0]["last_used_at"] is None
    await program.get("key")
    used = (await ada.get("api-keys")).json()["keys"][0]
    assert used["last_used_at"] is not None and used["scopes"] == ["issues:read"]
    async with gateway.ctx.db.read() as session:
        kept = (await session.scalars(select(ApiKey))).one()
        made = (await session.scalars(select(AuditEntry).where(AuditEntry.action == "api_key.make"))).one()
    assert kept.token_hash == hash_token(program.secret)
    assert program.secret not in str(made.details)


async def test_every_route_wants_a_key_in_force_with_its_scope(gateway: Gateway, ada: Desk) -> None:
    case, short = await gateway.case(), await machine(gateway, ada, "confidential:read", days=1)
    for method, address, _, scope in ROUTES:
        path = address.lstrip("/").replace("<reference:str>", case.reference).replace("<number:str>", "C-1")
        body: dict[str, str] | None = None if method == "GET" else {}
        for token, code in (("", "bad_api_key"), ("trk_made_up", "bad_api_key"), (case.token, "bad_api_key")):
            headers = {"Authorization": f"Bearer {token}"} if token else {}
            answer = await gateway.browser().request(method, f"/api/v1/{path}", headers=headers, json=body)
            assert (answer.status_code, answer.json()["error"]["code"]) == (401, code), (method, path)
        if scope is not None:
            refused = await short.ask(method, path, body)
            assert (refused.status_code, refused.json()["error"]["code"]) == (403, "scope_missing"), (method, path)
            assert scope in refused.json()["error"]["message"]
    assert (await short.ask("GET", "key")).status_code == 200
    gateway.clock.advance(days=2)
    expired = await short.ask("GET", "key")
    assert expired.status_code == 401 and "expired" in expired.json()["error"]["message"]


async def test_a_revoked_key_opens_nothing_and_a_key_opens_nothing_else(gateway: Gateway, ada: Desk) -> None:
    case, program = await gateway.case(), await machine(gateway, ada)
    headers = {"Authorization": f"Bearer {program.secret}"}
    for address in (f"/api/conversations/{case.conversation_id}/messages", "/desk/api/issues", "/desk/api/api-keys"):
        assert (await gateway.browser().get(address, headers=headers)).status_code == 401, address
    assert (await ada.post(f"api-keys/{program.key['id']}/revoke")).status_code == 200
    refused = await program.ask("GET", "issues")
    assert refused.status_code == 401 and "revoked" in refused.json()["error"]["message"]
    assert (await ada.post("api-keys/99/revoke")).status_code == 404


async def test_issues_are_listed_page_by_page_and_filtered(gateway: Gateway, ada: Desk) -> None:
    program = await machine(gateway, ada)
    references = [
        (await gateway.case(problem=f"Quillbook crashes at {word}")).reference
        for word in ("printing", "saving", "closing", "signing", "opening")
    ]
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await program.get("issues", limit="2", cursor=cursor)
        seen += [one["reference"] for one in page["issues"]]
        cursor = page["next_cursor"]
    assert seen == references[::-1]
    found = await program.get("issues", q="crashes signing")
    assert [one["reference"] for one in found["issues"]] == [references[3]]
    assert (await program.get("issues", status="resolved"))["issues"] == []
    for wrong in ({"limit": "0"}, {"limit": "x"}, {"status": "x"}, {"technician": "me"}, {"cursor": "x"}):
        assert (await program.ask("GET", "issues", **wrong)).status_code == 422, wrong


async def test_words_in_confidence_stay_here(gateway: Gateway, ada: Desk) -> None:
    case = await gateway.case(private={"what_changed": SECRET}, product_version="12.2.1")
    plain, trusted = await machine(gateway, ada), await machine(gateway, ada, *SCOPES)
    for address in ("issues", f"issues/{case.reference}"):
        assert SECRET not in str(await plain.get(address))
    read = await plain.get(f"issues/{case.reference}")
    assert (read["told_in_confidence"], read["title"], read["withheld"]) == (True, None, 1)
    assert [one["value"] for one in read["answers"]] == ["12.2.1"]
    # Nor by the hits of a search.
    assert (await plain.get("issues", q="payroll"))["issues"] == []
    assert len((await trusted.get("issues", q="payroll"))["issues"]) == 1
    whole = await trusted.get(f"issues/{case.reference}")
    assert whole["withheld"] == 0 and SECRET in str(whole["answers"])


async def test_a_private_part_of_the_problem_is_left_out(gateway: Gateway, ada: Desk) -> None:
    case = await gateway.case(problem="It crashes", private={"private_problem": SECRET})
    plain, trusted = await machine(gateway, ada), await machine(gateway, ada, *SCOPES)
    assert (await plain.get(f"issues/{case.reference}"))["problem"] == "It crashes"
    assert SECRET in (await trusted.get(f"issues/{case.reference}"))["problem"]


async def test_an_issue_is_logged_once_for_each_id_and_waits_in_the_queue(gateway: Gateway, ada: Desk) -> None:
    program = await machine(gateway, ada)
    body = {"problem": "The nightly sync fails with QB-2107", "contact": "mia@bakery.example", "client_id": "run-7"}
    first, again = await program.ask("POST", "issues", body), await program.ask("POST", "issues", body)
    assert (first.status_code, again.status_code) == (201, 200) and first.json() == again.json()
    other = await program.ask("POST", "issues", {**body, "problem": "Another"})
    assert other.status_code == 409 and other.json()["error"]["code"] == "client_call_id_reused"
    waiting = (await ada.get("handoffs")).json()["handoffs"]
    assert first.json()["reference"] in [one["reference"] for one in waiting]
    timeline = (await ada.get(f"issues/{first.json()['reference']}")).json()["timeline"]
    assert timeline[0]["who"] == "Billing"
    assert (await program.ask("POST", "issues", {"problem": "x"})).status_code == 422


async def test_a_note_is_for_technicians_and_a_machine_resolves_only_what_nobody_works_on(
    gateway: Gateway, ada: Desk
) -> None:
    case, program = await gateway.case(), await machine(gateway, ada)
    kept = await program.ask("POST", f"issues/{case.reference}/notes", {"text": "The invoice 4111 1111 1111 1111"})
    assert kept.status_code == 201
    page = await ada.browser.get(f"/desk/conversations/{case.conversation_id}")
    assert "The invoice" in page.text and "4111 1111" not in page.text and "Billing" in page.text
    assert "The invoice" not in str(await case.reads())
    refused = await program.ask("POST", f"issues/{case.reference}/resolve")
    assert refused.status_code == 409 and refused.json()["error"]["code"] == "not_owner"
    await ada.claim(case)
    assert (await program.ask("POST", f"issues/{case.reference}/resolve")).status_code == 409
    await ada.post(f"conversations/{case.conversation_id}/return", {"note": "Install the update"})
    stale = await program.ask("POST", f"issues/{case.reference}/resolve", {"seen": "new"})
    assert stale.status_code == 409 and stale.json()["error"]["code"] == "changed"
    assert (await program.ask("POST", f"issues/{case.reference}/resolve")).json() == {"status": "resolved"}
    assert (await program.get(f"issues/{case.reference}"))["status"] == "resolved"


async def test_contracts_are_put_and_listed_and_reports_read(gateway: Gateway, ada: Desk) -> None:
    program = await machine(gateway, ada)
    contract = {"company": "Hartley", "status": "active", "starts_on": "2026-01-01", "email_domains": "hartley.example"}
    assert (await program.ask("PUT", "contracts/C-77", contract)).json() == {"number": "C-77"}
    assert (await program.ask("PUT", "contracts/c 77", {**contract, "status": "ended"})).json() == {"number": "C-77"}
    listed = (await program.get("contracts"))["contracts"]
    assert [(one["number"], one["status"]) for one in listed] == [("C-77", "ended")]
    wrong = await program.ask("PUT", "contracts/C-78", {"company": "x"})
    assert wrong.status_code == 422 and "starts_on" in wrong.json()["error"]["message"]
    assert (await program.get("reports", days="7"))["reports"]
    assert (await program.ask("GET", "reports", days="x")).status_code == 422


async def test_keys_are_made_by_administrators_with_known_scopes(gateway: Gateway, ada: Desk) -> None:
    eva = await gateway.technician("Eva", "supervisor")
    assert (await eva.post("api-keys", {"name": "x", "scopes": ["issues:read"]})).status_code == 403
    for wrong in (
        {"name": "", "scopes": ["issues:read"]},
        {"name": "x"},
        {"name": "x", "scopes": ["everything"]},
        {"name": "x", "scopes": ["issues:read"], "days": 0},
        {"name": "x", "scopes": ["issues:read"], "days": "soon"},
        {"name": "x", "scopes": "issues:read"},
    ):
        assert (await ada.post("api-keys", wrong)).status_code == 422, wrong
    ticked = await ada.post("api-keys", {"name": "x", "scope_issues:read": True, "days": ""})
    assert ticked.json()["key"]["scopes"] == ["issues:read"]
    assert ticked.json()["key"]["expires_at"] is None


async def test_a_key_that_is_too_fast_is_asked_to_wait(gateway: Gateway, ada: Desk) -> None:
    case, program = await gateway.case(), await machine(gateway, ada)
    limits = gateway.ctx.support.limits.model_copy(update={"messages_per_minute": 2})
    gateway.ctx.support = gateway.ctx.support.model_copy(update={"limits": limits})
    got = [(await program.ask("POST", f"issues/{case.reference}/notes", {"text": "x"})) for _ in range(3)]
    assert [one.status_code for one in got] == [201, 201, 429] and got[2].headers["Retry-After"]
