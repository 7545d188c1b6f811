"""Shift the judgement of a sentence by what we said last, of a short one most."""

import numpy as np

from bot.engine.context_shift import Comes, ContextShift, describe

INTENTS = ["deny", "report"] * 30
TEXTS = ["no"] * 60
COMES = Comes.of_config([], {"asked": {"comes": ["deny"]}, "first": {"comes": ["report"], "mostly": ["report"]}})
LOGITS = np.zeros((60, 2))
RIGHT = np.array([0, 1] * 30)


def fitted() -> ContextShift:
    counting = {name: COMES.weights(name, INTENTS, [""] * 60) for name in COMES.intents}
    return ContextShift.fit(TEXTS, dict.fromkeys(counting, LOGITS), RIGHT, counting)


def test_the_intent_that_comes_in_a_context_wins_there() -> None:
    shift = fitted()
    for context, winner in (("asked", 0), ("first", 1)):
        assert shift.shifted(["no"], np.zeros((1, 2)), [context])[0].argmax() == winner


def test_no_context_and_an_unknown_one_change_nothing() -> None:
    assert np.array_equal(fitted().shifted(["no", "no"], LOGITS[:2], ["", "never fitted"]), LOGITS[:2])


def test_a_long_sentence_is_shifted_less_than_a_short_one() -> None:
    short, long = fitted().shifted(["no", "no it did the same thing once more"], np.zeros((2, 2)), ["asked", "asked"])
    assert short[0] - short[1] > long[0] - long[1]


def test_an_example_written_for_one_context_counts_in_no_other() -> None:
    weights = COMES.weights("asked", ["deny", "deny"], ["asked", "first"])
    assert weights[0] > 1 and weights[1] == 0


def test_messages_are_described_by_their_length() -> None:
    assert describe(["no", "no it did the same thing"]).tolist() == [[1.0, 1.0], [1.0, 0.0]]
