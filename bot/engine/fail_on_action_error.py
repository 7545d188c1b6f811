"""Make a turn fail when one of its actions fails.

Rasa logs the exception of a failed action, drops the action's events and carries on, so that the customer gets no reply
and the dialogue believes it has answered. Here the exception ends the turn. Of an action's events those count that
speak or choose the next action; reminders, which Rasa would schedule for a later time, do not.
"""

from typing import Any, NoReturn

import jsonschema
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.core.processor import MessageProcessor


class ActionFailed(Exception):
    """An action raised, was unreachable or answered nonsense. ``action`` is its name; the cause is chained."""

    def __init__(self, action: str) -> None:
        super().__init__(f"action {action} failed")
        self.action = action


class TooManyActions(Exception):
    """The policies predicted action after action without ever waiting for the customer."""


def install() -> None:
    """Replace Rasa's error handling around an action. Once per process."""
    MessageProcessor._run_action = run_action
    RemoteAction._validate_action_result = _validated_by(RemoteAction.action_response_format_spec())


async def run_action(
    processor: MessageProcessor, action: Any, tracker: Any, output_channel: Any, nlg: Any, prediction: Any
) -> bool:
    """Run one predicted action; return True when another one should be predicted. Raises ActionFailed."""
    name = action.name()
    attempt = tracker.copy()
    attempt.update_with_events(prediction.events, processor.domain)
    try:
        events = await action.run(output_channel, nlg, attempt, processor.domain)
    except Exception as error:
        raise ActionFailed(name) from error
    processor._log_action_on_tracker(tracker, action, events, prediction)
    await processor._send_bot_messages(events, tracker, output_channel)
    return processor.should_predict_another_action(name)


def stop_endless_turn(*_: Any) -> NoReturn:
    """Raise TooManyActions; the processor calls this when a turn exceeds Rasa's limit of predictions."""
    raise TooManyActions


def _validated_by(schema: dict[str, Any]) -> Any:
    """Return a validator that builds the schema once; Rasa builds it on every call, two thirds of a turn's time."""
    validator_class = validator_for(schema)
    validator_class.check_schema(schema)
    validator = validator_class(schema)

    def validate(_: RemoteAction, result: Any) -> bool:
        if not validator.is_valid(result):
            raise jsonschema.ValidationError("the action server's answer has not the form Rasa expects")
        return True

    return validate
