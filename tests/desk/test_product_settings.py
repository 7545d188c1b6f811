"""Products are added, changed and removed at the desk, and each has sources of its own."""

import pytest

from bot.settings.support.load import load_support
from tests.support.gateway_fixture import Desk, Gateway


@pytest.fixture
async def olga(gateway: Gateway) -> Desk:
    return await gateway.technician("Olga", "admin")


async def test_the_first_product_that_is_added_is_the_second(gateway: Gateway, olga: Desk) -> None:
    assert "Add a second product" in (await olga.browser.get("/desk/administration/products")).text
    added = await olga.post("products", {"name": "Stock Room", "aliases": "Stockroom, SR", "empty": True})
    assert (added.status_code, added.json()["id"]) == (201, "stock_room")
    support = load_support(gateway.ctx.home)
    assert list(support.products) == ["quillbook", "stock_room"]
    assert support.main_product == "quillbook"
    view = support.for_product("stock_room")
    assert ([one.id for one in view.categories], view.requests) == (["other"], ())
    assert support.products["stock_room"].aliases == ("Stockroom", "SR")
    assert support.for_product("quillbook").error_code == "QB-2107" and view.error_code is None
    assert gateway.ctx.support.for_product("stock_room").product == "Stock Room", "it is in use at once"
    shown = (await olga.browser.get("/desk/administration/products")).text
    assert "data-product=&#34;stock_room&#34;" in shown and "/desk/manual/sources?product=stock_room" in shown


async def test_a_field_that_is_empty_is_inherited(gateway: Gateway, olga: Desk) -> None:
    await olga.post("products", {"name": "Till"})
    fields = {"name": "Till", "colour": "#7a3e00", "phone": "555-010-2030", "slack_workspaces": "T1, T2"}
    assert (await olga.post("products/till", fields)).status_code == 200
    till = gateway.ctx.support.for_product("till")
    assert (till.colour, till.phone) == ("#7a3e00", "555-010-2030")
    assert gateway.ctx.support.products["till"].slack_workspaces == ("T1", "T2")
    assert (await olga.post("products/till", {**fields, "colour": "", "slack_workspaces": ""})).status_code == 200
    assert gateway.ctx.support.for_product("till").colour == gateway.ctx.support.colour
    assert not gateway.ctx.support.products["till"].slack_workspaces


async def test_what_cannot_be_used_is_refused_with_its_key(gateway: Gateway, olga: Desk) -> None:
    await olga.post("products", {"name": "Till"})
    refused = await olga.post("products/till", {"name": "Till", "colour": "brown"})
    assert refused.status_code == 422 and "products.till.colour" in refused.json()["error"]["message"]
    assert (await olga.post("products", {"name": "till"})).status_code == 422
    assert (await olga.post("products", {"name": " "})).status_code == 422
    assert (await olga.post("products/gone", {"name": "Gone"})).status_code == 404
    assert list(gateway.ctx.support.products) == ["quillbook", "till"]


async def test_with_one_product_left_there_is_no_section(gateway: Gateway, olga: Desk) -> None:
    await olga.post("products", {"name": "Till"})
    await olga.post("products", {"name": "Desk"})
    assert (await olga.post("products/till/remove")).status_code == 200
    assert list(gateway.ctx.support.products) == ["quillbook", "desk"]
    assert (await olga.post("products/desk/remove")).status_code == 200
    assert gateway.ctx.support.products == {} and gateway.ctx.support.product == "Quillbook"


async def test_each_product_has_sources_of_its_own(gateway: Gateway, olga: Desk) -> None:
    await olga.post("products", {"name": "Till"})
    added = await olga.browser.post("/desk/api/manual/sources?product=till", json={"name": "Guide"})
    assert added.status_code == 201
    assert (gateway.ctx.home / "products" / "till" / "manual_sources" / "guide").is_dir()

    async def names(query: str = "") -> list[str]:
        found = (await olga.browser.get(f"/desk/api/manual/sources{query}")).json()
        return [one["name"] for one in found["sources"]]

    assert (await names("?product=till"), await names(), await names("?product=quillbook")) == (["Guide"], [], [])
    assert (await olga.browser.get("/desk/api/manual/sources?product=gone")).status_code == 404
    page = (await olga.browser.get("/desk/manual/sources?product=till")).text
    assert 'data-call="POST manual/sources/guide/remove?product=till"' in page
    removed = await olga.browser.post("/desk/api/manual/sources/guide/remove?product=till")
    assert removed.status_code == 204 and await names("?product=till") == []
