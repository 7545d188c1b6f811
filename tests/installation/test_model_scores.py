"""A model that understands clearly less is not put to use by itself."""

from pathlib import Path

import pytest

from bot.installation import model_scores, training
from bot.installation.model_scores import Comparison, NotMeasured, Scores
from bot.installation.places import ROOT
from bot.services.understanding.learned_examples import HELD_OUT
from bot.settings.env.settings import load_settings

BEFORE: Scores = {
    "sentences": 800,
    "accuracy": 0.900,
    "out_of_scope_recall": 0.90,
    "false_rejections": 0.03,
    "f1": {"how_to": 0.92, "report_issue": 0.91, "ask_hours": 0.95},
}


def after(**changed: float) -> Scores:
    f1 = {**BEFORE["f1"], **{name: changed.pop(name) for name in list(changed) if name in BEFORE["f1"]}}
    return {**BEFORE, **changed, "f1": f1}


def test_chance_is_no_reason_to_keep_the_old_one() -> None:
    assert Comparison(BEFORE, after(accuracy=0.892, how_to=0.905, out_of_scope_recall=0.88)).worse == []


def test_what_is_clearly_worse_is_named_with_both_figures() -> None:
    found = Comparison(BEFORE, after(accuracy=0.885, report_issue=0.88, false_rejections=0.05)).worse
    assert found == [
        "accuracy: 0.900 -> 0.885 (-0.015)",
        "F1 report_issue: 0.910 -> 0.880 (-0.030)",
        "false rejections: 0.030 -> 0.050 (+0.020)",
    ]


def test_the_first_model_is_compared_with_nothing() -> None:
    first = Comparison(None, BEFORE)
    assert first.worse == []
    assert first.lines()[0] == "accuracy: 0.900"


def test_an_intent_that_moved_much_is_listed_with_the_main_figures() -> None:
    lines = Comparison(BEFORE, after(ask_hours=0.80)).lines()
    assert "F1 ask_hours: 0.950 -> 0.800 (-0.150)" in lines


def test_without_the_held_out_sentences_no_model_counts_as_measured(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(model_scores, "HELD_OUT", tmp_path / "nlu.yml")
    settings = load_settings({"TECHREF_HOME": str(tmp_path)})
    with pytest.raises(NotMeasured, match="data/held_out"):
        model_scores.compare_models(settings, tmp_path / "new.tar.gz", tmp_path / "old.tar.gz")


def test_what_is_taught_leaves_the_held_out_sentences_out() -> None:
    assert HELD_OUT.exists()
    assert not any(HELD_OUT.is_relative_to(ROOT / taught) for taught in training.TAUGHT)
    assert {ROOT / taught for taught in training.TAUGHT} == {
        folder for folder in (ROOT / "data").iterdir() if folder.name != "held_out"
    }
