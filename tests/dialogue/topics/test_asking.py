"""The questions of a draft: the reference as soon as it can be, one question at a time, and the summary at the end."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.context import AnswerState, KnownProblemState, TurnContext
from bot.dialogue.decide import decide
from bot.dialogue.evidence import Evidence
from bot.dialogue.plan import (
    DRAFT_ID,
    DRAFT_VERSION,
    ISSUE_REFERENCE,
    AddToProblem,
    Choice,
    Plan,
    Say,
    SayText,
    SetSlot,
    UpdateDraft,
)
from bot.dialogue.reading import Reading
from bot.settings.support.parts import EmergencyContact
from tests.support.turn_contexts import (
    CLOSED_AT,
    ESSENTIALS,
    REFERENCE,
    SUPPORT,
    decided,
    draft,
    issue,
    kinds,
    logged,
    pressed,
    replies,
    written,
)

PRINTING = SUPPORT.category("printing").questions
ALL_ANSWERED = {question.id: "12.2" for question in PRINTING}
KNOWN = KnownProblemState(5, "Labels print blank", "An update comes on Friday.", None, ())
QUEUED: dict[str, Any] = {"owner": "queue", "issue": issue(queue_place=1), "queue_place": 1}


def last(plan: Plan) -> Say | SayText:
    part = plan.reply[-1]
    assert isinstance(part, Say | SayText)
    return part


def asked_next(plan: Plan) -> str | None:
    """The question that is put at the end of the turn, as it is saved."""
    (update,) = (command for command in plan.commands if isinstance(command, UpdateDraft))
    return update.asking


def at(question: str, **more: Any) -> TurnContext:
    return written(more.pop("text"), draft=logged(asking=question, answers=more.pop("answers", {}), **more), **QUEUED)


def test_the_reference_comes_before_the_queue_and_the_first_question() -> None:
    plan = decided(written("it crashes when I print", known_contact="kim@brightsons.example"), "report_issue")
    assert isinstance(plan.reply[0], Say)
    assert plan.reply[0].values == {"reference": ISSUE_REFERENCE}
    assert plan.reply[1].kind == "request_hand_off"
    assert asked_next(plan) == "product_version"


def test_who_wants_no_person_is_not_handed_off() -> None:
    context = written(
        "kim@brightsons.example",
        draft=draft(asking="contact", wants_person=False, answers={"problem": "it crashes when I print"}),
    )
    assert "request_hand_off" not in replies(decided(context, "inform"))


def test_the_summary_names_its_draft_and_version() -> None:
    plan = decided(at("impact", text="only me, no deadline", answers=ALL_ANSWERED | {"impact": "me"}), "inform")
    assert asked_next(plan) == "summary"
    right, change = last(plan).choices
    assert right == Choice(SUPPORT.buttons.right, "confirm_summary", {"intake": DRAFT_ID, "version": DRAFT_VERSION})
    assert change == Choice(SUPPORT.buttons.correct, "correct_line", {"intake": DRAFT_ID})
    assert last(plan).values["reference"] == REFERENCE


@pytest.mark.parametrize(("version", "rule"), [(1, "the questions are over"), (9, "an answer to the question asked")])
def test_a_confirmation_counts_for_the_summary_it_was_given_for(version: int, rule: str) -> None:
    state = logged(asking="summary", answers=ALL_ANSWERED)
    plan = decided(pressed("confirm_summary", fields={"intake": 3, "version": version}, draft=state, **QUEUED))
    assert plan.rule == rule
    assert replies(plan) == (["utter_issue_complete"] if version == 1 else ["utter_choice_outdated", "utter_summary"])


def test_a_hurried_customer_is_done_with_the_last_needed_question() -> None:
    answers = {question.id: "12.2" for question in PRINTING if question.id != "impact"}
    plan = decided(at("impact", text="only me, until tomorrow", brief=True, answers=answers), "inform")
    assert plan.rule == "the questions are over"
    (update,) = (command for command in plan.commands if isinstance(command, UpdateDraft))
    assert update.state == "done"


def test_a_known_problem_is_offered_with_the_next_question() -> None:
    context = written("our labels come out blank when we print", known_problems=(KNOWN,))
    plan = decided(replace(context, draft=draft(asking="problem")), "report_issue")
    offered = plan.reply[0]
    assert isinstance(offered, Say)
    assert offered.response == "utter_known_problem"
    assert offered.choices[0].fields == {"intake": DRAFT_ID, "problem": 5}
    assert replies(plan)[-1] == "utter_ask_contact"


def test_a_known_problem_named_by_its_title_is_linked() -> None:
    context = written("Labels print blank. That's mine", known_problems=(KNOWN,), draft=draft(asking="problem"))
    plan = decided(context, "report_issue")
    assert replies(plan)[0] == "utter_known_problem_linked"
    assert "link_known_problem" in kinds(plan)


def test_what_is_no_contact_is_asked_for_once_more() -> None:
    state = draft(asking="contact", category="printing", answers={"problem": "it crashes when I print"})
    plan = decided(written("hm well", draft=state), "inform")
    assert replies(plan) == ["utter_contact_unclear"]
    plan = decided(written("kim@brightsons", draft=state), "inform")
    assert replies(plan) == ["utter_contact_mistyped"]


def test_more_of_the_problem_at_the_question_for_the_contact_is_kept() -> None:
    state = draft(asking="contact", category="printing", answers={"problem": "it crashes when I print"})
    plan = decided(written("it also crashes with error 4711 when I scan", draft=state), "report_issue")
    assert replies(plan) == ["utter_noted_problem", "utter_ask_contact"]
    assert AddToProblem(7, None) in plan.commands


def test_a_private_answer_is_asked_for_and_kept_as_one() -> None:
    plan = decided(pressed("private_answer", fields={"question": "what_changed"}, **QUEUED, draft=logged()))
    assert replies(plan) == ["utter_private_answer", SUPPORT.questions["what_changed"].ask]
    assert SUPPORT.buttons.private not in [choice.title for choice in last(plan).choices]
    plan = decided(at("what_changed", text="I deleted a file", asking_private=True), "inform")
    (slot,) = (command for command in plan.commands if isinstance(command, SetSlot))
    assert slot == SetSlot("what_changed", None, message_id=7, confided=True)


def test_a_question_that_support_yml_has_lost_is_not_asked_again() -> None:
    plan = decided(at("gone", text="when are you there?"), "ask_hours")
    assert replies(plan) == ["utter_hours", PRINTING[0].ask]


def test_a_burst_before_the_question_was_seen_is_noted_without_a_word() -> None:
    plan = decided(replace(at("product_version", text="and it is slow"), unseen_question=True), "report_issue")
    assert (plan.reply, plan.silent) == ((), True)


def test_a_claim_of_a_contract_is_confirmed_before_the_next_question() -> None:
    plan = decided(at("product_version", text="I have a contract"), "inform")
    assert replies(plan) == [SUPPORT.wording.contract_to_check, PRINTING[0].ask]
    assert "claim_contract" in kinds(plan)


def test_harm_is_warned_of_once_and_before_the_question() -> None:
    context = written("we lost all invoices", draft=draft(asking="problem"))
    plan = decided(context, "report_issue")
    assert replies(plan) == ["utter_first_aid_data_loss", "utter_ask_contact"]
    state = draft(asking="contact", answers={"problem": "we lost all invoices"})
    plan = decided(written("we lost all invoices of May", draft=state), "report_issue")
    assert "utter_first_aid_data_loss" not in replies(plan)


def test_the_emergency_contact_is_said_with_a_grave_issue_while_the_office_is_closed() -> None:
    contact = EmergencyContact(name="Ana", phone="+1 212 555 0100", when="at night")
    support = SUPPORT.model_copy(update={"emergency_contact": contact})
    state = draft(asking="contact", answers={"problem": "everybody is stuck, nobody in the whole office can work"})
    context = replace(written("kim@brightsons.example", draft=state), now=CLOSED_AT)
    plan = decide(context, Reading("inform", 0.9), Evidence(), support)
    assert "utter_emergency_contact" in replies(plan)
    plan = decide(
        replace(context, draft=draft(asking="contact", answers={"problem": "a typo"})),
        Reading("inform", 0.9),
        Evidence(),
        support,
    )
    assert "utter_emergency_contact" not in replies(plan)


def test_words_in_private_stay_private_and_are_no_title() -> None:
    context = written("it crashes when I print", private=True, draft=draft(asking="problem"))
    plan = decided(context, "report_issue")
    assert AddToProblem(7, None, private=True) in plan.commands


def test_what_is_known_of_the_customer_is_not_asked() -> None:
    plan = decided(written("another one", known_contact="kim@brightsons.example", draft=logged("done")), "new_issue")
    assert replies(plan) == ["utter_ask_problem"]


def test_an_answer_that_is_there_already_changes_nothing() -> None:
    state = logged(asking="error_text", answers={"product_version": "12.2"})
    again = {"question": "product_version", "value": "12.2"}
    plan = decided(pressed("answer_question", fields=again, draft=state, **QUEUED))
    assert "set_slot" not in kinds(plan)
    assert state.answers["product_version"] == AnswerState("12.2")
    assert ESSENTIALS.keys() <= state.answers.keys()
