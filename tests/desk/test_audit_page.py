"""The audit as a page, and the figures above the reports."""

from typing import Any

from tests.support.gateway_fixture import Desk, Gateway


async def entries(boss: Desk, **filters: str) -> list[dict[str, Any]]:
    answer = await boss.get("audit", **filters)
    assert answer.status_code == 200, answer.text
    found: list[dict[str, Any]] = answer.json()["entries"]
    return found


async def test_supervisors_read_who_did_what_and_nobodys_words(gateway: Gateway) -> None:
    anna, boss = await gateway.technician("Anna"), await gateway.technician("Boss", "supervisor")
    case, other = await gateway.case("Nobody can print payslips"), await gateway.case()
    await anna.claim(case)
    await anna.post(f"conversations/{case.conversation_id}/notes", {"text": "very secret"})
    found = await entries(boss, technician=str(anna.id))
    assert {"desk.note", "owner.claim"} <= {one["action"] for one in found}
    assert {one["who"] for one in found} == {"Anna"}
    assert {one["reference"] for one in await entries(boss, reference=other.reference)} == {other.reference}
    (note,) = await entries(boss, action="desk.note")
    assert note["what"] == "added a private note" and set(note["about"]) == {"note"}
    whole = await boss.browser.get("/desk/audit?readings=yes")
    assert "payslips" not in whole.text and "secret" not in whole.text and "Read the audit" in whole.text
    assert await entries(boss, until="2000-01-01") == []
    for wrong in ({"technician": "x"}, {"since": "soon"}, {"page": "0"}, {"page": "x"}, {"reference": "hello"}):
        assert (await boss.get("audit", **wrong)).status_code == 422, wrong
    assert (await anna.get("audit")).status_code == 403


async def test_reports_begin_with_figures_and_are_one_csv(gateway: Gateway) -> None:
    anna, boss = await gateway.technician("Anna"), await gateway.technician("Boss", "supervisor")
    await gateway.case()
    gateway.clock.advance(days=8)
    for _ in range(2):
        case = await gateway.case()
        await anna.sign_in()
        await anna.claim(case)
        await anna.say(case, "Hello")
    await boss.sign_in()
    page = (await boss.browser.get("/desk/reports?days=7")).text
    assert "<b>2</b>" in page and "before: 1" in page
    whole = await boss.get("reports/all.csv", days=7)
    assert whole.status_code == 200
    assert all(title in whole.text for title in ("Waiting time", "Targets", "Customer rating"))
