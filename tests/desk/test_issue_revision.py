"""The revision of an issue moves with every change that a page shows of it, and an edit of an old one is refused."""

import uuid
from typing import Any

import pytest

from tests.support.browser_windows import open_the_doors
from tests.support.gateway_fixture import Case, Desk, Gateway, first_event


async def revision(desk: Desk, case: Case) -> int:
    found: int = (await desk.about(case, "/messages?after_seq=999999"))["revision"]
    return found


async def mine(gateway: Gateway) -> tuple[Desk, Case]:
    open_the_doors(gateway)
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    return anna, case


@pytest.mark.parametrize(
    ("address", "body"),
    [
        ("issues/{reference}/edit", {"title": "Another title"}),
        ("issues/{reference}/edit", {"impact": "data_loss"}),
        ("issues/{reference}/edit", {"team": "data"}),
        ("issues/{reference}/edit", {"answers": {"product_version": "12.2.1"}}),
        ("issues/{reference}/status", {"status": "waiting_customer"}),
        ("issues/{reference}/minutes", {"minutes": 20}),
        ("issues/{reference}/payments", {"hours": "1", "brand": "VISA", "authorisation": "A-4711"}),
        ("conversations/{conversation}/call", {}),
    ],
    ids=["title", "impact", "team", "answer", "status", "minutes", "payment", "call"],
)
async def test_it_moves_with_what_a_technician_does(gateway: Gateway, address: str, body: dict[str, Any]) -> None:
    anna, case = await mine(gateway)
    before = await revision(anna, case)
    named = address.format(reference=case.reference, conversation=case.conversation_id)
    if address.endswith("/edit"):
        body = {**body, "revision": before}
    answer = await anna.post(named, body)
    assert answer.status_code in (200, 201), answer.text
    assert await revision(anna, case) > before


async def test_it_moves_for_both_linked_issues(gateway: Gateway) -> None:
    anna, case = await mine(gateway)
    other = await gateway.case("the same thing")
    before = await revision(anna, case), await revision(anna, other)
    await anna.post(f"issues/{case.reference}/link", {"kind": "related", "other": other.reference})
    assert await revision(anna, case) > before[0]
    assert await revision(anna, other) > before[1]


async def test_it_moves_with_a_known_problem_and_with_a_file(gateway: Gateway) -> None:
    anna, case = await mine(gateway)
    before = await revision(anna, case)
    boss = await gateway.technician("Bo", "supervisor")
    fields = {"title": "Printing fails", "text": "Being worked on.", "references": case.reference}
    assert (await boss.post("known-problems", fields)).status_code == 201
    linked = await revision(anna, case)
    assert linked > before
    headers = {"Authorization": f"Bearer {case.token}"}
    place = f"/api/conversations/{case.conversation_id}"
    sent = await case.browser.post(f"{place}/attachments", files={"file": ("a.txt", b"log")}, headers=headers)
    message = {"client_message_id": str(uuid.uuid4()), "text": "See", "attachments": [sent.json()["attachment_id"]]}
    assert (await case.browser.post(f"{place}/messages", json=message, headers=headers)).status_code == 202
    assert await revision(anna, case) > linked


async def test_it_stays_when_a_message_is_only_read_and_written(gateway: Gateway) -> None:
    anna, case = await mine(gateway)
    await anna.say(case, "Hello")
    before = await revision(anna, case)
    await anna.get(f"issues/{case.reference}")
    await anna.say(case, "Are you there?")
    assert await revision(anna, case) == before


async def edit(desk: Desk, case: Case, **fields: Any) -> tuple[int, dict[str, Any]]:
    answer = await desk.post(f"issues/{case.reference}/edit", fields)
    return answer.status_code, answer.json()


async def test_who_saves_second_learns_what_changed(gateway: Gateway) -> None:
    tess, case = await mine(gateway)
    ted = await gateway.technician("Ted")
    read = (await tess.get(f"issues/{case.reference}")).json()
    assert (await edit(ted, case, title="Ted's title", revision=read["revision"]))[0] == 200
    code, refused = await edit(tess, case, title="Tess's title", revision=read["revision"])
    assert (code, refused["error"]["code"]) == (409, "changed")
    assert "the problem in one line" in refused["error"]["message"] and "Ted" not in refused["error"]["message"]
    now = (await tess.get(f"issues/{case.reference}")).json()
    assert now["title"] == "Ted's title"
    assert (await edit(tess, case, title="Tess's title", revision=now["revision"]))[0] == 200


@pytest.mark.parametrize("named", [{}, {"revision": None}, {"revision": "1"}, {"revision": True}, {"revision": 1.0}])
async def test_an_edit_that_names_no_revision_is_refused(gateway: Gateway, named: dict[str, Any]) -> None:
    """It would overwrite whatever a colleague has changed since it was read."""
    tess, case = await mine(gateway)
    before = (await tess.get(f"issues/{case.reference}")).json()
    code, refused = await edit(tess, case, title="Tess's title", seen={"title": before["title"]}, **named)
    assert (code, refused["error"]["code"]) == (422, "no_revision")
    assert "load the issue again" in refused["error"]["message"]
    after = (await tess.get(f"issues/{case.reference}")).json()
    assert (after["title"], after["revision"]) == (before["title"], before["revision"])


async def test_the_stream_of_an_issue_reports_a_colleagues_edit(gateway: Gateway) -> None:
    tess, case = await mine(gateway)
    ted = await gateway.technician("Ted")
    async with tess.browser.stream("GET", f"/desk/api/issues/{case.reference}/events") as stream:
        first = await first_event(stream, "issue")
        await ted.edit(case, title="Ted's title")
        assert (await first_event(stream, "issue"))["revision"] > first["revision"]
    for address in ("issues/TR-111/events", "issues/TR-483-920-179/events"):
        assert (await tess.get(address)).status_code in (404, 422)


async def test_an_edit_of_other_fields_goes_through(gateway: Gateway) -> None:
    tess, case = await mine(gateway)
    ted = await gateway.technician("Ted")
    read = (await tess.get(f"issues/{case.reference}")).json()
    assert (await ted.edit(case, title="Ted's title", answers={"product_version": "12.2.1"})).status_code == 200
    seen = {"impact": None, "answers": {"error_text": ""}}
    fields = {"impact": "data_loss", "answers": {"error_text": "QB-1"}, "revision": read["revision"], "seen": seen}
    code, issue = await edit(tess, case, **fields)
    assert (code, issue["title"], issue["impact"]) == (200, "Ted's title", "data_loss")
    again = {
        "answers": {"product_version": "11"},
        "revision": read["revision"],
        "seen": {"answers": {"product_version": ""}},
    }
    code, refused = await edit(tess, case, **again)
    assert code == 409 and "Version" in refused["error"]["message"]


async def test_a_status_is_set_on_the_one_that_was_seen(gateway: Gateway) -> None:
    tess, case = await mine(gateway)
    wanted = {"status": "waiting_customer", "seen": "new"}
    answer = await tess.post(f"issues/{case.reference}/status", wanted)
    assert answer.status_code == 409 and "In progress" in answer.json()["error"]["message"]
    answer = await tess.post(f"issues/{case.reference}/status", {**wanted, "seen": "in_progress"})
    assert answer.status_code == 200
