"""The installation's own words fill the carriers, and a page more or less begins no training."""

import shutil
from pathlib import Path

import pytest

from bot.installation.carriers import Word, carriers, filled, trade_words, write_training_data
from bot.installation.own_words import MOST, own_words, sample, store_words, words_for_training, words_of_pages
from bot.installation.places import ROOT
from bot.installation.training import model_is_current
from bot.settings.env.settings import load_settings
from knowledge_base.pages import page_from_markdown


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A home with a manual of its own and the words of its model."""
    (tmp_path / "models").mkdir()
    shutil.copytree(ROOT / "knowledge_base" / "manual" / "printing", tmp_path / "manual")
    store_words(tmp_path, own_words(tmp_path) or [])
    return tmp_path


def test_headings_become_tasks_questions_and_things() -> None:
    page = page_from_markdown(
        "moving",
        "# Printing an invoice\n\na\n\n## How to renew the certificate\n\nb\n\n## Which ports are open?\n\nc\n\n"
        "## 2.1 LDAP settings\n\nd\n\n## If nothing helps\n\ne\n\n## QB-1101 The licence has expired\n\nf\n",
    )
    assert sorted(words_of_pages([page])) == [
        Word("question", "which ports are open"),
        Word("task", "print an invoice"),
        Word("task", "renew the certificate"),
        Word("thing", "LDAP settings"),
    ]


def test_a_heading_of_every_page_is_left_out() -> None:
    pages = [page_from_markdown(f"p{n}", f"# Page {'abc'[n]} of all\n\na\n\n## See also\n\nb\n") for n in range(3)]
    assert not any(word.text == "see also" for word in words_of_pages(pages))


def test_a_large_manual_gives_no_more_words_than_a_small_one() -> None:
    drawn = sample(Word("thing", f"part {number}") for number in range(5_000))
    assert len(drawn) == MOST["thing"] and drawn == sample(reversed([Word("thing", f"part {n}") for n in range(5_000)]))


def test_a_changed_page_keeps_the_words_and_another_manual_does_not(home: Path) -> None:
    before = words_for_training(home)
    one = next((home / "manual").glob("*.md"))
    one.write_text(one.read_text() + "\n## Turn the sound off\n\nPress F1.\n")
    assert words_for_training(home) == before
    shutil.rmtree(home / "manual")
    (home / "manual").mkdir()
    for number in range(200):
        (home / "manual" / f"p{number}.md").write_text(f"# Renew certificate {'x' * number}\n\nText.\n")
    assert words_for_training(home) != before


def test_a_copied_home_has_the_words_of_its_model(home: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    copy = tmp_path_factory.mktemp("copy") / "home"
    shutil.copytree(home, copy, copy_function=shutil.copyfile)
    assert words_for_training(copy) == words_for_training(home)


def test_an_unreadable_manual_keeps_the_words(home: Path) -> None:
    before = words_for_training(home)
    (home / "manual" / "broken.md").write_bytes(b"\xff\xfe")
    assert words_for_training(home) == before
    (home / "support.yml").write_text("no_such_key: 1\n")
    assert words_for_training(home) == before
    assert not model_is_current(load_settings({"TECHREF_HOME": str(home)}))


def test_the_same_words_give_the_same_sentences_and_each_word_one_of_an_intent() -> None:
    words = trade_words()
    found = filled(words, carriers())
    assert found == filled(words, carriers())
    tasks = sum(word.kind == "task" for word in words)
    assert 600 < sum(map(len, found.values())) < 1_500 and len(found["how_to"]) > tasks


def test_words_that_rasa_would_read_as_an_entity_fill_nothing() -> None:
    assert filled([Word("thing", "the [page](x)")], carriers()) == {"how_to": [], "report_issue": []}


def test_nothing_is_written_of_no_sentences(tmp_path: Path) -> None:
    write_training_data(tmp_path / "none.yml", {"how_to": []})
    assert list(tmp_path.iterdir()) == []
