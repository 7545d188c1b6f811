"""Contracts and customers' data at the desk: for admins only, audited, said in words."""

import httpx

from tests.support.gateway_fixture import Desk, Gateway

CSV = "number,company,status,starts_on\nC-1,Bakery,active,2026-01-01\n"


async def upload(desk: Desk, text: str, dry_run: bool = False) -> httpx.Response:
    return await desk.browser.post(
        "/desk/api/contracts/import",
        files={"file": ("contracts.csv", text.encode())},
        data={"dry_run": "true"} if dry_run else {},
    )


async def test_others_than_admins_see_neither(gateway: Gateway) -> None:
    for role in ("technician", "supervisor"):
        desk = await gateway.technician(role.capitalize(), role)
        for page in ("contracts", "privacy"):
            assert (await desk.browser.get(f"/desk/administration/{page}")).status_code == 403
        assert (await desk.get("contracts")).status_code == 403
        assert (await desk.get("customers/1/export")).status_code == 403
        assert (await desk.post("customers/1/erase", {"sure": "1"})).status_code == 403


async def test_a_dry_run_an_import_and_an_edit(gateway: Gateway) -> None:
    boss = await gateway.technician("Boss", "admin")
    assert "1 contracts are fine" in (await upload(boss, CSV, dry_run=True)).json()["told"]
    assert (await boss.get("contracts")).json()["contracts"] == []
    refused = await upload(boss, CSV + "C-2,,active,soon\n")
    assert refused.status_code == 422 and "Row 3, company" in refused.json()["error"]["message"]
    assert (await boss.get("contracts")).json()["contracts"] == []
    assert (await upload(boss, CSV)).json()["contracts"] == 1
    changed = {"number": "C-1", "company": "Bakery & Co", "status": "active", "starts_on": "2026-01-01"}
    assert (await boss.post("contracts", changed)).status_code == 200
    wrong = await boss.post("contracts", {**changed, "starts_on": "soon"})
    assert wrong.status_code == 422 and "starts_on" in wrong.json()["error"]["message"]
    page = (await boss.browser.get("/desk/administration/contracts?q=bakery")).text
    assert "Bakery &amp; Co" in page and "in force" in page


async def test_find_download_and_erase(gateway: Gateway) -> None:
    boss, case = await gateway.technician("Boss", "admin"), await gateway.case(contact="mia@bakery.example")
    page = (await boss.browser.get("/desk/administration/privacy", params={"q": "mia@bakery.example"})).text
    assert case.reference in page
    told = await boss.get("customers/1/export")
    assert told.json()["references"] == [case.reference]
    assert told.headers["content-disposition"] == 'attachment; filename="customer-1.json"'
    assert (await boss.post("customers/1/erase", {"sure": "2"})).status_code == 422
    waiting = await boss.post("customers/1/erase", {"sure": "1"})
    assert (waiting.status_code, waiting.json()["error"]["code"]) == (409, "under_way")
    await boss.claim(case)
    await boss.post(f"conversations/{case.conversation_id}/resolve")
    assert (await boss.post("customers/1/erase", {"sure": "1"})).status_code == 200
    assert (await case.get(f"conversations/{case.conversation_id}/messages")).status_code == 401
    for address in ("/desk?state=all", f"/desk/issues/{case.reference}", f"/desk/conversations/{case.conversation_id}"):
        after = await boss.browser.get(address, follow_redirects=True)
        assert after.status_code == 200 and "bakery" not in after.text
