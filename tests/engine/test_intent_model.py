"""The classifier by itself, on a few sentences, with made-up embeddings where embeddings matter."""

from pathlib import Path

import numpy as np
import pytest
from conftest import ROOT
from rasa.shared.nlu.training_data.loading import load_data

from bot.engine.intent_model import IntentModel
from bot.engine.wording import plain

EXAMPLES = {
    "print": [
        "how do I print an invoice",
        "print the invoice again",
        "reprint my invoice",
        "printing an invoice",
        "I want to print invoices",
        "where is the print button",
    ],
    "hours": [
        "when are you open",
        "what are your hours",
        "are you open today",
        "opening hours please",
        "until when are you open",
        "which hours do you work",
    ],
    "person": [
        "I want a person",
        "let me talk to a person",
        "a human please",
        "get me a real person",
        "connect me to a human",
        "I need a person to help",
    ],
}
TEXTS = [text for texts in EXAMPLES.values() for text in texts]
INTENTS = [intent for intent, texts in EXAMPLES.items() for _ in texts]
VECTORS = np.eye(3, dtype=np.float32)[[list(EXAMPLES).index(intent) for intent in INTENTS]]


def best(model: IntentModel, text: str, vector: np.ndarray | None = None) -> tuple[str, float]:
    return model.rank([text], None if vector is None else vector[None, :])[0][0]


@pytest.fixture(scope="module")
def words() -> IntentModel:
    return IntentModel.train(TEXTS, INTENTS, None, 20.0)


def test_a_sentence_gets_the_intent_it_is_most_like(words: IntentModel) -> None:
    assert best(words, "please print this invoice")[0] == "print"
    assert best(words, "when do you open")[0] == "hours"
    assert best(words, "could a person call me")[0] == "person"


def test_confidence_is_lower_the_less_was_taught_that_is_like_it(words: IntentModel) -> None:
    taught, near, far = (
        best(words, text)[1]
        for text in ("how do I print an invoice", "print the old invoices", "bananas grow in the tropics")
    )
    assert 1 >= taught > near > far >= 0
    assert far < 0.5


def test_a_ranking_names_every_intent_once_and_falls(words: IntentModel) -> None:
    (ranking,) = words.rank(["print a person"], None)
    confidences = [confidence for _, confidence in ranking]
    assert sorted(intent for intent, _ in ranking) == sorted(EXAMPLES) and confidences == sorted(confidences)[::-1]


def test_meaning_decides_where_words_do_not() -> None:
    model = IntentModel.train(TEXTS, INTENTS, VECTORS, 20.0)
    for number, intent in enumerate(EXAMPLES):
        assert best(model, "zzz", np.eye(3, dtype=np.float32)[number])[0] == intent


def test_a_model_is_asked_as_it_was_trained(words: IntentModel) -> None:
    with pytest.raises(ValueError, match="as it was trained"):
        words.rank(["print"], VECTORS[:1])
    with pytest.raises(ValueError, match="as it was trained"):
        IntentModel.train(TEXTS, INTENTS, VECTORS, 20.0).rank(["print"], None)


@pytest.mark.parametrize("vectors", [None, VECTORS])
def test_a_stored_model_answers_as_before(tmp_path: Path, vectors: np.ndarray | None) -> None:
    model = IntentModel.train(TEXTS, INTENTS, vectors, 20.0)
    model.save(tmp_path / "model")
    again, asked = IntentModel.load(tmp_path / "model"), ["print it", "Ω unknown ☕", "hours?"]
    some = None if vectors is None else vectors[:3]
    for before, after in zip(model.rank(asked, some), again.rank(asked, some), strict=True):
        assert [intent for intent, _ in before] == [intent for intent, _ in after]
        assert np.allclose([c for _, c in before], [c for _, c in after])


def test_one_intent_alone_cannot_be_learned() -> None:
    with pytest.raises(ValueError, match="at least two intents"):
        IntentModel.train(["a", "b"], ["only", "only"], None, 20.0)


def test_an_intent_with_a_single_example_is_learned() -> None:
    model = IntentModel.train([*TEXTS, "goodbye"], [*INTENTS, "goodbye"], None, 20.0)
    assert best(model, "goodbye")[0] == "goodbye"


def test_of_two_intents_each_has_its_own_side() -> None:
    chosen = [(text, intent) for text, intent in zip(TEXTS, INTENTS, strict=True) if intent in ("print", "hours")]
    model = IntentModel.train(*zip(*chosen, strict=True), None, 20.0)
    assert model.intents == ["hours", "print"]
    for text, intent in chosen:
        found, ranked = best(model, text)[0], model.rank([text], None)[0]
        assert found == intent and len(ranked) == 2 and ranked[0][1] > ranked[1][1]


def test_wording_is_made_alike_where_difference_means_nothing() -> None:
    assert plain("  It won\N{RIGHT SINGLE QUOTATION MARK}t\n print ") == "It won't print"
    assert plain("news on TR-123-456-782 and TR 999 888 777?") == plain("news on TR-000-111-222 and TR 444 333 222?")
    assert len(plain("word " * 5_000)) <= 2_000


def test_confidence_means_what_it_says_on_sentences_never_seen() -> None:
    """On the assistant's own examples: a mean confidence of 0.7 must go with about 7 right answers in 10."""
    examples = [
        (plain(message.get("text")), message.get("intent"))
        for message in load_data(str(ROOT / "data" / "nlu")).intent_examples
    ][::4]
    seen, unseen = [e for n, e in enumerate(examples) if n % 3], examples[::3]
    model = IntentModel.train([text for text, _ in seen], [intent for _, intent in seen], None, 20.0)
    ranked = [best(model, text) for text, _ in unseen]
    right = np.array([intent == truth for (intent, _), (_, truth) in zip(ranked, unseen, strict=True)])
    confidence = np.array([value for _, value in ranked])
    sure = confidence > np.median(confidence)
    assert len(unseen) > 300 and abs(right.mean() - confidence.mean()) < 0.1
    assert right[sure].mean() > right[~sure].mean() + 0.1
