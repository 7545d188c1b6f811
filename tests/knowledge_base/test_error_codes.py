"""The section of exactly one error code, never another code's."""

import pytest

from knowledge_base.index import build_index
from knowledge_base.pages import page_from_markdown
from knowledge_base.search import Search, open_search

PRINTING = """# Printing

### QB-2107 Printing stopped

The driver crashed. Turn on **Use basic printing**.

### QB-2110 A picture is missing

See QB-2107 first.
"""
TABLE = """Codes of the scanner.

| Code | Cure |
|---|---|
| E-12 | Close the lid. |
| E-120 | Change the drum. |
"""
MENTIONED = "This page tells what to do after QB-2107 or QB-9999.\n"


@pytest.fixture(scope="module")
def search(tmp_path_factory: pytest.TempPathFactory) -> Search:
    folder = tmp_path_factory.mktemp("index")
    texts = {"mentioned": MENTIONED, "printing": PRINTING, "scanner": TABLE}
    build_index([page_from_markdown(slug, text) for slug, text in texts.items()], folder, None)
    return open_search(folder, None)


@pytest.mark.parametrize("code", ["QB-2107", "qb2107", "QB 2107", "qb-2107"])
def test_a_code_finds_its_own_section_however_it_is_written(search: Search, code: str) -> None:
    result = search.find_code(code)
    (found,) = result.passages
    assert result.confident
    assert found.heading == "QB-2107 Printing stopped"
    assert "Use basic printing" in found.excerpt


def test_a_table_row_begins_with_its_code(search: Search) -> None:
    (found,) = search.find_code("E-12").passages
    assert found.page_slug == "scanner"


@pytest.mark.parametrize("code", ["QB-9999", "QB-210", "QB-21077", "E-1", "printing", ""])
def test_a_code_without_a_section_finds_nothing(search: Search, code: str) -> None:
    result = search.find_code(code)
    assert not result.passages
    assert not result.confident


def test_a_code_is_looked_for_inside_the_named_pages_only(search: Search) -> None:
    assert not search.find_code("QB-2107", ["scanner"]).passages
    assert search.find_code("QB-2107", ["printing"]).passages
