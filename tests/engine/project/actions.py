"""A real action server for the engine's tests, run in TechRef's own environment: python actions.py PORT COUNT_FILE

Every run of the action is a line of COUNT_FILE, so that a test can tell how often something really ran. The decision
is all that the action was called with, so that a test can tell what it knows.
"""

import asyncio
import os
import sys
from pathlib import Path

from rasa_sdk import Action
from rasa_sdk.endpoint import run
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import ActionExecutor

RUNS = Path(sys.argv[2])
LISTEN = [FollowupAction("action_listen")]


class Decide(Action):
    def name(self):
        return "action_decide"

    async def run(self, dispatcher, tracker, domain):
        note(tracker)
        intent = tracker.latest_message["intent"]["name"]
        if intent == "ask_slow":
            await asyncio.sleep(float(os.environ.get("SLOW_S", "30")))
        if intent == "ask_broken":
            raise ValueError(f"cannot cope with {tracker.latest_message['text']}")
        if intent == "ask_silent":
            return LISTEN
        if intent == "ask_talk":
            dispatcher.utter_message(response="utter_greet")
        if intent == "ask_endless":
            return [FollowupAction("action_decide")]
        dispatcher.utter_message(json_message={"decision": decision(tracker, domain)})
        return LISTEN


def note(tracker):
    metadata = tracker.latest_message.get("metadata") or {}
    with RUNS.open("a") as runs:
        runs.write(f"{metadata.get('message_id')}\n")


def decision(tracker, domain):
    message = tracker.latest_message
    return {
        "intent": message["intent"]["name"],
        "text": message["text"],
        "entities": {entity["entity"]: entity["value"] for entity in message["entities"]},
        "context": (message.get("metadata") or {}).get("context"),
        "sender": tracker.sender_id,
        "slots": tracker.slots,
        "events": len(tracker.events),
        "intents_known": len(domain["intents"]),
        # Values that a careless copy would change.
        "odd": [None, False, 0, "", "a\n\nb ☕", {"2": [], "1": {}}, 1.5],
    }


if __name__ == "__main__":
    executor = ActionExecutor()
    executor.register_action(Decide)
    os.environ["SANIC_HOST"] = "127.0.0.1"
    run(executor, port=int(sys.argv[1]))
