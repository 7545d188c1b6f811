"""The base of every action: the process's wiring, and the way from Rasa's call to a ``Turn``."""

import os
from abc import abstractmethod
from functools import cache
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType
from rasa_sdk.executor import CollectingDispatcher

from actions.other_language import speak_their_language
from actions.turn import Turn
from bot.services.core.context import Context, wire
from bot.settings.env.settings import load_settings


@cache
def context() -> Context:
    """Return the wiring of the action server; made when the server starts, then shared."""
    return wire(load_settings(os.environ))


class TurnAction(Action):  # type: ignore[misc]  # rasa-sdk is not typed
    """An action with the name ``action_name`` that works on one Turn.

    Exceptions are not caught: the turn fails, and the gateway retries or uses the fallback.
    """

    action_name = ""
    # The form reads answers in any language; every other action is for what was understood.
    any_language = False

    def name(self) -> str:
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[EventType]:
        await context().refresh_support()
        turn = Turn.of(context(), dispatcher, tracker)
        if self.any_language or not await speak_their_language(turn):
            await self.step(turn)
        turn.forget_unsure()
        return turn.events

    @abstractmethod
    async def step(self, turn: Turn) -> None:
        """Do this action's part of the turn."""
