"""Each of several products has a manual: its own folder, index, addresses, and imports."""

import json
from pathlib import Path

import pytest

from bot.installation.backup_file import is_made_again
from bot.installation.manual_index import index_is_stale, index_manual
from bot.installation.manual_pages import OUR_MANUAL, manual_folder, manual_pages
from bot.installation.own_words import own_words
from bot.services.core.manual_search import Manual
from bot.settings.env.settings import load_settings
from bot.settings.support.load import checked, load_support
from tests.commands.test_kb_import import kb
from tests.support.products import LEDGER, STOCKROOM, furnish

LABELS = "How do I print labels?"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    furnish(tmp_path)
    return tmp_path


def index(home: Path) -> None:
    index_manual(load_settings({"TECHREF_HOME": str(home)}))


async def test_a_question_is_looked_up_in_the_manual_of_its_product(home: Path) -> None:
    index(home)
    support, manual = load_support(home), Manual(home)
    found = {}
    for product in (LEDGER, STOCKROOM):
        result = await manual.within(support.for_product(product).manual_folder).find(LABELS)
        assert result is not None
        found[product] = {passage.url.partition("#")[0] for passage in result.passages}
    assert "/manual/print-labels" in found[LEDGER]
    assert not any(url.startswith("/manual/stockroom") for url in found[LEDGER])
    assert "/manual/stockroom/print-labels" in found[STOCKROOM]
    assert all(url.startswith("/manual/stockroom/") for url in found[STOCKROOM])


def test_links_between_pages_stay_within_a_manual(home: Path) -> None:
    support = load_support(home)
    pages = {page.slug: page for page in manual_pages(home, support.for_product(STOCKROOM))}
    assert "](/manual/stockroom/connect-a-scanner)" in (pages["print-labels"].markdown or "")
    own = {page.slug: page for page in manual_pages(home, support.for_product(LEDGER))}
    assert "](/manual/close-a-year)" in (own["print-labels"].markdown or "")


def test_each_manual_has_its_own_tips(home: Path) -> None:
    support = load_support(home)
    (home / "tips.md").write_text("# Tips\n\nFor all of us.\n")
    (home / "products" / STOCKROOM / "tips.md").write_text("# Tips\n\nFor the {product}.\n")
    of = {one: manual_pages(home, support.for_product(one))[-1].markdown or "" for one in (LEDGER, STOCKROOM)}
    assert "For all of us." in of[LEDGER] and "For the Stockroom." in of[STOCKROOM]
    assert "### Printing" in of[LEDGER] and "### Printing" not in of[STOCKROOM]


def test_a_change_of_either_manual_is_noticed(home: Path) -> None:
    index(home)
    support = load_support(home)
    assert not index_is_stale(home, support)
    (home / "products" / STOCKROOM / "manual" / "new.md").write_text("---\ntitle: New\n---\n\nText.\n")
    assert index_is_stale(home, support)
    index(home)
    assert not index_is_stale(home, support)


def test_the_demo_manual_is_nobodys_where_products_are_named(tmp_path: Path) -> None:
    support = checked({"products": {"till": {"name": "Till"}, "pos": {"name": "Pos"}}}, "support.yml")
    assert manual_folder(tmp_path, support) is None
    assert manual_folder(tmp_path, support.for_product("till")) is None
    with_demo = checked({"products": {"till": {"name": "Till"}, "quillbook": {"name": "Quillbook"}}}, "support.yml")
    assert manual_folder(tmp_path, with_demo.for_product("quillbook")) == OUR_MANUAL


def test_the_training_hears_the_words_of_all_manuals(home: Path) -> None:
    words = {(word.kind, word.text) for word in own_words(home) or []}
    assert {("name", "Ledger"), ("name", "Stockroom"), ("task", "close the year"), ("thing", "scanner")} <= words


def test_a_manual_is_imported_for_a_product(home: Path, tmp_path: Path) -> None:
    documents = tmp_path / "documents"
    documents.mkdir()
    (documents / "returns.md").write_text("# Take back a return\n\n1. Scan the parcel.\n2. Press **Take back**.\n")
    assert kb(home, "import", str(documents), "--product", "til")[0] == 1
    assert not (home / "products" / "til").exists()
    code, told = kb(home, "import", str(documents), "--product", STOCKROOM, "--name", "Returns")
    assert code == 0, told
    search = ("search", "take back a return", "--json", "--words-only")
    found = json.loads(kb(home, *search, "--product", STOCKROOM)[1].splitlines()[-1])
    assert found["passages"][0]["url"].startswith("/manual/stockroom/returns-")
    assert "returns-" not in kb(home, *search)[1]


def test_what_can_be_made_again_of_a_product_is_in_no_backup() -> None:
    made, kept = "products/stockroom/index/7/record.json", "products/stockroom/manual/print-labels.md"
    assert is_made_again(Path(made)) and not is_made_again(Path(kept))
