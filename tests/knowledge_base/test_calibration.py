"""The limit of confidence is set on the manual itself."""

import json
from pathlib import Path

import numpy as np
import pytest

from knowledge_base.calibration import read_foreign_questions
from knowledge_base.embedder import Embedder
from knowledge_base.index import build_index, open_index
from knowledge_base.limits import LEAST, MOST, bounded
from knowledge_base.outdated import LOSS, asks_for_changes
from knowledge_base.pages import page_from_markdown
from knowledge_base.search import Search, open_search
from tests.knowledge_base.samples import pages

# Of trades that are in no shipped list.
FOREIGN = (
    "my espresso machine drips",
    "which yarn for baby socks",
    "how do I order a wreath",
    "set up automatic watering of my balcony",
    "who won the cup final",
)


def test_foreign_questions_are_of_many_trades_and_all_different() -> None:
    trades = read_foreign_questions()
    questions = [question for asked in trades.values() for question in asked]
    assert len(trades) >= 20 and all(len(asked) >= 8 for asked in trades.values())
    assert len(set(questions)) == len(questions)


def test_a_version_has_its_limits_for_words_and_for_meaning(tmp_path: Path, embedder: Embedder) -> None:
    build_index(pages(), tmp_path, embedder)
    limits = open_index(tmp_path).limits
    assert set(limits) == {"sentences", "sections", "words"}
    assert LEAST["sentences"] <= limits["sentences"] <= MOST["sentences"]


def test_limits_stay_within_their_bounds() -> None:
    assert (bounded("sentences", 0.1), bounded("sentences", 2.0), bounded("sections", 0.6)) == (0.7, 0.92, 0.6)


def test_another_manual_has_other_limits(tmp_path: Path, embedder: Embedder) -> None:
    trades = read_foreign_questions()
    kitchen = "\n\n".join(
        f"## {question}\n\nThis is how: {question}." for trade in list(trades)[:8] for question in trades[trade]
    )
    build_index([page_from_markdown("all", f"# Household\n\n{kitchen}\n")], tmp_path / "near", embedder)
    build_index(pages(), tmp_path / "far", embedder)
    near, far = open_index(tmp_path / "near").limits, open_index(tmp_path / "far").limits
    assert near["sentences"] > far["sentences"]


@pytest.mark.slow
@pytest.mark.xdist_group("search")
def test_questions_of_other_trades_are_withheld_from_in_the_demo_manual(whole_manual: Search) -> None:
    asked = [
        json.loads(line)
        for line in Path("tests/knowledge_base/manual_questions.jsonl").read_text().splitlines()
        if line
    ]
    lost = np.mean([not whole_manual.find(one["question"]).confident for one in asked if one["doc_ids"]])
    withheld = np.mean([not whole_manual.find(question).confident for question in FOREIGN])
    assert lost <= 0.13 and withheld >= 0.8


def test_changelogs_come_after_pages_that_answer(tmp_path: Path) -> None:
    words = "Choose Print Again to print an invoice a second time."
    texts = {"changelog": f"# Changelog\n\n## 2.1\n\n{words}", "print": f"# Printing\n\n## Again\n\n{words}"}
    build_index([page_from_markdown(slug, text) for slug, text in texts.items()], tmp_path, None)
    index = open_index(tmp_path)
    assert [LOSS * (piece.page_slug == "changelog") for piece in index.pieces] == pytest.approx(list(index.demoted))
    engine = open_search(tmp_path, None)
    assert engine.find("print an invoice a second time").passages[0].page_slug == "print"


def test_a_question_about_changes_is_one() -> None:
    assert asks_for_changes("what changed in 2.1") and asks_for_changes("which release brought reprints")
    assert not asks_for_changes("how do I print an invoice")
