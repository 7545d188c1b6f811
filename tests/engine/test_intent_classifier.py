"""The classifier as Rasa's component: what it keeps in the model archive, and life with and without the embedding."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.nlu.classifiers.fallback_classifier import FallbackClassifier
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.engine import intent_classifier
from bot.engine.intent_classifier import TechRefIntentClassifier
from knowledge_base.embedder import Embedded

CONFIG = {**TechRefIntentClassifier.get_default_config(), "threshold": 0.2}
NOT_UNDERSTOOD = "nlu_fallback"
RESOURCE = Resource("classifier")


class Meaning:
    """Stands for the embedding: the same sentence always gets the same direction."""

    def embed(self, texts: Sequence[str]) -> np.ndarray:
        rows = np.array([np.random.default_rng(sum(map(ord, text))).normal(size=384) for text in texts], np.float32)
        return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def embedding(monkeypatch: pytest.MonkeyPatch, is_built: bool) -> None:
    monkeypatch.setattr(intent_classifier.Embedder, "load", lambda home: Meaning() if is_built else None)


def trained(storage: LocalModelStorage) -> None:
    TechRefIntentClassifier.create(CONFIG, storage, RESOURCE, None).train(load_data(str(PROJECT / "nlu.yml")))


def classified(storage: LocalModelStorage, text: str, **config: float) -> Message:
    classifier = TechRefIntentClassifier.load({**CONFIG, **config}, storage, RESOURCE, None)
    (message,) = classifier.process([Message({"text": text})])
    return message


def intent_of(storage: LocalModelStorage, text: str, **config: float) -> str:
    name: str = classified(storage, text, **config).get("intent")["name"]
    return name


@pytest.mark.parametrize(("at_training", "at_serving"), [(False, False), (True, True), (True, False), (False, True)])
def test_it_understands_with_the_embedding_built_or_not_at_either_time(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, at_training: bool, at_serving: bool
) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, at_training)
    trained(storage)
    embedding(monkeypatch, at_serving)
    assert intent_of(storage, "a cup of tea please") == "order_tea"


def test_a_model_that_cannot_use_the_embedding_says_so_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, False)
    trained(storage)
    embedding(monkeypatch, True)
    with caplog.at_level(logging.WARNING, logger=intent_classifier.log.name):
        intent_of(storage, "hello")
    assert [record.message for record in caplog.records if "make train" in record.message] == [
        caplog.records[-1].message
    ]


def test_a_message_without_text_is_not_understood(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, False)
    trained(storage)
    assert intent_of(storage, " \n") == NOT_UNDERSTOOD
    assert intent_of(storage, " \n", threshold=0.0) == NOT_UNDERSTOOD


@pytest.mark.parametrize("threshold", [0.0, 0.3, 0.6, 1.0])
@pytest.mark.parametrize("ambiguity", [0.0, 0.1, 0.5])
@pytest.mark.parametrize("text", ["a cup of tea please", "tea or hello", "hello", "xylophone quartz", "now"])
def test_not_understood_comes_first_as_with_rasas_own_component(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, threshold: float, ambiguity: float, text: str
) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, False)
    trained(storage)
    thresholds = {"threshold": threshold, "ambiguity_threshold": ambiguity}
    expected = classified(storage, text, threshold=0.0, ambiguity_threshold=0.0)
    FallbackClassifier(thresholds).process([expected])
    found = classified(storage, text, **thresholds)
    assert found.get("intent") == expected.get("intent")
    assert found.get("intent_ranking") == expected.get("intent_ranking")


def test_a_very_long_message_costs_no_more_than_its_first_2000_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, False)
    trained(storage)
    tail = " be silent now" * 20_000
    assert intent_of(storage, "a cup of tea please " * 100 + tail) == "order_tea"


def test_the_embedding_is_made_once_and_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, is_built=True)
    trained(storage)
    message = classified(storage, "a cup  of tea please")
    handed_on = Embedded.of_json(message.get(intent_classifier.EMBEDDING))
    assert handed_on.is_of("a cup of tea please")
    assert np.array_equal(handed_on.vector, Meaning().embed(["a cup of tea please"])[0])
    assert intent_classifier.EMBEDDING in message.as_dict(only_output_properties=True)


def test_without_the_embedding_none_is_handed_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, is_built=False)
    trained(storage)
    assert classified(storage, "a cup of tea please").get(intent_classifier.EMBEDDING) is None


def test_what_we_said_last_decides_what_a_short_answer_means(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedding(monkeypatch, is_built=False)
    storage, config = LocalModelStorage(tmp_path), {**CONFIG, "threshold": 0.0, "ambiguity_threshold": 0.0}
    config |= {"anywhere": [], "contexts": {"fixed": {"comes": ["solved"]}, "first": {"comes": ["problem"]}}}
    examples = tmp_path / "nlu.yml"
    examples.write_text(
        'version: "3.1"\nnlu:\n'
        + _examples("solved", "fixed", "it's gone", "gone now", "all gone", "the error is gone", "gone at last")
        + _examples("problem", "first", "it's gone", "gone again", "my list is gone", "gone since noon", "gone today")
    )
    TechRefIntentClassifier.create(config, storage, RESOURCE, None).train(load_data(str(examples)))
    classifier = TechRefIntentClassifier.load(config, storage, RESOURCE, None)

    def meant(said_last: str) -> str:
        (message,) = classifier.process([Message({"text": "gone", "metadata": {"said_last": said_last}})])
        return str(message.get("intent")["name"])

    assert meant("fixed") == "solved" and meant("first") == "problem"
    assert meant("") == meant("a name that nobody taught")


def test_an_example_for_an_unknown_context_stops_the_training(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    embedding(monkeypatch, is_built=False)
    examples = tmp_path / "nlu.yml"
    examples.write_text(
        'version: "3.1"\nnlu:\n' + _examples("a", "fixd", "one", "two") + _examples("b", "fixd", "three")
    )
    with pytest.raises(ValueError, match="fixd"):
        trained_on = TechRefIntentClassifier.create(CONFIG, LocalModelStorage(tmp_path), RESOURCE, None)
        trained_on.train(load_data(str(examples)))


def _examples(intent: str, said_last: str, *sentences: str) -> str:
    lines = "".join(f"    - {sentence}\n" for sentence in sentences)
    return f"- intent: {intent}\n  metadata:\n    said_last: {said_last}\n  examples: |\n{lines}"
