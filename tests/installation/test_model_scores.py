"""A model that understands clearly less is not put to use by itself; one that understands our customers better is."""

from pathlib import Path
from typing import Any

import pytest

from bot.installation import model_scores, training
from bot.installation.model_scores import OWN, PRODUCTS, SHIPPED, Comparison, NotMeasured, Scores
from bot.installation.places import ROOT
from bot.services.understanding.learned_examples import HELD_OUT
from bot.settings.env.settings import load_settings

GROUP: dict[str, Any] = {
    "sentences": 800,
    "accuracy": 0.900,
    "out_of_scope_recall": 0.90,
    "false_rejections": 0.03,
    "f1": {"how_to": 0.92, "report_issue": 0.91, "ask_hours": 0.95},
}
BEFORE: Scores = {SHIPPED: GROUP, PRODUCTS: GROUP}


def group(**changed: float) -> dict[str, Any]:
    f1 = {**GROUP["f1"], **{name: changed.pop(name) for name in list(changed) if name in GROUP["f1"]}}
    return {**GROUP, **changed, "f1": f1}


def after(shipped: dict[str, Any] = GROUP, products: dict[str, Any] = GROUP) -> Scores:
    return {SHIPPED: shipped, PRODUCTS: products}


def test_chance_is_no_reason_to_keep_the_old_one() -> None:
    assert Comparison(BEFORE, after(group(accuracy=0.892, out_of_scope_recall=0.88), group(how_to=0.9))).worse == []


def test_what_is_clearly_worse_is_named_with_both_figures() -> None:
    found = Comparison(BEFORE, after(group(accuracy=0.875, false_rejections=0.05), group(report_issue=0.87))).worse
    assert found == [
        "accuracy of all groups: 0.900 -> 0.887 (-0.013)",
        "F1 report_issue: 0.910 -> 0.870 (-0.040)",
        "false rejections: 0.030 -> 0.050 (+0.020)",
    ]


def test_what_is_said_about_the_demo_product_is_no_veto() -> None:
    assert Comparison(BEFORE, after(group(how_to=0.85, report_issue=0.86))).worse == []


def test_a_model_that_understands_our_own_customers_better_is_taken() -> None:
    """The trial with another vendor's manual: 40 of 64 messages, 61 after fifty sentences; how_to of the demo fell."""
    own = group(sentences=64, accuracy=40 / 64)
    before: Scores = {**BEFORE, SHIPPED: group(accuracy=0.906, how_to=0.960), OWN: own}
    now: Scores = {**after(group(accuracy=0.899, how_to=0.936)), OWN: {**own, "accuracy": 61 / 64}}
    assert Comparison(before, now).worse == []


def test_a_model_that_understands_our_own_customers_less_is_not_taken() -> None:
    own = group(sentences=64, accuracy=61 / 64)
    found = Comparison({**BEFORE, OWN: own}, {**BEFORE, OWN: {**own, "accuracy": 57 / 64}}).worse
    assert "accuracy, own sentences: 0.953 -> 0.891 (-0.062)" in found


def test_the_first_model_is_compared_with_nothing() -> None:
    first = Comparison(None, BEFORE)
    assert first.worse == []
    assert first.lines()[0] == "accuracy of all groups: 0.900"


def test_an_intent_that_moved_much_is_listed_with_the_main_figures() -> None:
    lines = Comparison(BEFORE, after(group(ask_hours=0.80))).lines()
    assert "F1 ask_hours, shipped: 0.950 -> 0.800 (-0.150)" in lines


def test_the_number_of_own_sentences_is_said() -> None:
    lines = Comparison(None, {**BEFORE, OWN: group(sentences=12)}).lines()
    assert "accuracy, own sentences: 0.900 (12 sentences)" in lines


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
        folder for folder in (ROOT / "data").iterdir() if folder.name not in ("held_out", "carriers")
    }
