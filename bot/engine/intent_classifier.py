"""Rasa component: TechRef's intent classifier, a wrapper that feeds, stores and reports ``intent_model``."""

import logging
from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.environment import home
from bot.engine.intent_model import IntentModel
from bot.engine.wording import plain
from knowledge_base.embedder import Embedder

log = logging.getLogger(__name__)

_WORDS, _MEANING = "words", "meaning"
# The number of intents in a message's ranking.
_RANKING = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TechRefIntentClassifier(GraphComponent, IntentClassifier):
    """Named in config.yml. Uses the sentence embedding when it is built, and warns once when it is not."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults; ``regularisation`` is logistic regression's C."""
        return {"regularisation": 20.0}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._regularisation = float(config["regularisation"])
        self._storage = storage
        self._resource = resource
        self._embedder = Embedder.load(home())
        self._model: IntentModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TechRefIntentClassifier":
        """Return an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Train the intents twice, with the embedding and on words alone.

        Losing the embedding later then costs accuracy and no more.
        """
        examples = [message for message in training_data.intent_examples if message.get(TEXT)]
        texts = [plain(message.get(TEXT)) for message in examples]
        intents = [message.get(INTENT) for message in examples]
        with self._storage.write_to(self._resource) as folder:
            IntentModel.train(texts, intents, None, self._regularisation).save(folder / _WORDS)
            if self._embedder:
                vectors = self._embedder.embed(texts)
                IntentModel.train(texts, intents, vectors, self._regularisation).save(folder / _MEANING)
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "TechRefIntentClassifier":
        """Load the trained classifier. Raises ValueError when the model archive does not hold it."""
        classifier = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            if classifier._embedder and not (folder / _MEANING).is_dir():
                log.warning(
                    "The model was trained without the sentence embedding and goes on by words alone, which "
                    "understands less. Run `make train` to use it."
                )
                classifier._embedder = None
            classifier._model = IntentModel.load(folder / (_MEANING if classifier._embedder else _WORDS))
        return classifier

    def process(self, messages: list[Message]) -> list[Message]:
        """Set every message's intent and ranking; a message without text gets no intent."""
        for message in messages:
            text = plain(message.get(TEXT) or "")
            ranking = self._rank([text])[0][:_RANKING] if text else []
            named = [{"name": intent, "confidence": confidence} for intent, confidence in ranking]
            message.set(INTENT, named[0] if named else {"name": None, "confidence": 0.0}, add_to_output=True)
            message.set("intent_ranking", named, add_to_output=True)
        return messages

    def _rank(self, texts: Sequence[str]) -> list[list[tuple[str, float]]]:
        if self._model is None:
            raise RuntimeError("the intent classifier was asked before it was trained")
        return self._model.rank(texts, self._embedder.embed(texts) if self._embedder else None)
