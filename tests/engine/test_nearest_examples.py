"""For each intent the nearest taught sentence, among those that may come after what was said."""

import numpy as np

from bot.engine.nearest_examples import WEIGHT, Groups, Judgement

DENY, REPORT = 0, 1
# Columns of examples: two reports that may come anywhere, one report and two denials after a question.
CONTEXTS, INTENTS = ["", "asked", "asked", "", "asked"], np.array([REPORT, REPORT, DENY, REPORT, DENY])
COSINES = np.array([[0.2, 0.9, 0.4, 0.5, -0.3], [-0.1, -0.2, -0.5, -0.4, -0.1]])


def nearest() -> dict[str, np.ndarray]:
    groups, order = Groups.of(CONTEXTS, INTENTS)
    return groups.nearest(COSINES[:, order], 2)


def test_each_intent_has_its_nearest_example_by_what_was_said_before() -> None:
    found = nearest()
    assert found[""].tolist() == [[0.0, 0.5], [0.0, 0.0]]
    assert found["asked"].tolist() == [[0.4, 0.9], [0.0, 0.0]]


def test_an_example_for_one_context_counts_in_no_other() -> None:
    judged = Judgement(np.zeros((2, 2)), np.ones(2), {**nearest(), "first": np.zeros((2, 2))})
    assert judged.after(["first", "first"])[0].tolist() == [0.0, WEIGHT * 0.5]
    assert judged.after(["asked", "first"])[0].tolist() == [WEIGHT * 0.4, WEIGHT * 0.9]


def test_where_nothing_is_known_of_the_context_every_example_counts() -> None:
    judged = Judgement(np.zeros((2, 2)), np.ones(2), nearest())
    assert np.array_equal(judged.after(["", ""]), judged.after(["never taught", "asked"]))


def test_without_embeddings_the_words_alone_are_judged() -> None:
    logits = np.array([[1.0, 2.0]])
    assert Judgement(logits, np.ones(1)).after(["asked"]) is logits
