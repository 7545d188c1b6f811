"""The result of a turn: the bot's messages as replies and effects, and a trace of the decision."""

from collections.abc import Iterable, Sequence
from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel
from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import ActionExecuted, Event
from rasa.shared.core.trackers import DialogueStateTracker

from bot.engine.rule_names import RULE

_CUSTOM = {"cards", "effect", "private"}
_UNSUPPORTED = ("image", "attachment", "elements", "quick_replies")


class BadBotMessage(Exception):
    """An action or response sent a message that the gateway cannot show; the text names the part."""


class EmptyTurn(Exception):
    """The turn ended without a reply and without an effect: the customer would have got no answer."""


class TurnOutput(CollectingOutputChannel):
    """Collects the bot's messages whole. Rasa's own collector splits text at blank lines and drops the order."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, for responses written for one channel only."""
        return "techref"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect a message; nothing is sent from here."""
        self.messages.append(dict(message))


def answered(output: TurnOutput, tracker: DialogueStateTracker, added: Sequence[Event]) -> dict[str, Any]:
    """Return replies, effects and trace of a turn that added these events. Raises BadBotMessage, EmptyTurn."""
    replies, effects = [], []
    for message in output.messages:
        custom = _custom(message)
        reply = {
            "text": message.get("text") or "",
            "choices": [
                {"title": button["title"], "payload": button.get("payload")} for button in message.get("buttons") or []
            ],
            "cards": custom.get("cards", []),
        }
        if any(reply.values()):
            replies.append({**reply, "private": True} if custom.get("private") is True else reply)
        if "effect" in custom:
            effects.append(custom["effect"])
    if not replies and not effects:
        raise EmptyTurn
    return {"replies": replies, "effects": effects, "trace": _trace(tracker, added)}


def _custom(message: dict[str, Any]) -> dict[str, Any]:
    for part in _UNSUPPORTED:
        if message.get(part):
            raise BadBotMessage(f"{part} in a bot message")
    custom = message.get("custom") or {}
    if not isinstance(custom, dict) or set(custom) - _CUSTOM:
        raise BadBotMessage("custom JSON other than cards, effect and private")
    effect = custom.get("effect")
    if "effect" in custom and not (isinstance(effect, dict) and isinstance(effect.get("type"), str)):
        raise BadBotMessage("an effect without a type")
    if not isinstance(custom.get("cards", []), list):
        raise BadBotMessage("cards that are not a list")
    return custom


def _trace(tracker: DialogueStateTracker, added: Iterable[Event]) -> dict[str, Any]:
    executed = [
        event
        for event in added
        if isinstance(event, ActionExecuted)
        and event.action_name not in (None, ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME)
    ]
    intent = tracker.latest_message.intent if tracker.latest_message else {}
    deciding = next((event for event in executed if not _is_form_step(event)), executed[0] if executed else None)
    return {
        "intent": intent.get("name"),
        "confidence": intent.get("confidence"),
        "rule": deciding.metadata.get(RULE) if deciding else None,
        "policy": deciding.policy if deciding else None,
        "actions": [event.action_name for event in executed],
    }


def _is_form_step(event: ActionExecuted) -> bool:
    return str(event.metadata.get(RULE, "")).startswith("form ")
