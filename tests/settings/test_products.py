"""Several products in support.yml: each has the settings of the installation, but for what its entry says."""

from pathlib import Path
from typing import Any

import pytest

from bot.settings.problems import SettingsError
from bot.settings.support.load import checked, load_support
from tests.support.products import LEDGER, STOCKROOM, furnish, two_products


def of(products: Any, **own: Any) -> Any:
    return checked({**own, "products": products}, "support.yml")


def test_one_product_is_all_there_is() -> None:
    support = load_support(Path("no-such-home"))
    assert support.products == {} and support.views == (support,)
    assert support.for_product(None) is support and support.for_product("ledger") is support
    assert (support.product_id, support.manual_folder, support.manual_address) == (None, "", "/manual")


def test_an_entry_says_what_is_different_and_nothing_else_is() -> None:
    support = two_products()
    ledger, stockroom = support.for_product(LEDGER), support.for_product(STOCKROOM)
    assert (ledger.product, ledger.company, ledger.phone) == ("Ledger", "Northwind Works", support.phone)
    assert (stockroom.product, stockroom.company, stockroom.phone) == (
        "Stockroom",
        "Northwind Warehousing",
        "+44 20 7946 0099",
    )
    assert [one.id for one in stockroom.categories] == ["scanner", "counting", "other"]
    assert [one.id for one in stockroom.requests] == ["sales"]
    assert [one.id for one in ledger.categories] == [one.id for one in support.categories]
    assert stockroom.hours == support.hours and stockroom.teams == support.teams
    assert stockroom.questions["product_version"].ask == "Which version of Stockroom is it?"
    assert (stockroom.error_code, ledger.error_code) == ("ST-104", None)


def test_each_leads_to_the_others() -> None:
    support = two_products()
    stockroom = support.for_product(STOCKROOM)
    assert stockroom.for_product(LEDGER) is support.for_product(LEDGER)
    assert [one.product_id for one in support.views] == [None, LEDGER, STOCKROOM]
    assert len({one.digest for one in support.views}) == 3


def test_while_nobody_knows_which_none_of_them_is_named_alone() -> None:
    support = two_products()
    assert support.product == "Ledger and Stockroom"
    assert support.questions["product_version"].ask == "Which version of the program is it?"


def test_the_product_that_was_there_before_keeps_its_manual() -> None:
    support = two_products()
    assert support.main_product == LEDGER
    assert support.for_product(LEDGER).manual_address == "/manual"
    assert support.for_product(STOCKROOM).manual_folder == "products/stockroom"
    assert support.for_product(STOCKROOM).manual_address == "/manual/stockroom"


def test_without_such_a_product_each_has_a_manual_of_its_own() -> None:
    support = of({"till": {"name": "Till"}, "desk": {"name": "Desk"}})
    assert support.main_product is None
    assert support.for_product("till").manual_address == "/manual/till"


def test_a_category_of_any_product_has_its_title_everywhere() -> None:
    support = two_products()
    assert support.category_title("scanner") == "Scanner"
    assert support.for_product(LEDGER).category_title("counting") == "Counting"


def test_nothing_of_the_demo_product_is_inherited() -> None:
    support = of({"till": {"name": "Till"}, "quillbook": {"name": "Quillbook"}})
    assert support.for_product("quillbook").error_code == "QB-2107"
    assert support.for_product("till").error_code is None


def test_the_settings_of_a_home_are_read_with_its_products(tmp_path: Path) -> None:
    furnish(tmp_path)
    assert load_support(tmp_path).for_product(STOCKROOM).assistant_name == "Scout"


@pytest.mark.parametrize(
    ("products", "told"),
    [
        ({"till": {"name": "Till"}}, "products: name at least two products"),
        ({"till": {"name": "Till"}, "pos": {"name": "till"}}, 'pos: "till" is a name of till as well'),
        ({"till": {"name": "Till"}, "search": {"name": "Search"}}, "search: the manual has this address"),
        ({"till": {"name": "Till", "colr": "#fff"}, "pos": {"name": "Pos"}}, 'Did you mean "colour"?'),
        ({"till": {"name": "Till", "hours": {}}, "pos": {"name": "Pos"}}, "hours: there is no such key of a product"),
        ({"till": {"name": "Till", "colour": "red"}, "pos": {"name": "Pos"}}, "products.till.colour:"),
        ({"till": {"name": "Till"}, "pos": {"name": "Pos", "categories": [{}]}}, "products.pos.categories: entry 1"),
        ({"till": {"name": "Till"}, "pos": {"colour": "#123456"}}, "products.pos.name: this key is missing"),
        ({"till": {"name": "Till", "email_addresses": ["till"]}, "pos": {"name": "Pos"}}, "is no e-mail address"),
        ({"Till": {"name": "Till"}, "pos": {"name": "Pos"}}, "write small letters"),
        (["till", "pos"], "products: write keys and values below it"),
    ],
)
def test_what_cannot_be_used_is_said_with_its_key(products: Any, told: str) -> None:
    with pytest.raises(SettingsError) as error:
        of(products)
    assert told in str(error.value)
