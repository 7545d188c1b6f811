"""Stub modules that Rasa imports and TechRef never uses: TensorFlow's, and clients of outside services.

Rasa imports every component and channel it knows, needed or not. A stub put into ``sys.modules`` first satisfies that
import; configuring the real thing raises an error that names the replacement. ``docs/engine.md`` has the savings.
"""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

INTENT_CLASSIFIER = "bot.engine.intent_classifier.TechRefIntentClassifier"

# Component -> the module Rasa imports it from, and the replacement to configure.
NEEDS_TENSORFLOW: dict[str, tuple[str, str]] = {
    "DIETClassifier": ("rasa.nlu.classifiers.diet_classifier", INTENT_CLASSIFIER),
    "ResponseSelector": ("rasa.nlu.selectors.response_selector", "an intent and a rule for each answer"),
    "ConveRTFeaturizer": ("rasa.nlu.featurizers.dense_featurizer.convert_featurizer", INTENT_CLASSIFIER),
    "LanguageModelFeaturizer": ("rasa.nlu.featurizers.dense_featurizer.lm_featurizer", INTENT_CLASSIFIER),
    "TEDPolicy": ("rasa.core.policies.ted_policy", "RulePolicy or MemoizationPolicy"),
    "UnexpecTEDIntentPolicy": ("rasa.core.policies.unexpected_intent_policy", "RulePolicy"),
}

# Helpers of the components above, imported by a module that we do use.
_TENSORFLOW_HELPERS = {
    "rasa.utils.tensorflow.callback": ("RasaTrainingLogger", "RasaModelCheckpoint"),
    "rasa.utils.tensorflow.data_generator": ("RasaBatchDataGenerator",),
}

# Customers reach TechRef through the gateway, never through one of Rasa's own channels.
_CHANNELS = {
    "rasa.core.channels.botframework": "BotFrameworkInput",
    "rasa.core.channels.facebook": "FacebookInput",
    "rasa.core.channels.hangouts": "HangoutsInput",
    "rasa.core.channels.mattermost": "MattermostInput",
    "rasa.core.channels.rocketchat": "RocketChatInput",
    "rasa.core.channels.slack": "SlackInput",
    "rasa.core.channels.socketio": "SocketIOInput",
    "rasa.core.channels.telegram": "TelegramInput",
    "rasa.core.channels.twilio": "TwilioInput",
    "rasa.core.channels.twilio_voice": "TwilioVoiceInput",
    "rasa.core.channels.webexteams": "WebexTeamsInput",
}

# Rasa's tracker store module names these at import, for the DynamoDB and MongoDB stores.
_STORE_CLIENTS: dict[str, dict[str, type]] = {
    "boto3": {},
    "boto3.dynamodb": {},
    "boto3.dynamodb.conditions": {"Key": object},
    "botocore": {},
    "botocore.exceptions": {"BotoCoreError": Exception},
    "pymongo": {},
    "pymongo.collection": {"Collection": object},
    "pymongo.errors": {"ConnectionFailure": Exception, "OperationFailure": Exception},
}

# Draws the plots of `rasa test`, with Matplotlib, some 13 MB; imported by every command.
_PLOTTING = "rasa.utils.plotting"


def install() -> None:
    """Insert the stubs. Must run before anything of Rasa is imported.

    Raises RuntimeError when a module to be stubbed has been imported already.
    """
    for component, (module, instead) in NEEDS_TENSORFLOW.items():
        _add(module, {component: _unusable(component, needs_tensorflow_message(component, instead))})
    for module, names in _TENSORFLOW_HELPERS.items():
        _add(module, {name: _unusable(name, needs_tensorflow_message(name, INTENT_CLASSIFIER)) for name in names})
    for module, name in _CHANNELS.items():
        _add(module, {name: _unusable(name, _channel_message(name), name=classmethod(_channel_name))})
    for module, members in _STORE_CLIENTS.items():
        _add(module, {name: type(name, (base,), {}) for name, base in members.items()})
    _load_when_used(_PLOTTING)


def _load_when_used(name: str) -> None:
    """Load a module lazily, at its first attribute access.

    importlib's LazyLoader does not work here: a second import of the module accesses it, which loads it.
    """
    waiting = ModuleType(name, "Loaded by bot.engine.import_stubs when it is used")

    def load(attribute: str) -> Any:
        if attribute.startswith("__"):
            raise AttributeError(attribute)
        if sys.modules.get(name) is waiting:
            del sys.modules[name]
        return getattr(import_module(name), attribute)

    waiting.__getattr__ = load  # type: ignore[method-assign]
    sys.modules[name] = waiting


def needs_tensorflow_message(component: str, instead: str) -> str:
    """Return the error for a configured component that this environment cannot run."""
    return (
        f"{component} needs TensorFlow, which TechRef's engine runs without. "
        f"Nothing was trained or started. In config.yml, replace it by {instead}."
    )


def _channel_message(name: str) -> str:
    return (
        f"Rasa's channel {name} is not available: customers write through the gateway, and Rasa itself answers "
        "only on loopback. Nothing was started. Remove it from credentials.yml."
    )


def _channel_name(cls: type) -> str:
    return cls.__name__.removesuffix("Input").lower()


def _unusable(label: str, message: str, **members: Any) -> type:
    """Return a class that can be named and listed, and raises ``message`` when it is created or configured."""

    def refuse(*_: Any, **__: Any) -> NoReturn:
        from rasa.shared.exceptions import RasaException

        raise RasaException(message)

    refused = dict.fromkeys(("create", "load", "from_credentials", "get_default_config"), classmethod(refuse))
    return type(label, (), {"__init__": refuse, **refused, **members})


def _add(module: str, members: dict[str, type]) -> None:
    if module in sys.modules:
        raise RuntimeError(f"{module} was imported before the stand-ins: import bot.engine.launcher first")
    stand_in = ModuleType(module, "A stand-in made by bot.engine.import_stubs")
    for name, member in members.items():
        member.__module__ = module
        setattr(stand_in, name, member)
    if "." in module:
        parent, _, child = module.rpartition(".")
        if isinstance(sys.modules.get(parent), ModuleType) and not hasattr(sys.modules[parent], child):
            setattr(sys.modules[parent], child, stand_in)
    sys.modules[module] = stand_in
