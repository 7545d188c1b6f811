"""The list of issues: sorted, saved as views, and one action on many of them."""

from typing import Any

from bot.services.desk import delayed_actions
from tests.support.gateway_fixture import Case, Desk, Gateway


async def bulk(desk: Desk, cases: list[Case], action: str, **target: Any) -> dict[str, dict[str, Any]]:
    body = {"references": [case.reference for case in cases], "action": action, **target}
    answer = await desk.post("issues/bulk", body)
    assert answer.status_code == 200, answer.text
    return {one["reference"]: one for one in answer.json()["results"]}


async def titles(desk: Desk, **query: str) -> list[str]:
    return [one["title"] for one in (await desk.get("issues", **query)).json()["issues"]]


async def test_the_list_is_sorted_and_paged(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for title in ("beta", "Alpha", "gamma"):
        await gateway.case(title)
    assert await titles(anna) == ["gamma", "Alpha", "beta"]
    assert await titles(anna, sort="title") == ["Alpha", "beta", "gamma"]
    assert await titles(anna, sort="-title") == ["gamma", "beta", "Alpha"]
    assert await titles(anna, sort="technician") == ["gamma", "Alpha", "beta"]
    assert await titles(anna, page="2") == []
    for wrong in ({"sort": "colour"}, {"page": "0"}, {"page": "401"}, {"page": "x"}):
        assert (await anna.get("issues", **wrong)).status_code == 422, wrong
    page = (await anna.browser.get("/desk/issues?sort=-title&status=open")).text
    assert 'aria-sort="descending"' in page and "Status: All open ones" in page


async def test_each_of_many_has_its_own_result(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    waits, mine, bens = await gateway.case(), await gateway.case(), await gateway.case()
    await anna.claim(mine)
    await ben.claim(bens)
    results = await bulk(anna, [waits, mine, bens], "assign", technician=ben.id)
    assert [results[one.reference]["done"] for one in (waits, mine, bens)] == [True, True, False]
    assert "colleague has this conversation" in results[bens.reference]["message"]
    rows = (await ben.get("handoffs")).json()["handoffs"]
    assert {row["reference"] for row in rows if row["for_me"]} == {waits.reference, mine.reference}
    moved = await bulk(anna, [waits], "transfer", team="systems")
    assert moved[waits.reference]["done"]
    assert (await anna.get(f"issues/{waits.reference}")).json()["team"] == "systems"
    tagged = await bulk(anna, [waits, mine, bens], "tag", name="release 12")
    assert all(one["done"] for one in tagged.values())
    assert (await anna.get("issues", tag="release 12")).json()["total"] == 3
    await bulk(anna, [bens], "untag", name="release 12")
    assert (await anna.get("issues", tag="release 12")).json()["total"] == 2


async def test_many_are_resolved_and_some_of_it_is_undone(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    one, two, waits = await gateway.case(), await gateway.case(), await gateway.case()
    for case in (one, two):
        await anna.claim(case)
    results = await bulk(anna, [one, two, waits], "resolve")
    assert not results[waits.reference]["done"], "it must be claimed first"
    assert (await anna.post(f"delayed/{results[one.reference]['delayed']['id']}/undo")).status_code == 204
    gateway.clock.advance(seconds=6)
    await delayed_actions.do_what_is_due(gateway.ctx)
    statuses = [(await ben.get(f"issues/{case.reference}")).json()["status"] for case in (one, two, waits)]
    assert statuses == ["in_progress", "resolved", "new"]
    again = await bulk(anna, [two], "resolve")
    assert "resolved already" in again[two.reference]["message"]


async def test_an_issue_nobody_works_on_is_resolved_with_undo_too(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    await anna.post(f"conversations/{case.conversation_id}/return", {"note": "Try again"})
    await anna.post(f"issues/{case.reference}/status", {"status": "waiting_customer"})
    answer = await anna.post(f"issues/{case.reference}/status", {"status": "resolved", "delay": True})
    assert answer.status_code == 202
    assert (await anna.get(f"issues/{case.reference}")).json()["status"] != "resolved"
    gateway.clock.advance(seconds=6)
    await delayed_actions.do_what_is_due(gateway.ctx)
    assert (await anna.get(f"issues/{case.reference}")).json()["status"] == "resolved"


async def test_a_request_that_makes_no_sense_changes_nothing(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    refused: tuple[dict[str, Any], ...] = (
        {},
        {"references": [], "action": "resolve"},
        {"references": [case.reference] * 101, "action": "resolve"},
        {"references": [case.reference], "action": "erase"},
        {"references": [case.reference], "action": ["tag"]},
        {"references": [case.reference], "action": "transfer", "team": "nowhere"},
        {"references": [case.reference], "action": "assign"},
        {"references": [case.reference], "action": "tag", "name": ""},
    )
    for body in refused:
        assert (await anna.post("issues/bulk", body)).status_code == 422, body


async def test_a_view_is_counted_for_whoever_reads_it_and_changed_by_its_owner(gateway: Gateway) -> None:
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    boss, case = await gateway.technician("Boss", "supervisor"), await gateway.case()
    await gateway.case()
    await anna.claim(case)
    mine = {"title": "Mine", "query": "technician=me&status=open&page=3", "shared": True}
    number = (await anna.post("views", mine)).json()["id"]
    await anna.post("views", {"title": "Private", "query": "q=crashes"})
    shown = {one["title"]: one for one in (await anna.get("views")).json()["views"]}
    assert (shown["Mine"]["count"], shown["Private"]["count"]) == (1, 2)
    assert shown["Mine"]["query"] == "technician=me&status=open"
    (seen,) = (await ben.get("views")).json()["views"]
    assert (seen["count"], seen["mine"], seen["owner"]) == (0, False, "Anna")
    assert (await ben.post(f"views/{number}", mine)).status_code == 404
    assert (await ben.browser.delete(f"/desk/api/views/{number}")).status_code == 404
    assert (await anna.post(f"views/{number}", {**mine, "title": "Open"})).status_code == 200
    assert "Open" in (await ben.browser.get("/desk/fragments/views")).text
    assert (await boss.browser.delete(f"/desk/api/views/{number}")).status_code == 204
    for query in ("", "nothing=1", "status=odd", None, "q=" + "x" * 5000):
        assert (await anna.post("views", {"title": "x", "query": query})).status_code == 422, query
