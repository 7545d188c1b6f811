"""A form that was sent answers its questions by the rules of answers in words."""

from typing import Any

import pytest

from bot.dialogue.context import TurnContext
from bot.dialogue.draft import CONTACT
from bot.dialogue.plan import SetSlot
from tests.support.turn_contexts import decided, draft, kinds, logged, pressed, replies

AT_VERSION: dict[str, Any] = {"draft": logged(asking="product_version"), "owner": "queue"}


def form(text: str, value: str, intake: int = 3, **more: Any) -> TurnContext:
    return pressed("answer_question", text, fields={"intake": intake, "value": value}, **more)


def answers(context: TurnContext, **more: Any) -> dict[str, tuple[str | None, str]]:
    plan = decided(context, **more)
    return {one.question: (one.value, one.status) for one in plan.commands if isinstance(one, SetSlot)}


def test_each_line_answers_its_question_and_a_blank_one_is_skipped() -> None:
    sent = form("Version: 12.2.1\nPrinter: HP: the old one", "product_version printer|tried", **AT_VERSION)
    found = answers(sent)
    assert found["product_version"] == ("12.2.1", "answered") and found["printer"] == ("HP: the old one", "answered")
    assert found["tried"][1] == "skipped" and "what_changed" not in found


def test_i_do_not_know_leaves_a_question_open_for_the_technician() -> None:
    assert answers(form("Version: I don't know", "product_version|", **AT_VERSION))["product_version"][1] == "unknown"


@pytest.mark.parametrize("by", ["engine", "rules"])
def test_the_contact_of_a_form_logs_the_issue(by: Any) -> None:
    asked = draft(asking=CONTACT, category="printing", answers={"problem": "it crashes when I print"})
    sent = form("Contact: kim@brightsons.example\nVersion: 12.2.1", "contact product_version|printer", draft=asked)
    assert answers(sent, by=by)[CONTACT] == ("kim@brightsons.example", "answered")
    assert "open_issue" in kinds(decided(sent, by=by))


def test_a_form_of_an_earlier_draft_changes_nothing() -> None:
    sent = form("Version: 12.2.1", "product_version|", intake=2, **AT_VERSION)
    assert answers(sent) == {} and "utter_choice_outdated" in replies(decided(sent))
