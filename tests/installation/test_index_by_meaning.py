"""A manual that was indexed by words alone is indexed again, by meaning, once there is an embedding."""

from pathlib import Path

from bot.installation.embedding.build import build
from bot.installation.manual_index import index_is_stale, index_manual
from bot.settings.env.settings import load_settings
from bot.settings.support.load import load_support
from tests.support import prepared


def test_an_index_by_words_is_stale_once_there_is_an_embedding(tmp_path: Path) -> None:
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "labels.md").write_text("---\ntitle: Labels\n---\n\n## Print labels\n\nPress **Print**.\n")
    settings, support = load_settings({"TECHREF_HOME": str(tmp_path)}), load_support(tmp_path)
    assert index_manual(settings).sections_embedded == 0
    assert not index_is_stale(tmp_path, support)
    prepared.embedding_of_set_up(tmp_path)
    build(tmp_path)
    assert index_is_stale(tmp_path, support)
    again = index_manual(settings)
    assert again.sections_embedded == again.sections > 0
    assert not index_is_stale(tmp_path, support)
