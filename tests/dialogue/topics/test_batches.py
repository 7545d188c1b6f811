"""Several messages in one turn: all their words are kept, each fact is its own message's, and one reply answers."""

from typing import Any

import pytest

from bot.dialogue.plan import AddToIssue, AddToProblem, CountAbuse, NoteFacts, Plan, SetSlot
from tests.support.turn_contexts import burst, decided, draft, issue, logged, replies, waits, without_words

PROBLEM = "the invoices will not print"


def decided_on(*texts: str, intent: str, by: Any = "engine", **more: Any) -> Plan:
    return decided(without_words(message=burst(*texts), **more), intent, by=by)


def problem_of(plan: Plan) -> list[int | None]:
    """Ids of the messages that became part of the problem."""
    return [one.message_id for one in plan.commands if isinstance(one, AddToProblem)]


def slots(plan: Plan) -> dict[str, SetSlot]:
    return {one.question: one for one in plan.commands if isinstance(one, SetSlot)}


def test_a_greeting_and_a_problem_in_parts_get_one_reply() -> None:
    plan = decided_on("hello", "we have this problem", PROBLEM, "nothing comes out", intent="report_issue")
    assert problem_of(plan) == [9, 10]
    assert replies(plan) == ["utter_ask_contact"]


def test_an_address_in_a_report_is_the_contact_and_no_part_of_the_problem() -> None:
    plan = decided_on(PROBLEM, "kim@brightsons.example", "since tuesday", intent="report_issue")
    assert problem_of(plan) == [7, 9]
    contact = slots(plan)["contact"]
    assert (contact.value, contact.message_id) == ("kim@brightsons.example", 8)
    assert slots(plan)["since"].message_id == 9


def test_a_report_of_nothing_but_facts_keeps_them_all() -> None:
    assert problem_of(decided_on("E-1402", "8.2", intent="report_issue")) == [7, 8]


def test_the_answer_is_the_message_that_has_its_form_and_the_others_add() -> None:
    open_draft = draft(answers={"problem": PROBLEM}, asking="contact")
    plan = decided_on("it also hangs on the server", "kim@brightsons.example", intent="inform", draft=open_draft)
    assert (slots(plan)["contact"].value, slots(plan)["contact"].message_id) == (None, 8)
    assert problem_of(plan) == [7]
    assert "utter_reference" in replies(plan)


def test_a_question_beside_the_answer_is_answered() -> None:
    open_draft = draft(answers={"problem": PROBLEM}, asking="contact")
    plan = decided_on("kim@brightsons.example", "when are you open?", intent="ask_hours", draft=open_draft)
    assert plan.rule == "a question in the middle of ours"
    assert (slots(plan)["contact"].value, slots(plan)["contact"].message_id) == (None, 7)
    assert "utter_reference" in replies(plan)


def test_an_answer_in_several_messages_is_all_of_them() -> None:
    plan = decided_on("printing failed", "then a grey box", intent="inform", draft=logged(asking="error_message"))
    answer = slots(plan)["error_message"]
    assert (answer.value, answer.message_id, answer.more_messages) == (None, 7, (8,))


def test_messages_before_the_question_was_seen_add_one_by_one() -> None:
    open_draft = draft(answers={"problem": "it crashes"}, asking="contact")
    plan = decided_on("when I print", "E-1402", intent="inform", draft=open_draft, unseen_question=True)
    assert problem_of(plan) == [7]


def test_each_message_is_added_to_the_issue() -> None:
    other = {**waits(), "draft": None, "issue": issue()}
    plan = decided_on("another printer", "the same there", intent="follow_up", **other)
    assert [one.message_id for one in plan.commands if isinstance(one, AddToIssue)] == [7, 8]


def test_the_facts_of_each_message_are_noted_for_a_person() -> None:
    other = {**waits(), "draft": None}
    plan = decided_on("a person please", "call me after 3 pm", intent="ask_person", **other)
    assert [one.message_id for one in plan.commands if isinstance(one, NoteFacts)] == [7, 8]


def test_words_in_another_language_are_added_once() -> None:
    plan = decided_on("Die Rechnung lässt sich nicht drucken", "es kommt nichts aus dem Drucker", intent="report_issue")
    assert problem_of(plan) == [7, 8]


def test_one_outburst_counts_once() -> None:
    plan = decided_on("you idiots", "this is useless", intent="abusive")
    assert sum(isinstance(one, CountAbuse) for one in plan.commands) == 1


@pytest.mark.parametrize("asking", [None, "problem"])
def test_a_report_is_kept_whole_while_rules_read(asking: str | None) -> None:
    plan = decided_on(
        "hello", PROBLEM, "nothing comes out", intent="nlu_fallback", by="rules", draft=draft(asking=asking)
    )
    assert problem_of(plan) == [8, 9]


def test_more_of_the_problem_beside_an_address_is_kept_while_rules_read() -> None:
    asked = draft(answers={"problem": PROBLEM}, asking="contact")
    plan = decided_on("kim@brightsons.example", "it says E-1402", intent="nlu_fallback", by="rules", draft=asked)
    assert (slots(plan)["contact"].value, problem_of(plan)) == ("kim@brightsons.example", [8])
