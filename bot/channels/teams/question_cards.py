"""The form of the open questions, and the rating, as cards of Teams."""

import secrets
from collections.abc import Mapping
from typing import Any

from bot.channels.teams.form_inputs import attachment, input_of
from bot.channels.teams.render_cards import CONVERSATION, QUESTIONS, SCORE, runs
from bot.services.channel.question_form import QuestionForm
from bot.services.conversation.rate_issue import HIGHEST, LOWEST

INTAKE, ONCE = "techref_intake", "techref_once"
Json = dict[str, Any]


def question_button(title: str, conversation_id: str) -> Json:
    """Return the button that opens the form in a dialog."""
    data = {"msteams": {"type": "task/fetch"}, QUESTIONS: True, CONVERSATION: conversation_id}
    return {"type": "Action.Submit", "title": title, "data": data}


def question_dialog(
    form: QuestionForm,
    title: str,
    send: str,
    errors: Mapping[str, str] | None = None,
    typed: Mapping[str, str] | None = None,
    once: str = "",
) -> Json:
    """Return the form as a dialog, with what was ``typed`` and what is wrong above its field.

    Each form has a name of its own (``once``), so that one that is sent twice is one message.
    """
    body: list[Json] = []
    for field in form.fields:
        if wrong := (errors or {}).get(field.name):
            body.append(runs({"text": wrong, "color": "attention"}))
        body.append(input_of(field, (typed or {}).get(field.name, field.value)))
        if field.help:
            body.append(runs({"text": field.help, "isSubtle": True}))
    kept = {
        QUESTIONS: True,
        CONVERSATION: form.conversation_id,
        INTAKE: form.intake_id,
        ONCE: once or secrets.token_hex(12),
    }
    body.append({"type": "ActionSet", "actions": [{"type": "Action.Submit", "title": send, "data": kept}]})
    shown = {"title": title, "height": "large", "width": "medium", "card": attachment(body, title)}
    return {"task": {"type": "continue", "value": shown}}


def rating(question: str, conversation_id: str) -> list[Json]:
    """Return the question how well an issue was handled; the answer to a button only who pressed it is shown."""
    scores = [
        {
            "type": "Action.Execute",
            "title": "★" * score,
            "verb": "rate",
            "data": {SCORE: score, CONVERSATION: conversation_id},
        }
        for score in range(LOWEST, HIGHEST + 1)
    ]
    return [runs({"text": question}), {"type": "ActionSet", "actions": scores}]
