"""Pressed buttons and sent forms, as what they mean. What we put into them names the conversation."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

from bot.channels.slack.form_inputs import TITLE, input_block, plain, values_of
from bot.channels.slack.ids import UNKNOWN
from bot.channels.slack.render import CHOICE, NEW_ISSUE, PRIVATELY, QUESTIONS, RATE
from bot.services.channel.channel_people import Person
from bot.services.channel.question_form import QuestionForm

ANSWER_FORM, ANSWER_BLOCK, ANSWER_FIELD = "private_answer", "answer", "text"
QUESTION_FORM = "question_form"
Json = Mapping[str, Any]


@dataclass(frozen=True)
class Pressed:
    """Somebody pressed a quick reply (``choice``) or "New issue" (no choice)."""

    source_id: str
    conversation_id: str
    choice: str | None
    person: Person
    payload: Json


@dataclass(frozen=True)
class WantsForm:
    """Somebody wants the form of all open ``questions``, or one to answer where nobody else reads.

    The trigger holds for three seconds.
    """

    conversation_id: str
    trigger_id: str
    person: Person
    container: Json
    questions: bool = False


@dataclass(frozen=True)
class Rated:
    """Somebody rated how an issue was handled."""

    conversation_id: str
    score: int
    person: Person
    container: Json


@dataclass(frozen=True)
class FormSent:
    """The form of the open questions was sent, with what was put into its fields."""

    once: str
    form: QuestionForm
    person: Person
    values: dict[str, str | list[str]]


@dataclass(frozen=True)
class Answered:
    """A private form was sent."""

    source_id: str
    conversation_id: str
    text: str
    person: Person


def read_payload(body: bytes) -> dict[str, Any]:
    """Return the JSON inside the form; raises ValueError."""
    fields = parse_qs(body.decode("utf-8"), strict_parsing=True)
    payload = json.loads(fields.get("payload", [""])[0])
    if not isinstance(payload, dict):
        raise ValueError("the payload is no object")
    return payload


def read_interaction(payload: Json) -> Pressed | WantsForm | Answered | FormSent | Rated | None:
    """Return None for what is no button or form of ours. Raises KeyError for a payload that is not Slack's."""
    if payload.get("type") == "view_submission" and payload["view"].get("callback_id") == ANSWER_FORM:
        return _answered(payload)
    if payload.get("type") == "view_submission" and payload["view"].get("callback_id") == QUESTION_FORM:
        return _form_sent(payload)
    if payload.get("type") != "block_actions":
        return None
    action = payload["actions"][0]
    name = action["action_id"].partition(":")[0]
    conversation_id, _, choice = (action.get("value") or "").partition(":")
    if name in (PRIVATELY, QUESTIONS):
        trigger, container = payload["trigger_id"], payload["container"]
        return WantsForm(conversation_id, trigger, _person(payload), container, name == QUESTIONS)
    if name == RATE:
        return Rated(conversation_id, int(choice), _person(payload), payload["container"])
    if name not in (CHOICE, NEW_ISSUE):
        return None
    container = payload["container"]
    person = _person(payload)
    # Named by who pressed what where: a double click is one answer.
    pressed = (container["channel_id"], container["message_ts"], person.user_id, choice or NEW_ISSUE)
    return Pressed(":".join(("press", *pressed)), conversation_id, choice or None, person, payload)


def _answered(payload: Json) -> Answered:
    view = payload["view"]
    text = view["state"]["values"][ANSWER_BLOCK][ANSWER_FIELD].get("value") or ""
    return Answered(f"form:{view['id']}", view["private_metadata"], text, _person(payload))


def _form_sent(payload: Json) -> FormSent:
    view = payload["view"]
    kept = json.loads(view["private_metadata"])
    form = QuestionForm(str(kept["conversation"]), int(kept["intake"]), ())
    return FormSent(str(view["id"]), form, _person(payload), values_of(view))


def question_modal(form: QuestionForm, title: str, send: str) -> dict[str, Any]:
    """Return the form as a modal (https://docs.slack.dev/reference/views/modal-views)."""
    return {
        "type": "modal",
        "callback_id": QUESTION_FORM,
        "private_metadata": json.dumps({"conversation": form.conversation_id, "intake": form.intake_id}),
        "title": plain(title[:TITLE]),
        "submit": plain(send[:TITLE]),
        "blocks": [input_block(field) for field in form.fields],
    }


def _person(payload: Json) -> Person:
    """Whoever pressed, with their own workspace; ``payload["team"]`` may be the host's of a shared channel."""
    user = payload["user"]
    return Person(user.get("team_id") or UNKNOWN, user["id"])


def answer_form(conversation_id: str, title: str, label: str, send: str) -> dict[str, Any]:
    """Return the form for an answer that nobody else in the thread may read. A title may have 24 characters."""
    field = {"type": "plain_text_input", "action_id": ANSWER_FIELD, "multiline": True, "max_length": 3000}
    return {
        "type": "modal",
        "callback_id": ANSWER_FORM,
        "private_metadata": conversation_id,
        "title": {"type": "plain_text", "text": title[:24]},
        "submit": {"type": "plain_text", "text": send[:24]},
        "blocks": [
            {
                "type": "input",
                "block_id": ANSWER_BLOCK,
                "label": {"type": "plain_text", "text": label[:2000]},
                "element": field,
            }
        ],
    }
