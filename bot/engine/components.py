"""Restrict the components that a pipeline may name to Rasa's light ones and TechRef's own."""

from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.exceptions import InvalidConfigException

from bot.engine.import_stubs import NEEDS_TENSORFLOW, needs_tensorflow_message


def install() -> None:
    """Make Rasa's recipe refuse components that need TensorFlow, by name, before any training begins."""
    find = DefaultV1Recipe._from_registry

    def find_or_refuse(cls: type[DefaultV1Recipe], name: str) -> Any:
        component = name.rpartition(".")[2]
        if component in NEEDS_TENSORFLOW:
            raise InvalidConfigException(needs_tensorflow_message(component, NEEDS_TENSORFLOW[component][1]))
        return find(name)

    DefaultV1Recipe._from_registry = classmethod(find_or_refuse)
