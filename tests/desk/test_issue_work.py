"""What technicians do with issues: put them right, link them, find them again, take them along, hand them over."""

import asyncio
import csv
import io
import re
from datetime import date
from typing import Any

import pytest
from sqlalchemy import select

from bot.desk.issue_table import harmless
from bot.services.hand_off import phone_calls, transitions
from bot.store.tables import AuditEntry, Contract, Customer, HandOff, Issue, Technician
from tests.support.gateway_fixture import Case, Desk, Gateway


async def claimed(gateway: Gateway, **answers: str) -> tuple[Desk, Case]:
    anna, case = await gateway.technician("Anna"), await gateway.case(private=None, **answers)
    assert (await anna.claim(case)).status_code == 200
    return anna, case


async def page(desk: Desk, address: str) -> str:
    answer = await desk.browser.get(f"/desk/{address}")
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_fields_are_corrected_and_stay_so_when_the_customer_adds_to_the_problem(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    fields: dict[str, Any] = {"title": "Printing stops after an update", "team": "data"}
    fields["answers"] = {"product_version": "12.2.1"}
    issue = (await anna.edit(case, **fields)).json()
    assert (issue["title"], issue["team"]) == (fields["title"], "data")
    assert ("product_version", "12.2.1") in [(one["question_id"], one["value"]) for one in issue["answers"]]
    assert issue["timeline"][-1]["what"] == (
        "edited the issue: the problem in one line, team Applications → Data recovery, Version"
    )
    await anna.edit(case, category="crash_error", answers={"problem": "It crashes"})
    issue = (await anna.get(f"issues/{case.reference}")).json()
    assert (issue["title"], issue["team"], issue["category"]) == (fields["title"], "data", "crash_error")


@pytest.mark.parametrize(
    "fields",
    [
        {},
        {"owner": "me"},
        {"title": ""},
        {"team": "nobody"},
        {"category": "nothing"},
        {"impact": "huge"},
        {"answers": {"shoe_size": "43"}},
        {"answers": "all"},
    ],
)
async def test_what_cannot_be_taken_changes_nothing(gateway: Gateway, fields: dict[str, object]) -> None:
    anna, case = await claimed(gateway)
    before = (await anna.get(f"issues/{case.reference}")).json()["updated_at"]
    assert (await anna.edit(case, **fields)).status_code == 422
    assert (await anna.get(f"issues/{case.reference}")).json()["updated_at"] == before


async def test_the_audit_of_an_edit_holds_no_words(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await anna.edit(case, title="A secret matter", impact="data_loss")
    async with gateway.ctx.db.read() as session:
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "issue.edit"))
    assert entry is not None and entry.details["fields"] == ["title", "impact"]
    assert "secret" not in str(entry.details)


async def test_a_duplicate_leaves_the_queue_and_is_resolved_with_the_other_under_its_own_reference(
    gateway: Gateway,
) -> None:
    anna, kept = await claimed(gateway)
    double = await gateway.case("it crashes here too")
    linked = await anna.post(f"issues/{double.reference}/link", {"other": kept.reference, "kind": "duplicate"})
    assert linked.status_code == 200 and linked.json()["links"][0]["reference"] == kept.reference
    told = await double.reads()
    assert told["owner"] == "assistant" and double.reference in told["messages"][-1]["text"]
    assert kept.reference not in str(told), "another customer's reference is nobody's business"
    again = await anna.post(f"issues/{kept.reference}/link", {"other": double.reference, "kind": "related"})
    assert again.json()["error"]["code"] == "linked"
    await anna.post(f"conversations/{kept.conversation_id}/resolve")
    assert (await anna.get(f"issues/{double.reference}")).json()["status"] == "resolved"
    assert double.reference in (await double.reads())["messages"][-1]["text"]


