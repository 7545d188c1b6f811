"""The classifier as Rasa's component: what it keeps in the model archive, and life with and without the embedding."""

import logging
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest
from conftest import PROJECT
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.message import Message

from bot.engine import intent_classifier
from bot.engine.intent_classifier import TechRefIntentClassifier

CONFIG = TechRefIntentClassifier.get_default_config()
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


def intent_of(storage: LocalModelStorage, text: str) -> str | None:
    classifier = TechRefIntentClassifier.load(CONFIG, storage, RESOURCE, None)
    (message,) = classifier.process([Message({"text": text})])
    name: str | None = message.get("intent")["name"]
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


def test_a_message_without_text_has_no_intent(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, False)
    trained(storage)
    assert intent_of(storage, " \n") is None


def test_a_very_long_message_costs_no_more_than_its_first_2000_characters(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    storage = LocalModelStorage(tmp_path)
    embedding(monkeypatch, False)
    trained(storage)
    tail = " be silent now" * 20_000
    assert intent_of(storage, "a cup of tea please " * 100 + tail) == "order_tea"
