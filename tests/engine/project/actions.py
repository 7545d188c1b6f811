"""A real action server for the engine's tests, run in TechRef's own environment: python actions.py PORT COUNT_FILE

Every run of an action is written to COUNT_FILE, so that a test can tell how often something really ran.
"""

import asyncio
import os
import sys
from pathlib import Path

from rasa_sdk import Action, FormValidationAction
from rasa_sdk.endpoint import run
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import ActionExecutor

RUNS = Path(sys.argv[2])


def note(name, tracker):
    metadata = tracker.latest_message.get("metadata") or {}
    with RUNS.open("a") as runs:
        runs.write(f"{name} {metadata.get('message_id')}\n")


class Count(Action):
    def name(self):
        return "action_count"

    async def run(self, dispatcher, tracker, domain):
        note(self.name(), tracker)
        dispatcher.utter_message(text=f"Turn noted, {len(domain['intents'])} intents known.")
        return []


class Slow(Action):
    def name(self):
        return "action_slow"

    async def run(self, dispatcher, tracker, domain):
        note(self.name(), tracker)
        await asyncio.sleep(float(os.environ.get("SLOW_S", "30")))
        dispatcher.utter_message(text="At last.")
        return []


class Broken(Action):
    def name(self):
        return "action_broken"

    async def run(self, dispatcher, tracker, domain):
        note(self.name(), tracker)
        raise ValueError(f"cannot cope with {tracker.latest_message['text']}")


class Silent(Action):
    def name(self):
        return "action_silent"

    async def run(self, dispatcher, tracker, domain):
        note(self.name(), tracker)
        return []


class Again(Action):
    def name(self):
        return "action_again"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(text="Again.")
        return [FollowupAction("action_again")]


class Cards(Action):
    def name(self):
        return "action_cards"

    async def run(self, dispatcher, tracker, domain):
        dispatcher.utter_message(
            text="One page.",
            json_message={"cards": [{"title": "Printing", "url": "/manual/printing#again", "excerpt": "Press Print."}]},
        )
        dispatcher.utter_message(json_message={"effect": {"type": "hand_off", "team": "printing"}})
        return []


class TeaForm(FormValidationAction):
    def name(self):
        return "validate_tea_form"

    async def extract_tea(self, dispatcher, tracker, domain):
        text = tracker.latest_message.get("text") or ""
        kinds = [kind for kind in ("black", "green") if kind in text.lower()]
        return {"tea": kinds[0]} if kinds else {}


if __name__ == "__main__":
    executor = ActionExecutor()
    for action in (Count, Slow, Broken, Silent, Again, Cards, TeaForm):
        executor.register_action(action)
    os.environ["SANIC_HOST"] = "127.0.0.1"
    run(executor, port=int(sys.argv[1]))
