"""The manual's own warning is given where its best page warns of this very harm."""

from pathlib import Path

import pytest

from bot.services.core.manual_search import Manual
from bot.services.manual.harm_warning import warning_for
from bot.triage.reading.impact import Impact
from knowledge_base.index import build_index
from knowledge_base.pages import page_from_markdown
from tests.knowledge_base.samples import pages

LOST = """---
title: Find lost invoices
chapter: Damaged files
order: 9
---
Invoices that disappeared are in most cases still in the file. Do not restore a backup before you have copied the
company folder. Do not print.

## Invoices have disappeared

1. Choose **File > Verify Company**.
2. Do not enter new invoices until it has finished.
"""
DISAPPEARED = "invoices have disappeared"


@pytest.fixture
def manual(tmp_path: Path) -> Manual:
    build_index([*pages(), page_from_markdown("lost-invoices", LOST)], tmp_path / "index", None)
    return Manual(tmp_path)


async def test_the_best_pages_warning_of_this_harm_is_given_with_its_title(manual: Manual) -> None:
    found = await warning_for(manual, Impact.DATA_LOSS, DISAPPEARED)
    assert found is not None
    words, title = found
    assert words.startswith("Do not restore a backup") and title == "Find lost invoices"


async def test_a_page_that_warns_of_other_things_gives_none(manual: Manual) -> None:
    assert await warning_for(manual, Impact.JOB_RUNNING, DISAPPEARED) is None


async def test_a_page_without_a_warning_gives_none(manual: Manual) -> None:
    assert await warning_for(manual, Impact.DATA_LOSS, "reprint one invoice") is None


async def test_without_an_index_none_is_given(tmp_path: Path) -> None:
    assert await warning_for(Manual(tmp_path), Impact.DATA_LOSS, DISAPPEARED) is None
