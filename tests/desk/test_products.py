"""One desk for several products: a chip on each issue, filters, reports, and the move to another; none with one."""

import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from bot.store.tables import Conversation, HandOff, Issue
from tests.support.gateway_fixture import Case, Desk, Gateway
from tests.support.products import LEDGER, STOCKROOM, two_products

SCANNER = "The scanner reads no barcode since today"
YEAR = "The invoices of the year cannot be closed"


@pytest.fixture
def several(gateway: Gateway) -> Gateway:
    gateway.ctx.support = two_products()
    return gateway


@pytest.fixture
async def cases(several: Gateway) -> dict[str | None, Case]:
    return {
        STOCKROOM: await several.case(SCANNER, product=STOCKROOM),
        LEDGER: await several.case(YEAR, product=LEDGER),
        None: await several.case("It crashes"),
    }


@pytest.fixture
async def anna(several: Gateway) -> Desk:
    return await several.technician("Anna", "supervisor")


async def listed(desk: Desk, product: str) -> set[str]:
    found = (await desk.get("issues", product=product)).json()
    return {one["reference"] for one in found["issues"]}


async def shown(desk: Desk, address: str) -> str:
    answer = await desk.browser.get(address)
    assert answer.status_code == 200, answer.text
    return answer.text


async def test_an_issue_is_of_its_product_with_that_products_category_and_team(
    several: Gateway, cases: dict[str | None, Case], anna: Desk
) -> None:
    found = (await anna.get(f"issues/{cases[STOCKROOM].reference}")).json()
    assert (found["product"], found["product_title"]) == (STOCKROOM, "Stockroom")
    assert (found["category"], found["category_title"], found["team"]) == ("scanner", "Scanner", "systems")
    assert (await anna.get(f"issues/{cases[None].reference}")).json()["product_title"] == "Product not said"


async def test_issues_and_queue_are_narrowed_down_to_a_product(cases: dict[str | None, Case], anna: Desk) -> None:
    for product, address in ((STOCKROOM, STOCKROOM), (LEDGER, LEDGER), (None, "-")):
        assert await listed(anna, address) == {cases[product].reference}
        queue = await shown(anna, f"/desk?product={address}")
        assert cases[product].conversation_id in queue
        assert not any(one.conversation_id in queue for other, one in cases.items() if other != product)
    whole = await shown(anna, "/desk?product=gone")
    assert all(one.conversation_id in whole for one in cases.values())
    page = await shown(anna, "/desk/issues")
    assert '<b class="mark product">Stockroom</b>' in page and 'id="filter-product"' in page


async def test_the_csv_names_the_products(cases: dict[str | None, Case], anna: Desk) -> None:
    text = (await anna.browser.get("/desk/api/issues.csv")).text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["product_title"] for row in rows} == {"Stockroom", "Ledger", "Product not said"}


async def test_an_issue_is_moved_to_another_product(
    several: Gateway, cases: dict[str | None, Case], anna: Desk
) -> None:
    case = cases[STOCKROOM]
    assert 'id="edit-product"' in await shown(anna, f"/desk/fragments/issues/{case.reference}/edit")
    assert (await anna.edit(case, product=LEDGER, seen={"product": STOCKROOM})).status_code == 200
    found = (await anna.get(f"issues/{case.reference}")).json()
    assert (found["product"], found["category"]) == (LEDGER, "other")
    async with several.ctx.db.read() as session:
        conversation = await session.get_one(Conversation, case.conversation_id)
        hand_off = await session.get_one(HandOff, case.hand_off_id)
    assert (conversation.product, hand_off.team) == (LEDGER, found["team"])
    assert (await anna.edit(case, product=None)).status_code == 200
    assert (await anna.get(f"issues/{case.reference}")).json()["product"] is None


