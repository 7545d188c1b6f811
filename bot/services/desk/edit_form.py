"""The editable fields of an issue for a form, each with its choices."""

from collections.abc import Mapping
from typing import Any

from bot.dialogue.draft import CONTACT, PROBLEM, PROBLEM_LIMIT
from bot.services.core.context import Context
from bot.services.desk.labels import IMPACTS, LABELS
from bot.services.desk.product_choice import product_choices

ANSWER_LIMIT = 2000
MOST_ROWS = 8


def limit_of(question_id: str) -> int:
    """Return the most characters that a technician may write as this answer."""
    return PROBLEM_LIMIT if question_id == PROBLEM else ANSWER_LIMIT


def editable_fields(ctx: Context, issue: Mapping[str, Any]) -> dict[str, Any]:
    """Titles of products, categories, teams and impacts, and each question of the issue's category with its answer."""
    support = ctx.support.for_product(issue["product"])
    answers = {answer["question_id"]: answer["value"] for answer in issue["answers"] if answer["status"] == "answered"}
    asked = [question.id for question in support.category(issue["category"]).questions]
    names = [PROBLEM, CONTACT, *asked, *(name for name in answers if name not in asked)]
    questions = [
        {
            "id": name,
            "label": LABELS.get(name) or support.line_label(name),
            "value": answers.get(name, ""),
            "limit": limit_of(name),
            "rows": min(MOST_ROWS, max(answers.get(name, "").count("\n") + 1, 3 if name == PROBLEM else 1)),
        }
        for name in dict.fromkeys(names)
    ]
    return {
        "products": product_choices(ctx.support),
        "categories": {one.id: one.title for one in support.issue_kinds.values()},
        "teams": dict(ctx.support.team_titles),
        "impacts": IMPACTS,
        "questions": questions,
    }
