"""What a technician may put right about an issue, as a form needs it: each field with its choices."""

from collections.abc import Mapping
from typing import Any

from bot.services.core.context import Context
from bot.services.desk.labels import IMPACTS, LABELS
from bot.services.intake import draft


def editable_fields(ctx: Context, issue: Mapping[str, Any]) -> dict[str, Any]:
    """Titles of categories, teams and impacts, and every question of the issue's category with its answer, if any."""
    answers = {answer["question_id"]: answer["value"] for answer in issue["answers"] if answer["status"] == "answered"}
    asked = [question.id for question in ctx.support.category(issue["category"]).questions]
    names = [draft.PROBLEM, draft.CONTACT, *asked, *(name for name in answers if name not in asked)]
    questions = [
        {
            "id": name,
            "label": LABELS.get(name) or ctx.support.line_label(name),
            "value": answers.get(name, ""),
            "long": name == draft.PROBLEM,
        }
        for name in dict.fromkeys(names)
    ]
    return {
        "categories": {one.id: one.title for one in ctx.support.categories},
        "teams": dict(ctx.support.team_titles),
        "impacts": IMPACTS,
        "questions": questions,
    }
