"""A vendor of two products: each page and each chat is of the product that its address names."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.installation.manual_index import index_manual
from bot.store.tables import Conversation, SearchRecord
from tests.support.gateway_fixture import Gateway, open_gateway
from tests.support.products import STOCKROOM, furnish, two_products

PNG = b"\x89PNG\r\n\x1a\n" + b"picture"


@pytest.fixture
async def gateway(tmp_path: Path, migrated: Path) -> AsyncIterator[Gateway]:
    shutil.copy(migrated, tmp_path / "techref.db")
    furnish(tmp_path)
    async with open_gateway(tmp_path) as gateway:
        gateway.ctx.support = two_products()
        index_manual(gateway.ctx.settings)
        yield gateway


async def config(gateway: Gateway, query: str = "") -> dict[str, Any]:
    found: dict[str, Any] = (await gateway.browser().get(f"/api/config{query}")).json()
    return found


async def product_of(gateway: Gateway, **body: Any) -> str | None:
    opened = (await gateway.browser().post("/api/conversations", json=body)).json()
    async with gateway.ctx.db.read() as session:
        found: str | None = await session.scalar(
            select(Conversation.product).where(Conversation.id == opened["conversation_id"])
        )
    return found


async def test_the_chat_looks_like_the_product_that_its_tag_names(gateway: Gateway) -> None:
    both, stockroom = await config(gateway), await config(gateway, f"?product={STOCKROOM}")
    assert (both["company"], both["product"]) == ("Northwind Works", "Ledger and Stockroom")
    assert (stockroom["company"], stockroom["assistant_name"]) == ("Northwind Warehousing", "Scout")
    assert stockroom["greeting"] == "Hello from the stockroom." and stockroom["colour"] == "#7a3e00"
    assert (await config(gateway, "?product=gone"))["product"] == "Ledger and Stockroom"
    browser = gateway.browser()
    plain, brown = [(await browser.get(f"/widget/accent.css{one}")).text for one in ("", f"?product={STOCKROOM}")]
    assert plain != brown
    script = (await browser.get("/widget/embed.js")).text
    assert '"stockroom": "#7a3e00"' in script and "{{" not in script


async def test_a_conversation_is_about_the_product_of_the_page(gateway: Gateway) -> None:
    assert await product_of(gateway, product=STOCKROOM) == STOCKROOM
    assert await product_of(gateway) is None
    assert await product_of(gateway, product="gone") is None
    refused = await gateway.browser().post("/api/conversations", json={"product": 7})
    assert refused.status_code == 422


async def test_each_manual_has_its_own_addresses(gateway: Gateway) -> None:
    browser = gateway.browser()
    own, other = (await browser.get("/manual/")).text, (await browser.get("/manual/stockroom/")).text
    for page in (own, other):
        assert 'href="/manual/"' in page and 'href="/manual/stockroom/"' in page
    assert "Close a year" in own and "Connect a scanner" not in own
    assert "Connect a scanner" in other and "ST-104" in other and "Close a year" not in other
    page = (await browser.get("/manual/stockroom/print-labels")).text
    assert 'href="/manual/stockroom/connect-a-scanner"' in page and "Northwind Warehousing" in page
    assert (await browser.get("/manual/stockroom")).headers["location"] == "/manual/stockroom/"
    assert (await browser.get("/manual/stockroom/print-labels/")).headers[
        "location"
    ] == "/manual/stockroom/print-labels"
    assert (await browser.get("/manual/stockroom/close-a-year")).status_code == 404
    assert (await browser.get("/manual/elsewhere/print-labels")).status_code == 404
    assert (await browser.get("/manual/stockroom/tips-for-faster-service")).status_code == 200


async def test_a_search_is_of_one_manual_and_recorded_with_its_product(gateway: Gateway) -> None:
    browser = gateway.browser()
    own = (await browser.get("/manual/search.json?q=print+labels")).json()
    other = (await browser.get("/manual/stockroom/search.json?q=print+labels")).json()
    assert {hit["url"].split("/")[2] for hit in other["hits"]} == {"stockroom"}
    assert not any(hit["url"].startswith("/manual/stockroom") for hit in own["hits"])
    await browser.get("/manual/stockroom/search?q=print+labels")
    await browser.post("/manual/searches?product=stockroom", json={"question": "print labels"})
    await browser.get("/manual/search?q=print+labels")
    async with gateway.ctx.db.read() as session:
        found = list(await session.scalars(select(SearchRecord.product).order_by(SearchRecord.id)))
    assert found == ["stockroom", "stockroom", "ledger"]


async def test_a_product_may_have_a_logo_of_its_own(gateway: Gateway) -> None:
    browser, home = gateway.browser(), gateway.ctx.home
    assert (await browser.get(f"/brand/logo?product={STOCKROOM}")).status_code == 404
    (home / "logo.png").write_bytes(PNG)
    assert (await config(gateway, f"?product={STOCKROOM}"))["logo"] == "/brand/logo?product=stockroom"
    assert (await browser.get(f"/brand/logo?product={STOCKROOM}")).content == PNG
    (home / "products" / STOCKROOM / "logo.png").write_bytes(PNG + b"s")
    assert (await browser.get(f"/brand/logo?product={STOCKROOM}")).content == PNG + b"s"
    assert (await browser.get("/brand/logo")).content == PNG
