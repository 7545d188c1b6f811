"""The one action: decide the turn from its context and the engine's reading. It changes nothing."""

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.wiring import Wiring
from bot.dialogue.context import context_of_json
from bot.dialogue.evidence import evidence_as_json
from bot.dialogue.plan import plan_as_json
from bot.dialogue.reading import NOT_UNDERSTOOD, Reading, reading_as_json
from bot.services.turn.decision import decide_with_evidence
from knowledge_base.embedder import Embedded

# As it stands in domain.yml and config.yml.
ACTION = "action_decide"


class Decide(Action):  # type: ignore[misc]  # rasa-sdk is not typed
    """Answers with the plan, the reading and the evidence of a turn.

    Exceptions are not caught: the turn fails, and the gateway tries again or reads by rules.
    """

    def __init__(self, wiring: Wiring) -> None:
        self._wiring = wiring

    def name(self) -> str:
        return ACTION

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        """Send one decision and wait for the next message; raise BadContext when there is no context."""
        message = tracker.latest_message
        context = context_of_json((message.get("metadata") or {}).get("context"))
        reading, support = _reading(message), await self._wiring.fresh_support()
        embedded = Embedded.of_json(message["embedding"]) if message.get("embedding") else None
        plan, evidence = await decide_with_evidence(context, reading, support, self._wiring.manual, embedded)
        decision = {
            "plan": plan_as_json(plan),
            "reading": reading_as_json(reading),
            "evidence": evidence_as_json(evidence),
            "support": support.digest,
        }
        dispatcher.utter_message(json_message={"decision": decision})
        # Rasa would call the action again and again until it is told to wait.
        return [FollowupAction("action_listen")]


def _reading(message: dict[str, Any]) -> Reading:
    intent = message.get("intent") or {}
    ranking = tuple(str(one.get("name")) for one in message.get("intent_ranking") or ())
    return Reading(str(intent.get("name") or NOT_UNDERSTOOD), float(intent.get("confidence") or 0.0), ranking)
