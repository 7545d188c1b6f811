"""Rasa component: TechRef's intent classifier, a wrapper that feeds, stores and reports ``intent_model``."""

import logging
from collections.abc import Sequence
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.constants import DEFAULT_NLU_FALLBACK_INTENT_NAME
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.engine.context_shift import Comes
from bot.engine.environment import home
from bot.engine.intent_model import IntentModel
from bot.engine.wording import plain
from knowledge_base.embedder import Embedded, Embedder, Vectors

log = logging.getLogger(__name__)

_WORDS, _MEANING = "words", "meaning"
# The part of a parsed message that has its text's embedding, for the action.
EMBEDDING = "embedding"
# The key of a message's metadata with the name of what we said last (bot/dialogue/said_last.py); in data/nlu as well.
SAID_LAST = "said_last"
# The number of intents in a message's ranking, besides "not understood".
_RANKING = 10


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TechRefIntentClassifier(GraphComponent, IntentClassifier):
    """Named in config.yml. Uses the sentence embedding when it is built, and warns once when it is not."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Return the defaults.

        ``regularisation`` is logistic regression's C. A message is not understood when its first intent's confidence is
        below ``threshold``, or less than ``ambiguity_threshold`` above that of the second. ``anywhere`` and
        ``contexts``: the intents that come whatever we said last, and after what the others do.
        """
        return {
            "regularisation": 20.0,
            "threshold": 0.5,
            "ambiguity_threshold": 0.05,
            "anywhere": [],
            "contexts": {},
        }

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._regularisation = float(config["regularisation"])
        self._threshold = float(config["threshold"])
        self._ambiguity_threshold = float(config["ambiguity_threshold"])
        self._comes = Comes.of_config(config["anywhere"], config["contexts"])
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
        contexts = [context_of_example(message) for message in examples]
        if unknown := sorted({*contexts} - {"", *self._comes.intents}):
            raise ValueError(f"examples name contexts that config.yml lacks: {', '.join(unknown)}")
        kinds: list[tuple[str, Vectors | None]] = [(_WORDS, None)]
        if self._embedder:
            kinds.append((_MEANING, self._embedder.embed(texts)))
        with self._storage.write_to(self._resource) as folder:
            for name, vectors in kinds:
                model = IntentModel.train(texts, intents, vectors, self._regularisation, contexts, self._comes)
                model.save(folder / name)
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
        """Set every message's intent and ranking; a message that is not understood has ``nlu_fallback`` first in both.

        Its confidence is then the threshold, as with Rasa's FallbackClassifier.
        """
        for message in messages:
            text = plain(message.get(TEXT) or "")
            vectors = self._embedder.embed([text]) if self._embedder and text else None
            if vectors is not None:
                # The search of the manual goes on with it: one embedding a turn.
                message.set(EMBEDDING, Embedded(text, vectors[0]).as_json(), add_to_output=True)
            said_last = str((message.get(METADATA) or {}).get(SAID_LAST) or "")
            ranking = self._rank([text], vectors, [said_last])[0][:_RANKING] if text else []
            if self._is_unsure([confidence for _, confidence in ranking]):
                ranking = [(DEFAULT_NLU_FALLBACK_INTENT_NAME, self._threshold), *ranking]
            named = [{"name": intent, "confidence": confidence} for intent, confidence in ranking]
            message.set(INTENT, named[0], add_to_output=True)
            message.set(INTENT_RANKING_KEY, named, add_to_output=True)
        return messages

    def _is_unsure(self, confidences: Sequence[float]) -> bool:
        """Return whether a ranking with these confidences, the highest first, decides nothing."""
        if not confidences or confidences[0] < self._threshold:
            return True
        return len(confidences) > 1 and confidences[0] - confidences[1] < self._ambiguity_threshold

    def _rank(
        self, texts: Sequence[str], vectors: Vectors | None, contexts: Sequence[str]
    ) -> list[list[tuple[str, float]]]:
        if self._model is None:
            raise RuntimeError("the intent classifier was asked before it was trained")
        return self._model.rank(texts, vectors, contexts)


def context_of_example(example: Message) -> str:
    """Return what we said before an example, from its intent's metadata; empty for one that comes anywhere."""
    return str(((example.get(METADATA) or {}).get(METADATA_INTENT) or {}).get(SAID_LAST) or "")