@pytest.mark.parametrize("named_first", ["duplicate", "kept"])
async def test_a_link_taken_back_puts_the_duplicate_where_it_was(gateway: Gateway, named_first: str) -> None:
    anna, kept = await claimed(gateway)
    double, behind = await gateway.case("it crashes here too"), await gateway.case("another")
    before = (await double.reads())["queue_position"], (await behind.reads())["queue_position"]
    await anna.post(f"issues/{double.reference}/link", {"other": kept.reference, "kind": "duplicate"})
    one, two = (double, kept) if named_first == "duplicate" else (kept, double)
    answer = await anna.post(f"issues/{one.reference}/unlink", {"other": two.reference})
    assert answer.status_code == 200 and answer.json()["links"] == []
    told = await double.reads()
    assert told["owner"] == "queue"
    assert (told["queue_position"], (await behind.reads())["queue_position"]) == before
    assert f"{double.reference} is worked on by itself again" in str(told["messages"])
    assert kept.reference not in str(told)
    await anna.post(f"conversations/{kept.conversation_id}/resolve")
    issue = (await anna.get(f"issues/{double.reference}")).json()
    assert (issue["status"], issue["technician"]) == ("new", None)
    assert "took the link to another issue back" in str(issue["timeline"])
    again = await anna.post(f"issues/{one.reference}/unlink", {"other": two.reference})
    assert again.json()["error"]["code"] == "not_linked"


