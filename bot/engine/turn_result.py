"""The result of a turn: the one decision that the action sent, and a trace of what was understood."""

from typing import Any

from rasa.core.channels.channel import CollectingOutputChannel

# The number of intents in a trace.
_RANKING = 5
# Rasa adds it to every message.
_WHEN = "timestamp"


class BadBotMessage(Exception):
    """The action sent something else than one decision; the text says what, and quotes nothing."""


class EmptyTurn(Exception):
    """The turn ended without a decision: the customer would have got no answer."""


class TurnOutput(CollectingOutputChannel):
    """Collects the bot's messages whole. Rasa's own collector splits text at blank lines and drops the order."""

    @classmethod
    def name(cls) -> str:
        """Return the channel's name, for responses written for one channel only."""
        return "techref"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """Collect what a message says; nothing is sent from here."""
        self.messages.append({part: value for part, value in message.items() if value and part != _WHEN})


def decision(output: TurnOutput) -> dict[str, Any]:
    """Return the decision of the turn's only bot message, unchanged. Raises BadBotMessage, EmptyTurn."""
    messages = [message for message in output.messages if message]
    if not messages:
        raise EmptyTurn
    if len(messages) > 1:
        raise BadBotMessage(f"{len(messages)} bot messages in place of one")
    (message,) = messages
    if others := sorted(set(message) - {"custom"}):
        raise BadBotMessage(f"{', '.join(others)} in a bot message")
    custom = message["custom"]
    if not isinstance(custom, dict) or set(custom) != {"decision"}:
        raise BadBotMessage("custom JSON other than one decision")
    decided = custom["decision"]
    if not isinstance(decided, dict):
        raise BadBotMessage("a decision that is no JSON object")
    return decided


def trace(understood: dict[str, Any]) -> dict[str, Any]:
    """Return the intent of Rasa's parse data, its confidence, and the likeliest intents with theirs."""
    intent, ranking = understood["intent"], understood["intent_ranking"]
    return {
        "intent": intent["name"],
        "confidence": intent["confidence"],
        "ranking": [[each["name"], each["confidence"]] for each in ranking[:_RANKING]],
    }
