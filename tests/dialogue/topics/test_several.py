"""Several things in one message: each gets its due, and two problems are two issues."""

from typing import Any

import pytest

from bot.dialogue.draft import FURTHER
from bot.dialogue.matters import another_problem, matters_of
from bot.dialogue.plan import FURTHER_REFERENCE, ISSUE_REFERENCE, AddToProblem, OpenIssue, Plan, Say, SetSlot
from tests.support.turn_contexts import NOTHING, SUPPORT, decided, draft, issue, kinds, logged, replies, written

WAITING: dict[str, Any] = {"owner": "queue", "issue": issue(queue_place=2), "queue_place": 2}
TWO_PROBLEMS = "labels print blank and also the server throws us out with QB-4003. dot@bothsince.example"


def problems(plan: Plan) -> list[str | None]:
    return [command.text for command in plan.commands if isinstance(command, AddToProblem)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("how do I reprint an invoice and how do I send one by mail?", ["question", "question"]),
        ("Three desks can't reach the server, QB-4002. What would a technician cost us?", ["problem", "price"]),
        ("How do I close the year? And could somebody call me about it?", ["question", "person"]),
        ("are you there on fridays and how do i release a locked record?", ["hours", "question"]),
        (TWO_PROBLEMS, ["problem", "problem"]),
        ("the licence says expired although we paid, and also how do i lock a month?", ["problem", "question"]),
        # One matter, however it is put.
        ("printing fails. It says QB-2107. Also it happens on the other PC.", ["problem"]),
        ("the same customer is in there twice, how do i make one of them", ["problem"]),
        ("the return is due today and i get QB-8010, what do I do??", ["problem"]),
        ("Printing is cut off on the right, 12.2.1, no error message, my mail is a@b.example", ["problem"]),
        ("thanks, that helped", []),
    ],
)
def test_the_matters_of_a_message(text: str, expected: list[str]) -> None:
    assert [matter.kind for matter in matters_of(SUPPORT, text)] == expected


PRINTING = "it crashes when I print"


@pytest.mark.parametrize(
    "text",
    [
        "different story: my colleague can't sign in: QB-5003",
        "and by the way the bank import hangs as well now",
        "another problem: the list is empty",
        "it is 12.2. Also, the licence says expired",
    ],
)
def test_a_problem_that_its_writer_turns_to_is_another_one(text: str) -> None:
    assert another_problem(SUPPORT, text, PRINTING)


@pytest.mark.parametrize(
    "text",
    ["also it is slow", "the import hangs", "it also hangs on the server", "it also prints blank pages", "12.2.1 also"],
)
def test_more_of_the_same_problem_is_no_other_one(text: str) -> None:
    assert another_problem(SUPPORT, text, PRINTING) is None


def test_two_questions_are_answered_each_under_its_own_line() -> None:
    plan = decided(written("how do I reprint an invoice and how do I send one by mail?"), "how_to")
    assert plan.rule == "several things at once"
    assert replies(plan) == ["utter_manual_found_for", "utter_manual_found_for", "utter_did_it_help"]
    assert kinds(plan) == ["record_search", "record_search", "expect"]


def test_a_question_that_the_manual_does_not_answer_makes_no_second_matter() -> None:
    text = "printing crashes every time. And how do I fly to the moon?"
    plan = decided(written(text), "report_issue", manual=NOTHING)
    assert plan.rule == "a problem is reported"


def test_two_problems_with_an_address_are_two_issues() -> None:
    plan = decided(written(TWO_PROBLEMS), "report_issue")
    opened = [command.name for command in plan.commands if isinstance(command, OpenIssue)]
    assert opened == ["issue", "further"]
    assert problems(plan) == ["labels print blank", "the server throws us out with QB-4003."]
    (said,) = (part for part in plan.reply if isinstance(part, Say) and part.response == "utter_two_problems")
    assert said.values == {"reference": ISSUE_REFERENCE, "further": FURTHER_REFERENCE}


def test_the_second_problem_is_kept_until_the_first_can_be_logged() -> None:
    text = "labels print blank and also the server throws us out with QB-4003"
    plan = decided(written(text), "report_issue")
    kept = [command for command in plan.commands if isinstance(command, SetSlot) and command.question == FURTHER]
    assert [one.value for one in kept] == ["the server throws us out with QB-4003"]
    answers = {"problem": "labels print blank", FURTHER: "the server throws us out with QB-4003"}
    then = decided(written("dot@bothsince.example", draft=draft(asking="contact", answers=answers)), "inform")
    assert [command.name for command in then.commands if isinstance(command, OpenIssue)] == ["issue", "further"]
    assert "utter_two_problems" in replies(then)


def test_another_problem_meanwhile_has_its_own_number() -> None:
    context = written("different story: my colleague can't sign in: QB-5003", draft=logged(asking="since"), **WAITING)
    plan = decided(context, "report_issue")
    assert plan.rule == "another problem meanwhile"
    assert "utter_another_logged" in replies(plan)
    assert kinds(plan).count("open_issue") == 1


def test_a_price_asked_with_a_problem_is_said_and_the_problem_taken() -> None:
    plan = decided(written("Three desks can't reach the server, QB-4002. What would it cost us?"), "ask_coverage")
    assert replies(plan)[0] == "say_coverage"
    assert problems(plan) == ["Three desks can't reach the server, QB-4002."]


def test_no_problem_is_lost_behind_many_questions() -> None:
    asked = " ".join(f"And how do I print list number {number}?" for number in range(6))
    plan = decided(written(f"{asked} Also the bank import stops with QB-6001. dot@bothsince.example"), "how_to")
    assert plan.rule == "several things at once"
    assert problems(plan) == ["the bank import stops with QB-6001."]
    assert kinds(plan).count("record_search") == 4