async def test_a_related_issue_is_unlinked_without_a_word_to_customers(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    other = await gateway.case("another")
    await anna.post(f"issues/{case.reference}/link", {"other": other.reference, "kind": "related"})
    before = (await case.reads())["messages"], (await other.reads())["messages"]
    await anna.post(f"issues/{case.reference}/unlink", {"other": other.reference})
    assert ((await case.reads())["messages"], (await other.reads())["messages"]) == before
    assert (await anna.get(f"issues/{case.reference}")).json()["links"] == []


async def test_an_issue_names_its_customer_and_their_company(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    async with gateway.ctx.db.write() as session:
        session.add(Contract(number="C-1", company="Mia's Bakery", starts_on=date(2026, 1, 1)))
        await session.flush()
        issue = await session.scalar(select(Issue).where(Issue.reference == case.reference))
        assert issue is not None
        customer = await session.get_one(Customer, issue.customer_id)
        customer.name, customer.contract_number = "Mia", "C-1"
    shown = (await anna.get(f"issues/{case.reference}")).json()
    assert (shown["customer"], shown["company"]) == ("Mia", "Mia's Bakery")


async def test_a_resolved_issue_is_reopened_and_belongs_to_who_did_it(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await anna.post(f"conversations/{case.conversation_id}/resolve")
    ben = await gateway.technician("Ben")
    assert "data-take>Reopen" in await page(ben, f"issues/{case.reference}")
    taken = await ben.post(f"issues/{case.reference}/take")
    assert taken.json() == {"conversation_id": case.conversation_id}
    assert (await ben.say(case, "I looked again")).status_code == 201
    assert (await anna.post(f"issues/{case.reference}/take")).json()["error"]["code"] == "taken"


async def test_filters_are_kept_in_the_address_and_in_the_export(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    other = await gateway.case("slow on Mondays")
    await anna.edit(other, team="systems")
    shown = await page(anna, "issues?team=systems&status=open")
    assert other.reference in shown and case.reference not in shown
    assert re.search(r'value="systems" selected', shown)
    export = re.search(r'href="(/desk/api/issues.csv[^"]*)"', shown)
    assert export is not None and "team=systems" in export.group(1)
    mine = (await anna.get("issues", technician="me")).json()["issues"]
    assert [issue["reference"] for issue in mine] == [case.reference]
    for bad in ({"technician": "Anna"}, {"since": "yesterday"}, {"impact": "x"}, {"before": "-1"}):
        assert (await anna.get("issues", **bad)).status_code == 422


async def test_the_list_goes_on_with_older_ones(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    cases = [await gateway.case(), await gateway.case()]
    newest = (await anna.get("issues")).json()["issues"][0]
    older = (await anna.get("issues", before=newest["id"])).json()["issues"]
    assert [issue["reference"] for issue in older] == [cases[0].reference]


async def test_the_export_runs_nothing_in_a_spreadsheet(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await gateway.case('=HYPERLINK("http://evil.example","click")', contact="+1 555 010 2030")
    answer = await anna.get("issues.csv")
    assert answer.headers["content-type"].startswith("text/csv")
    (row,) = csv.DictReader(io.StringIO(answer.text.removeprefix("\ufeff")))
    assert row["title"].startswith("'=HYPERLINK") and row["contact"] == "'+1 555 010 2030"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1"])
def test_a_cell_that_could_be_a_formula_is_made_harmless(cell: str) -> None:
    assert harmless(cell) == f"'{cell}"
    assert harmless("a=1") == "a=1"


async def test_a_caller_gets_a_reference_that_can_be_read_out(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    fields = {
        "problem": "The till prints nothing",
        "contact": "0151 23456789",
        "name": "Mia",
        "category": "crash_error",
        "answers": {"product_version": "12.2.1"},
    }
    answer = await anna.post("calls", fields)
    assert answer.status_code == 201, answer.text
    logged = answer.json()
    assert logged["reference_spoken"] and logged["reference_spoken"] != logged["reference"]
    details = (await anna.get(f"conversations/{logged['conversation_id']}")).json()
    assert details["state"]["mine"] and details["state"]["call_began"]
    assert details["customer"]["name"] == "Mia" and details["contact"]["phone_href"]
    assert [item["value"] for item in details["glance"] if item["key"] == "version"] == ["12.2.1"]
    for missing in ("problem", "contact"):
        assert (await anna.post("calls", {**fields, missing: " "})).status_code == 422


CALL = {"problem": "The till prints nothing", "contact": "0151 23456789", "client_call_id": "call-1"}


async def test_a_call_that_is_sent_again_is_logged_once(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    answers = await asyncio.gather(*(anna.post("calls", CALL) for _ in range(3)))
    assert sorted(answer.status_code for answer in answers) == [200, 200, 201]
    assert len({answer.json()["reference"] for answer in answers}) == 1
    assert len((await anna.get("issues")).json()["issues"]) == 1
    other = await anna.post("calls", {**CALL, "problem": "Another one"})
    assert (other.status_code, other.json()["error"]["code"]) == (409, "client_call_id_reused")
    assert (await ben.post("calls", CALL)).status_code == 201, "each technician has ids of their own"


async def test_a_call_is_logged_whole_or_not_at_all(gateway: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    anna = await gateway.technician("Anna")

    def no_line(*_: object) -> None:
        raise OSError

    monkeypatch.setattr(phone_calls, "begin_call", no_line)
    assert (await anna.post("calls", CALL)).status_code >= 500
    assert (await anna.get("issues")).json()["issues"] == []
    assert (await anna.get("handoffs", state="all")).json()["handoffs"] == []
    monkeypatch.undo()
    assert (await anna.post("calls", CALL)).status_code == 201


async def test_a_colleague_who_claims_while_the_day_is_handed_over_keeps_the_issue(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben")

    async def claim_as_soon_as_it_waits() -> None:
        async with asyncio.timeout(20):
            while True:
                async with gateway.ctx.db.read() as session:
                    waiting = await session.scalar(select(HandOff.id).where(HandOff.state == "waiting"))
                    technician = await session.get_one(Technician, ben.id)
                if waiting is not None:
                    await transitions.claim(gateway.ctx, waiting, technician)
                    return
                await asyncio.sleep(0)

    items = [{"reference": case.reference, "team": "data", "note": "look at the driver"}]
    await asyncio.gather(claim_as_soon_as_it_waits(), anna.post("handover", {"items": items}))
    details = await ben.about(case)
    assert (details["state"]["owner_name"], details["issue"]["technician"]) == ("Ben", "Ben")


async def test_what_a_colleague_has_claimed_is_no_longer_mine_to_hand_over(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben")
    await anna.post(f"conversations/{case.conversation_id}/transfer", {"team": "data"})
    waiting = (await ben.get("handoffs", state="waiting")).json()["handoffs"]
    await ben.post(f"handoffs/{waiting[0]['id']}/claim")
    (item,) = (await anna.post("handover", {"items": [{"reference": case.reference, "team": "data"}]})).json()["items"]
    assert not item["done"] and "no open issue of yours" in item["message"]
    assert (await ben.about(case))["state"]["mine"]


async def test_the_day_is_handed_over_with_notes_and_the_customer_hears_who_goes_on(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    waiting = await gateway.case("a licence question")
    await anna.claim(waiting)
    await anna.post(f"conversations/{waiting.conversation_id}/return", {"note": "done"})
    ben = await gateway.technician("Ben")
    work = (await anna.get("handover")).json()["work"]
    assert [(item["reference"], item["in_conversation"]) for item in work] == [
        (case.reference, True),
        (waiting.reference, False),
    ]
    items = [
        {"reference": case.reference, "technician": ben.id, "note": "look at the driver"},
        {"reference": waiting.reference, "team": "data", "note": "call on Friday"},
        {"reference": "TR-000-000-000", "team": "data"},
    ]
    done = (await anna.post("handover", {"items": items})).json()["items"]
    assert [one["done"] for one in done] == [True, True, False]
    assert (await anna.get("handover")).json()["work"] == []
    told = (await case.reads())["messages"][-1]["text"]
    assert "Ben goes on" in told and case.reference in told
    assert "driver" not in str(await case.reads())
    assert "look at the driver" in str(await ben.about(case, "/messages"))
    assert "call on Friday" in str(await ben.about(waiting, "/messages"))


async def test_canned_replies_are_filled_in_and_kept_by_team(gateway: Gateway) -> None:
    boss, anna = await gateway.technician("Bo", "supervisor"), await gateway.technician("Anna")
    case = await gateway.case()
    kept = await boss.post(
        "canned", {"title": "Greeting", "text": "{technician} here about {reference}.", "team": None}
    )
    assert kept.status_code == 201
    reply_id = kept.json()["id"]
    (filled,) = (await anna.get("canned", conversation=case.conversation_id)).json()["replies"]
    assert filled["text"] == f"Anna here about {case.reference}." and filled["editable"] is False
    assert (await anna.post(f"canned/{reply_id}", {"title": "x", "text": "y", "team": "data"})).status_code in (
        404,
        422,
    )
    assert (await anna.browser.delete(f"/desk/api/canned/{reply_id}")).status_code == 404
    wrong = await boss.post("canned", {"title": "x", "text": "Dear {costumer}", "team": None})
    assert wrong.status_code == 422 and "customer" in wrong.json()["error"]["message"]
    assert "Greeting" in await page(boss, "replies")
    assert (await boss.browser.delete(f"/desk/api/canned/{reply_id}")).status_code == 204
    assert (await boss.get("canned")).json()["replies"] == []


async def test_who_looks_at_lists_is_recorded(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await gateway.case()
    for _ in range(2):
        await anna.get("handoffs")
    await anna.get("issues", q="printer")
    await anna.get("issues.csv")
    async with gateway.ctx.db.read() as session:
        seen = list(await session.scalars(select(AuditEntry.action).where(AuditEntry.action.startswith("desk."))))
        details = [entry.details for entry in await session.scalars(select(AuditEntry))]
    assert (seen.count("desk.queue"), seen.count("desk.search"), seen.count("desk.export")) == (1, 1, 1)
    assert "printer" not in str(details)


async def test_the_pages_of_the_day_can_be_opened(gateway: Gateway) -> None:
    anna, case = await claimed(gateway, product_version="12.2.1", what_changed="an update at night")
    shown = await page(anna, f"conversations/{case.conversation_id}")
    assert "an update at night" in shown and "dialog-canned" in shown
    for address in ("", "day", "call", "replies", "issues", f"issues/{case.reference}"):
        assert "<h1" in await page(anna, address)
