"""Tags of issues: given, removed, searched for, and never a customer's."""

from sqlalchemy import select

from bot.store.tables import AuditEntry, Tag
from tests.support.gateway_fixture import Case, Desk, Gateway


async def names(desk: Desk, case: Case) -> list[str]:
    return [tag["name"] for tag in (await desk.get(f"issues/{case.reference}")).json()["tags"]]


async def test_a_tag_is_given_once_however_it_is_spelt(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    before = (await anna.get(f"issues/{case.reference}")).json()["revision"]
    for name in ("Printer", "#printer", "  PRINTER "):
        assert (await anna.post(f"issues/{case.reference}/tags", {"name": name})).status_code == 200
    await anna.post(f"issues/{case.reference}/tags", {"name": "after update"})
    assert await names(anna, case) == ["after update", "Printer"]
    assert (await anna.get(f"issues/{case.reference}")).json()["revision"] == before + 2
    listed = (await anna.get("tags")).json()["tags"]
    assert [(one["name"], one["issues"]) for one in listed] == [("after update", 1), ("Printer", 1)]


async def test_a_removed_tag_is_gone_when_no_issue_has_it(gateway: Gateway) -> None:
    anna, one, two = await gateway.technician("Anna"), await gateway.case(), await gateway.case()
    for case in (one, two):
        await anna.post(f"issues/{case.reference}/tags", {"name": "vat"})
    assert (await anna.post(f"issues/{one.reference}/tags/remove", {"name": "VAT"})).json()["tags"] == []
    assert (await anna.get("tags")).json()["tags"][0]["issues"] == 1
    await anna.post(f"issues/{two.reference}/tags/remove", {"name": "vat"})
    assert (await anna.get("tags")).json()["tags"] == []


async def test_what_is_no_name_is_refused(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    for name in (None, 3, "", "#", "x" * 41, "4111 1111 1111 1111", "ß" * 40):
        answer = await anna.post(f"issues/{case.reference}/tags", {"name": name})
        assert answer.status_code == 422, name
    for number in range(12):
        await anna.post(f"issues/{case.reference}/tags", {"name": f"tag {number}"})
    assert (await anna.post(f"issues/{case.reference}/tags", {"name": "one too many"})).status_code == 422


async def test_lists_are_narrowed_down_to_a_tag(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await gateway.case()
    await anna.post(f"issues/{case.reference}/tags", {"name": "vat"})
    for query in ({"tag": "VAT"}, {"q": "#vat"}, {"q": "#vat crashes"}):
        found = (await anna.get("issues", **query)).json()
        assert [one["reference"] for one in found["issues"]] == [case.reference], query
        assert found["issues"][0]["tags"][0]["name"] == "vat"
    assert (await anna.get("issues", tag="none")).json()["total"] == 0
    assert '"vat"' in (await anna.get("issues.csv", tag="vat")).text
    assert "vat" in (await anna.browser.get("/desk")).text
    assert "vat" in (await anna.browser.get(f"/desk/conversations/{case.conversation_id}")).text


async def test_the_audit_names_the_tag_by_its_number_and_the_customer_sees_none(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.post(f"issues/{case.reference}/tags", {"name": "difficult customer"})
    async with gateway.ctx.db.read() as session:
        tag = await session.scalar(select(Tag))
        entry = await session.scalar(select(AuditEntry).where(AuditEntry.action == "issue.tag"))
    assert tag is not None and entry is not None and entry.details == {"tag": tag.id}
    assert "difficult" not in str(await case.reads())
