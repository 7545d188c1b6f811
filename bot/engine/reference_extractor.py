"""Rasa component: extract the Tech References of a message with ``bot.triage.reading.tech_reference``."""

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.triage.reading.tech_reference import find_references

ENTITY = "tech_reference"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class TechReferenceExtractor(GraphComponent, EntityExtractorMixin):
    """Named in config.yml. Its entity has ``valid`` false when the check digit or length shows a likely typo."""

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "TechReferenceExtractor":
        """Return the extractor; it needs no training."""
        return cls()

    def process(self, messages: list[Message]) -> list[Message]:
        """Add an entity for each reference."""
        for message in messages:
            entities = [
                {
                    "entity": ENTITY,
                    "value": found.reference,
                    "start": found.start,
                    "end": found.end,
                    "valid": found.valid,
                }
                for found in find_references(message.get(TEXT) or "")
            ]
            entities = self.add_extractor_name(entities)
            message.set(ENTITIES, message.get(ENTITIES, []) + entities, add_to_output=True)
        return messages
