"""A message that somebody chose to be logged is an issue of its own, whatever kind of words it holds."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.context import TO_BE_LOGGED, TurnContext
from bot.dialogue.plan import AddToProblem
from bot.services.turn.inbound_message import without_contact
from tests.support.turn_contexts import REFERENCE, decided, draft, kinds, logged, message, pressed, replies, waits

CHOSEN = 5


def chosen(text: str, **more: Any) -> TurnContext:
    """Somebody chose a message with these words."""
    about = message(text, CHOSEN)
    context = pressed("report_issue", "Create an issue", fields={"about": CHOSEN, "value": TO_BE_LOGGED}, **more)
    return replace(context, about=about)


@pytest.mark.parametrize(
    "text", ["the totals of May look odd to me", "how do I print labels?", "thanks!", "hours?", "can a person call me"]
)
@pytest.mark.parametrize("before", [{}, waits(), {"draft": logged("kept"), "owner": "queue"}])
def test_any_message_begins_an_issue_of_its_own(text: str, before: dict[str, Any]) -> None:
    plan = decided(chosen(text, known_contact="kim@brightsons.example", **before))
    assert "begin_draft" in kinds(plan) and "open_issue" in kinds(plan)
    problem = next(command for command in plan.commands if isinstance(command, AddToProblem))
    assert problem.message_id == CHOSEN


def test_an_issue_whose_questions_are_open_is_asked_no_further() -> None:
    at_version = {"draft": logged(asking="product_version"), "owner": "queue"}
    plan = decided(chosen("exports are empty", known_contact="kim@brightsons.example", **at_version))
    assert kinds(plan)[:2] == ["update_draft", "begin_draft"] and "open_issue" in kinds(plan)


def test_a_draft_without_a_reference_takes_it_in() -> None:
    asked = draft(asking="problem", category="printing")
    plan = decided(chosen("exports are empty", draft=asked))
    assert "begin_draft" not in kinds(plan) and "add_to_problem" in kinds(plan)


def test_a_message_that_is_logged_already_is_not_logged_again() -> None:
    state = logged("done")
    state.answers["problem"].message_id = CHOSEN
    plan = decided(chosen("it crashes when I print", **waits(draft=state)))
    assert not {"begin_draft", "open_issue", "add_to_problem"} & set(kinds(plan))
    assert replies(plan)[0] == "utter_reference" and REFERENCE in str(plan.reply[0])


@pytest.mark.parametrize("before", [{}, waits()])
def test_it_is_logged_while_nothing_can_be_read(before: dict[str, Any]) -> None:
    plan = decided(chosen("exports are empty", known_contact="kim@brightsons.example", **before), by="rules")
    assert "begin_draft" in kinds(plan) and "open_issue" in kinds(plan)
    assert [one.message_id for one in plan.commands if isinstance(one, AddToProblem)] == [CHOSEN]


def test_the_contact_of_who_wrote_it_is_not_that_of_who_chose_it() -> None:
    lees = without_contact(message("it crashes in 12.2.1, lee@customer.example, we have a contract"))
    assert lees.details.email is None and not lees.claims_contract and lees.details.version == "12.2.1"