async def test_a_category_must_be_one_of_the_product(cases: dict[str | None, Case], anna: Desk) -> None:
    case = cases[LEDGER]
    assert (await anna.edit(case, category="scanner")).status_code == 422
    assert (await anna.edit(case, product="till")).status_code == 422
    moved = await anna.edit(case, product=STOCKROOM, category="counting")
    assert moved.status_code == 200
    assert (await anna.get(f"issues/{case.reference}")).json()["category_title"] == "Counting"


async def test_a_call_is_logged_for_a_product(several: Gateway, anna: Desk) -> None:
    page = await shown(anna, f"/desk/call?product={STOCKROOM}")
    assert 'value="scanner"' in page and 'value="printing"' not in page
    body: dict[str, Any] = {"problem": "It beeps", "contact": "555-0199", "product": STOCKROOM, "category": "scanner"}
    logged = await anna.post("calls", body)
    assert logged.status_code == 201
    async with several.ctx.db.read() as session:
        issue = (await session.scalars(select(Issue))).one()
    assert (issue.product, issue.category) == (STOCKROOM, "scanner")
    assert (await anna.post("calls", {**body, "product": "till"})).status_code == 422
    assert (await anna.post("calls", {**body, "product": LEDGER})).status_code == 422


async def test_reports_are_of_all_products_or_of_one(cases: dict[str | None, Case], anna: Desk) -> None:
    def of(report: str, answer: Any) -> Any:
        return next(one["rows"] for one in answer.json()["reports"] if one["id"] == report)

    everything = await anna.get("reports")
    assert sorted(of("products", everything)) == [["Ledger", 1], ["Not said", 1], ["Stockroom", 1]]
    stockroom = await anna.get("reports", product=STOCKROOM)
    assert of("categories", stockroom) == [["Scanner", 1]]
    assert "products" not in {one["id"] for one in stockroom.json()["reports"]}
    assert (await anna.get("reports", product="till")).status_code == 422
    page = await shown(anna, f"/desk/reports?product={STOCKROOM}")
    assert "&amp;product=stockroom" in page and '<option value="stockroom" selected>' in page


async def test_a_known_problem_concerns_one_product(several: Gateway, anna: Desk) -> None:
    body = {"title": "Scanners disconnect", "text": "We are on it.", "product": STOCKROOM, "category": "scanner"}
    assert (await anna.post("known-problems", body)).status_code == 201
    assert (await anna.post("known-problems", {**body, "product": "till"})).status_code == 422

    async def titles(query: str = "") -> list[str]:
        found = (await several.browser().get(f"/api/config{query}")).json()["known_problems"]
        return [one["title"] for one in found]

    assert await titles(f"?product={STOCKROOM}") == ["Scanners disconnect"]
    assert await titles(f"?product={LEDGER}") == await titles() == []
    assert "<span>Stockroom</span>" in await shown(anna, "/desk/known-problems")


async def test_replies_and_contracts_know_the_products(several: Gateway, anna: Desk) -> None:
    admin = await several.technician("Olga", "admin")
    row = {"number": "C-1", "company": "B", "status": "active", "starts_on": "2026-01-01", "products": "stockroom"}
    assert (await admin.post("contracts", row)).status_code == 200
    assert 'value="stockroom"' in await shown(admin, "/desk/administration/contracts")
    assert (await admin.post("contracts", {**row, "products": "till"})).status_code == 422


async def test_with_one_product_nothing_of_it_is_shown(gateway: Gateway) -> None:
    case, anna = await gateway.case(), await gateway.technician("Anna", "supervisor")
    addresses = ("/desk", "/desk/issues", "/desk/call", "/desk/reports", "/desk/known-problems")
    for address in (*addresses, f"/desk/issues/{case.reference}", f"/desk/fragments/issues/{case.reference}/edit"):
        page = await shown(anna, address)
        assert "mark product" not in page and ">Product<" not in page and 'id="product"' not in page, address
    found = (await anna.get(f"issues/{case.reference}")).json()
    assert (found["product"], found["product_title"]) == (None, "")
    assert "products" not in {one["id"] for one in (await anna.get("reports")).json()["reports"]}
    assert "product_title" not in (await anna.browser.get("/desk/api/issues.csv")).text
