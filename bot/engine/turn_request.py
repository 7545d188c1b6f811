"""Parse and check the gateway's request for a turn, field by field."""

import json
import re
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.core.policies.rule_policy import DEFAULT_ACTION_MAPPINGS
from rasa.core.processor import MessageProcessor

# The part of a long text that Rasa gets. The gateway keeps all of it.
MAX_TEXT = 2_000
_ID = re.compile(r"[A-Za-z0-9_.:@=+-]{1,200}")
_PAYLOAD = re.compile(r"/(?P<intent>[A-Za-z0-9_]{1,100})(?P<entities>\{.*\})?", re.DOTALL)
_FIELDS = {"conversation_id", "message_id", "text", "payload", "metadata"}
# Replaces the slash that would make Rasa parse the text as a command; same length, so that offsets stay right.
_NOT_A_COMMAND = "\N{DIVISION SLASH}"


class BadTurn(ValueError):
    """The request is not a turn; the message names the field and never repeats its value."""


@dataclass(frozen=True)
class TurnRequest:
    """One message with its context in ``metadata``. Exactly one of ``text`` and ``payload`` is given."""

    conversation_id: str
    message_id: str
    text: str | None
    payload: str | None
    metadata: dict[str, Any]


def read_request(body: Any) -> TurnRequest:
    """Parse a request's JSON. Raises BadTurn."""
    if not isinstance(body, dict):
        raise BadTurn("the body must be a JSON object")
    if unknown := set(body) - _FIELDS:
        raise BadTurn(f"unknown field{'s' if len(unknown) > 1 else ''}; known are {', '.join(sorted(_FIELDS))}")
    text, payload = body.get("text"), body.get("payload")
    if (text is None) == (payload is None):
        raise BadTurn("exactly one of text and payload must be given")
    return TurnRequest(
        conversation_id=_identifier(body, "conversation_id"),
        message_id=_identifier(body, "message_id"),
        text=None if text is None else read_text(text),
        payload=_payload(payload),
        metadata=read_metadata(body.get("metadata")),
    )


async def understand(request: TurnRequest, processor: MessageProcessor) -> dict[str, Any]:
    """Return intent and entities of the message, as Rasa's parse data. Raises BadTurn.

    A payload states them itself; text is always classified, also when it looks like a command.
    """
    if request.payload is not None:
        return _stated(request.payload, processor)
    return await classify(request.text or "", processor, request.metadata)


async def classify(text: str, processor: MessageProcessor, metadata: dict[str, Any] | None = None) -> dict[str, Any]:
    """Return the intent and entities that the model finds in typed text."""
    harmless = _NOT_A_COMMAND + text[1:] if text.startswith("/") else text
    return {**await processor.parse_message(UserMessage(harmless, metadata=metadata)), "text": text}


def read_text(value: Any) -> str:
    """Return typed text for Rasa: at most 2,000 characters that can be stored. Raises BadTurn."""
    if not isinstance(value, str):
        raise BadTurn("text must be a string")
    text = value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8").replace("\0", " ").strip()
    if not text:
        raise BadTurn("text must not be blank")
    return text


def read_metadata(value: Any) -> dict[str, Any]:
    """Return what goes with a message, which the engine passes on unread; empty for None. Raises BadTurn."""
    if value is not None and not isinstance(value, dict):
        raise BadTurn("metadata must be a JSON object")
    return value or {}


def _stated(payload: str, processor: MessageProcessor) -> dict[str, Any]:
    match = _PAYLOAD.fullmatch(payload)
    intent = match["intent"] if match else ""
    if not match or intent in DEFAULT_ACTION_MAPPINGS or intent not in processor.domain.intents:
        raise BadTurn("payload names no intent of this assistant")
    try:
        values = json.loads(match["entities"] or "{}")
    except ValueError:
        raise BadTurn("payload must be /intent or /intent{JSON object}") from None
    entities = [{"entity": name, "value": value} for name, value in values.items()]
    for entity in entities:
        if entity["entity"] not in processor.domain.entities:
            raise BadTurn("payload names an entity that this assistant does not have")
    stated = {"name": intent, "confidence": 1.0}
    return {"text": payload, "intent": stated, "intent_ranking": [stated], "entities": entities}


def _identifier(body: dict[str, Any], field: str) -> str:
    value = body.get(field)
    if not isinstance(value, str) or not _ID.fullmatch(value):
        raise BadTurn(f"{field} must be a string of 1 to 200 letters, digits and _.:@=+-")
    return value


def _payload(value: Any) -> str | None:
    if value is not None and (not isinstance(value, str) or not _PAYLOAD.fullmatch(value)):
        raise BadTurn("payload must be /intent or /intent{JSON object}")
    return value
