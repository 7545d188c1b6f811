"""The figures that decide whether a new model is put to use."""

from bot.engine.held_out import is_right, scores


def test_not_understood_is_right_for_what_is_out_of_scope_and_wrong_for_anything_else() -> None:
    found = scores(
        [
            ("how_to", "how_to"),
            ("how_to", "nlu_fallback"),
            ("report_issue", "how_to"),
            ("out_of_scope", "nlu_fallback"),
            ("out_of_scope", "out_of_scope"),
            ("out_of_scope", "how_to"),
        ]
    )
    assert found["sentences"] == 6
    assert found["accuracy"] == 0.5
    assert found["out_of_scope_recall"] == 0.6667
    assert found["false_rejections"] == 0.3333
    assert found["f1"] == {"how_to": 0.4, "out_of_scope": 0.8, "report_issue": 0.0}


def test_messages_about_another_product_are_right_by_what_happens_with_them() -> None:
    assert is_right("question", "how_to") and not is_right("question", "ask_coverage")
    assert is_right("request", "report_issue") and is_right("request", "ask_person")
    assert not any(is_right("request", taken) for taken in ("out_of_scope", "nlu_fallback", "cancel", "goodbye"))
