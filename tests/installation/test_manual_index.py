"""The settings reach the search: synonyms of support.yml are indexed, and a change of them makes the index stale."""

from pathlib import Path

import pytest

from bot.installation.manual_index import index_is_stale, index_manual
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from knowledge_base.search import open_search


def test_synonyms_of_the_settings_are_searched(tmp_path: Path) -> None:
    settings = load_settings({"TECHREF_HOME": str(tmp_path)})
    index_manual(settings)
    assert not any(passage.score > 0 for passage in open_search(tmp_path / "index", None).find("zettel").passages)
    (tmp_path / "support.yml").write_text('synonyms: ["zettel, invoice"]\n')
    assert index_is_stale(tmp_path, load_support(tmp_path))
    index_manual(settings)
    assert not index_is_stale(tmp_path, load_support(tmp_path))
    assert "invoice" in open_search(tmp_path / "index", None).find("zettel").passages[0].page_title.lower()


@pytest.mark.parametrize("line", ["bill", "log in, enter", "bill; invoice", ","])
def test_a_line_that_is_no_synonyms_is_refused_in_words(tmp_path: Path, line: str) -> None:
    (tmp_path / "support.yml").write_text(f'synonyms: ["{line}"]\n')
    with pytest.raises(SettingsError, match="write two or more single words"):
        load_support(tmp_path)
