"""A question is said in the manual's own terms, and words without a subject withhold no answer."""

import pytest

from knowledge_base.confidence import known_share
from knowledge_base.corpus import read_corpus
from knowledge_base.index import build_index, open_index
from knowledge_base.open_index import OpenIndex
from knowledge_base.rewording import Rewording, everyday_groups, read_groups
from knowledge_base.words import tokenise

PAGES = {
    "tablets.md": "# Tablets\n\nThere is no app for tablets. A window opens on Linux and on a Mac.\n",
    "users.md": "# Users\n\nAdd a colleague under Users. A colleague signs in with a password.\n",
}


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> OpenIndex:
    folder = tmp_path_factory.mktemp("reworded")
    manual = folder / "manual"
    manual.mkdir()
    for name, text in PAGES.items():
        (manual / name).write_text(text, encoding="utf-8")
    build_index(read_corpus(manual), folder / "index", None)
    return open_index(folder / "index")


@pytest.mark.parametrize(
    ("question", "reworded"),
    [
        ("Is there something for my iPad?", "is there something for my tablet?"),
        ("would it run on Ubuntu", "would it run on linux"),
        ("a new intern starts", None),
        ("how do I print", None),
        ("what about swiss francs", None),
    ],
)
def test_a_term_gives_way_to_the_manuals(index: OpenIndex, question: str, reworded: str | None) -> None:
    assert Rewording(index.words, everyday_groups()).of(question) == reworded


def test_a_brand_is_a_kind_of_thing_and_never_the_other_way_round(index: OpenIndex) -> None:
    groups = read_groups(["# a comment", "", "ipad > tablet", "worker, colleague"])
    rewording = Rewording(index.words, groups)
    assert rewording.of("tablets and workers") is None
    assert rewording.of("my worker has a tablet") == "my colleague has a tablet"


def test_words_without_a_subject_do_not_count_as_unknown(index: OpenIndex) -> None:
    share = known_share(tokenise("wife signs in with a tablet on Monday morning"), index.words)
    assert share == 1.0
    assert known_share(tokenise("sourdough signs in with a tablet"), index.words) < 1.0
