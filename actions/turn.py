"""One step of a turn, from an action's point of view: the customer, the message, and the replies.

The customer is taken from the conversation's id, never from slots, entities or metadata; the words are read from our
own transcript, because the engine only ever gets the first 2,000 characters.
"""

import json
import secrets
from dataclasses import dataclass, field
from typing import Any

from rasa_sdk import Tracker
from rasa_sdk.events import ActiveLoop, EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.conversation import lifecycle
from bot.services.conversation.episodes import conversation_of
from bot.services.conversation.lifecycle import Conversation
from bot.services.core.context import Context
from bot.services.intake import draft

FORM = "issue_form"
FORM_SLOT = "answer"
FORM_DONE = "done"
PENDING = "pending_question"
REFERENCE_MISSES = "reference_misses"
UNSURE = "unsure"


@dataclass
class Choice:
    """A quick reply: its title, and the payload that Rasa gets when it is chosen."""

    title: str
    intent: str
    fields: dict[str, Any] = field(default_factory=dict)

    def button(self) -> dict[str, str]:
        fields = json.dumps(self.fields) if self.fields else ""
        return {"title": self.title, "payload": f"/{self.intent}{fields}"}


@dataclass
class Turn:
    """The input and output of an action."""

    ctx: Context
    dispatcher: CollectingDispatcher
    tracker: Tracker
    conversation_id: str
    events: list[EventType] = field(default_factory=list)

    @classmethod
    def of(cls, ctx: Context, dispatcher: CollectingDispatcher, tracker: Tracker) -> "Turn":
        return cls(ctx, dispatcher, tracker, conversation_of(tracker.sender_id))

    @property
    def metadata(self) -> dict[str, Any]:
        return self.tracker.latest_message.get("metadata") or {}

    @property
    def message_id(self) -> int | None:
        """Return the stored message behind this turn; None for a turn that no customer began."""
        identity = str(self.metadata.get("message_id", ""))
        return int(identity) if identity.isdigit() else None

    @property
    def intent(self) -> str:
        return str(self.tracker.latest_message.get("intent", {}).get("name") or "")

    @property
    def confidence(self) -> float:
        return float(self.tracker.latest_message.get("intent", {}).get("confidence") or 0.0)

    @property
    def is_choice(self) -> bool:
        """Return True when a quick reply was pressed rather than words typed."""
        return bool(self.metadata.get("choice"))

    @property
    def typed(self) -> str:
        """Return the typed words as the engine has them, at most 2,000 characters; empty for a pressed quick reply."""
        return "" if self.is_choice else str(self.tracker.latest_message.get("text") or "")

    @property
    def ranking(self) -> list[str]:
        """Return the possible intents, the likeliest first."""
        return [str(one.get("name")) for one in self.tracker.latest_message.get("intent_ranking") or ()]

    @property
    def waiting(self) -> bool:
        """Return True while the conversation is in the queue for a technician."""
        return self.metadata.get("mode") == "waiting"

    @property
    def unseen_question(self) -> bool:
        """Return True when this was written before the customer saw the assistant's last message."""
        return bool(self.metadata.get("unseen_question"))

    def field(self, name: str) -> Any:
        """Return a field of the pressed choice's payload, or None."""
        return next(self.tracker.get_latest_entity_values(name), None)

    async def text(self, session: AsyncSession) -> str:
        """Return the customer's words, or those of the pressed choice ("about" names an earlier message)."""
        about = self.field("about")
        message_id = int(about) if about is not None else self.message_id
        if message_id is None:
            return ""
        return await draft.text_of(session, self.conversation_id, message_id)

    async def conversation(self, session: AsyncSession) -> Conversation:
        """Lock the conversation, and the one that its issue was opened in."""
        return await lifecycle.load_with_origin(session, self.conversation_id)

    def say(
        self,
        response: str,
        *,
        choices: list[Choice] | None = None,
        cards: list[dict[str, str]] | None = None,
        private: bool = False,
        **values: Any,
    ) -> None:
        """Reply with one of the domain's responses, or the operator's replacement; ``{placeholders}`` are filled.

        ``private``: in a thread that others read, only the customer may read it.
        """
        custom = {**({"cards": cards} if cards else {}), **({"private": True} if private else {})} or None
        if own := self.ctx.support.sentences.own.get(response):
            text = secrets.choice(own).format_map(_Filled(values))
            self.dispatcher.utter_message(text=text, buttons=_buttons(choices), json_message=custom)
            return
        self.dispatcher.utter_message(
            response=response,
            buttons=_buttons(choices),
            json_message=custom,
            **values,
        )

    def say_text(self, text: str, *, choices: list[Choice] | None = None) -> None:
        """Reply with words of support.yml, such as a routing question."""
        self.dispatcher.utter_message(text=text, buttons=_buttons(choices))

    def effect(self, kind: str, **fields: Any) -> None:
        """Request an effect of the gateway, applied when the turn is stored."""
        self.dispatcher.utter_message(json_message={"effect": {"type": kind, **fields}})

    def ask_about(self, pending: str | None) -> None:
        """Remember the subject of a plain yes or no; None for none."""
        self.events.append(SlotSet(PENDING, pending))

    @property
    def pending(self) -> str | None:
        value = self.tracker.get_slot(PENDING)
        return str(value) if value else None

    def forget_unsure(self) -> None:
        """Reset the count of consecutive misunderstood messages."""
        asks_anew = any(event.get("name") == PENDING for event in self.events)
        if self.pending == UNSURE and not asks_anew:
            self.ask_about(None)

    def count_reference_miss(self) -> int:
        """Count one more unknown reference; return their number in this episode."""
        misses = int(self.tracker.get_slot(REFERENCE_MISSES) or 0) + 1
        self.events.append(SlotSet(REFERENCE_MISSES, misses))
        return misses

    def leave_questions(self) -> None:
        """End the form; the draft records whether its questions are kept for later."""
        self.events += [ActiveLoop(None), SlotSet("requested_slot", None), SlotSet(FORM_SLOT, None)]

    def go_on_with_questions(self) -> None:
        """Start or continue the form: it asks the draft's next question."""
        self.events += [SlotSet(FORM_SLOT, None), FollowupAction(FORM)]

    @property
    def in_form(self) -> bool:
        return bool(self.tracker.active_loop_name == FORM)


class _Filled(dict[str, Any]):
    """Values for placeholders; one without a value stays as it is written, as in Rasa's own responses."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


def _buttons(choices: list[Choice] | None) -> list[dict[str, str]]:
    return [choice.button() for choice in choices or ()]
