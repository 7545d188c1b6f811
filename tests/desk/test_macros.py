"""Macros: written by whom they concern, applied as a whole or not at all."""

import uuid
from typing import Any

from tests.support.gateway_fixture import Case, Desk, Gateway

ASK_FOR_LOG = {
    "title": "Ask for the log",
    "text": "Hello {customer}, please send the log of {reference}.",
    "status": "waiting_customer",
    "tags": "log, waiting",
}


async def kept(boss: Desk, **fields: Any) -> int:
    answer = await boss.post("macros", {**ASK_FOR_LOG, **fields})
    assert answer.status_code == 201, answer.text
    number: int = answer.json()["id"]
    return number


async def claimed(gateway: Gateway) -> tuple[Desk, Desk, Case]:
    boss, anna = await gateway.technician("Boss", "supervisor"), await gateway.technician("Anna")
    case = await gateway.case()
    await anna.claim(case)
    return boss, anna, case


async def test_a_macro_is_read_filled_in_and_then_done_as_a_whole(gateway: Gateway) -> None:
    boss, anna, case = await claimed(gateway)
    number = await kept(boss)
    (shown,) = (await anna.get("macros", conversation=case.conversation_id)).json()["macros"]
    assert shown["text"] == f"Hello, please send the log of {case.reference}."
    assert shown["does"] == [
        "Adds the tag “log”",
        "Adds the tag “waiting”",
        "Sets the status: Waiting for the customer",
    ]
    assert shown["editable"] is False
    address, body = f"conversations/{case.conversation_id}/macros/{number}", {"text": shown["text"]}
    body["client_message_id"] = str(uuid.uuid4())
    for _ in range(2):
        assert (await anna.post(address, body)).status_code == 200
    said = [one["text"] for one in (await case.reads())["messages"] if one["author"] == "technician"]
    assert said == [shown["text"]]
    issue = (await anna.get(f"issues/{case.reference}")).json()
    assert [tag["name"] for tag in issue["tags"]] == ["log", "waiting"]
    assert issue["status"] == "waiting_customer"


async def test_a_macro_resolves_or_transfers(gateway: Gateway) -> None:
    boss, anna, case = await claimed(gateway)
    solved = await kept(boss, title="Solved", text="", status="resolved", tags=[])
    passed = await kept(boss, title="Pass on", text="", status=None, tags=[], to_team="systems")
    assert (await anna.post(f"conversations/{case.conversation_id}/macros/{passed}")).json()["owner"] == "queue"
    row = (await anna.get("handoffs")).json()["handoffs"][0]
    assert row["team"] == "systems"
    await anna.post(f"handoffs/{row['id']}/claim")
    assert (await anna.post(f"conversations/{case.conversation_id}/macros/{solved}")).json()["owner"] == "closed"


async def test_nothing_is_done_by_whoever_has_not_the_conversation(gateway: Gateway) -> None:
    boss, _, case = await claimed(gateway)
    number = await kept(boss)
    body = {"text": "Hello", "client_message_id": "x"}
    answer = await boss.post(f"conversations/{case.conversation_id}/macros/{number}", body)
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "not_owner")
    assert (await boss.get(f"issues/{case.reference}")).json()["tags"] == []


async def test_what_makes_no_macro_is_refused(gateway: Gateway) -> None:
    boss, anna, _ = await claimed(gateway)
    refused: tuple[dict[str, Any], ...] = (
        {"title": ""},
        {"text": "{nobody}"},
        {"status": "new"},
        {"to_team": "nowhere"},
        {"status": "resolved", "to_team": "systems"},
        {"text": "", "tags": [], "status": None},
        {"tags": ["x"] * 7},
        {"tags": {"a": 1}},
    )
    for wrong in refused:
        assert (await boss.post("macros", {**ASK_FOR_LOG, **wrong})).status_code == 422, wrong
    assert (await anna.post("macros", ASK_FOR_LOG)).status_code == 422, "for all teams is for supervisors"
    number = await kept(boss)
    assert (await anna.post(f"macros/{number}", {**ASK_FOR_LOG, "team": None})).status_code == 422
    assert (await anna.browser.delete(f"/desk/api/macros/{number}")).status_code == 404
    assert (await boss.post(f"macros/{number}", {**ASK_FOR_LOG, "title": "Other"})).json()["title"] == "Other"
    assert "Other" in (await boss.browser.get("/desk/macros")).text
    assert (await boss.browser.delete(f"/desk/api/macros/{number}")).status_code == 204
