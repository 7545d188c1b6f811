"""Several things in one message: each gets its due, and two problems are two issues."""

from typing import Any

import pytest

from bot.dialogue.draft import ASKED, FURTHER, THIRD
from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.matters import another_problem, matters_of
from bot.dialogue.plan import (
    FURTHER_REFERENCE,
    ISSUE_REFERENCE,
    AddToProblem,
    LogRequest,
    OpenIssue,
    Plan,
    Say,
    SetSlot,
)
from tests.support.turn_contexts import (
    FOUND,
    NOTHING,
    SUPPORT,
    decided,
    draft,
    issue,
    kinds,
    logged,
    near,
    replies,
    written,
)

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
        # Two, though no word parts them: of two categories, with no word in common.
        (
            "our backup stopped running on tuesday and the vat report is wrong by 40, jo@b.example",
            ["problem", "problem"],
        ),
        ("Labels print blank. The bank import stops with QB-6003.", ["problem", "problem"]),
        ("Reports open empty. On another note the tax column vanished from invoices.", ["problem", "problem"]),
        # In a list an item may be told without a word of trouble, and its subject may belong to no category.
        ("Two things: the labels come out blank, and Tom gets QB-5002 when signing in.", ["problem", "problem"]),
        (
            "first problem is the import wont run, second problem is mails stuck in outbox, jo@b.example",
            ["problem"] * 2,
        ),
        ("Please log two issues: 1. drafts vanish after saving 2. the P&L report shows 2024.", ["problem", "problem"]),
        ("how do i reopen last year, and does closing delete anything?", ["question", "question"]),
        ("My printer isn't found and I'd also like to know how to schedule a report.", ["problem", "question"]),
        ("please log that the ruler jumps. and btw how do i add a user?", ["problem", "question"]),
        ("can you explain how to reprint an invoice, and can someone call me about it?", ["question", "person"]),
        ("our backup stopped and the vat report is 40 off", ["problem", "problem"]),
        ("the trial balance is off by 3 cents and how long is a start password valid", ["problem", "question"]),
        # One matter, however it is put.
        ("our server refuses the connection since this morning, QB-4002, jo@b.example", ["problem"]),
        ("Quillbook crashes when I print and the error is QB-2107", ["problem"]),
        ("The server is slow and the report takes ages", ["problem"]),
        ("When we import the statement it stops at row 12 and the message says QB-6003", ["problem"]),
        ("We changed the printer and since then the labels are cut off", ["problem"]),
        ("three things: 1) printing fails 2) it says QB-2107 3) on all desks", ["problem"]),
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
        "now a second issue: the tax column shows zero, please log that too",
        "another separate problem, please log: the customer list shows people who left",
    ],
)
def test_a_problem_that_its_writer_turns_to_is_another_one(text: str) -> None:
    assert another_problem(SUPPORT, text, PRINTING)


@pytest.mark.parametrize(
    "text",
    [
        "the second problem is fixed",
        "is there another problem?",
        "also it is slow",
        "the import hangs",
        "it also hangs on the server",
        "it also prints blank pages",
        "12.2.1 also",
    ],
)
def test_more_of_the_same_problem_is_no_other_one(text: str) -> None:
    assert another_problem(SUPPORT, text, PRINTING) is None


def test_two_questions_are_answered_each_under_its_own_line() -> None:
    plan = decided(written("how do I reprint an invoice and how do I send one by mail?"), "how_to")
    assert plan.rule == "several things at once"
    assert replies(plan) == ["utter_manual_found_for", "utter_manual_found_for", "utter_did_it_help"]
    assert kinds(plan) == ["record_search", "record_search", "expect"]


def asked_on_the_issue(plan: Plan) -> list[str | None]:
    return [one.value for one in plan.commands if isinstance(one, SetSlot) and one.question == ASKED]


def test_a_question_beside_a_problem_that_the_manual_lacks_is_put_on_the_issue() -> None:
    text = "printing crashes every time. And how do I fly to the moon?"
    plan = decided(written(text), "report_issue", manual=NOTHING)
    assert plan.rule == "several things at once"
    assert problems(plan) == ["printing crashes every time."]
    assert asked_on_the_issue(plan) == ["how do I fly to the moon?"]
    assert "utter_question_noted" in replies(plan)


def test_why_it_happens_is_part_of_the_problem() -> None:
    plan = decided(written("printing crashes every time. Any idea why that is?"), "report_issue", manual=NOTHING)
    assert plan.rule == "a problem is reported"


def test_of_two_questions_the_one_that_the_manual_lacks_is_said_to_be_lacking() -> None:
    def found(look_up: LookUp) -> ManualResult:
        return FOUND if "reprint" in look_up.question else NOTHING

    plan = decided(written("how do I reprint an invoice and how do I fly to the moon?"), "how_to", manual=found)
    assert replies(plan) == ["utter_manual_found_for", "utter_manual_has_nothing_for", "utter_did_it_help"]


REQUEST_AND = "I want a refund for the second licence we bought, and also "


def test_a_request_beside_a_problem_gets_a_number_of_its_own_and_one_question_is_asked() -> None:
    plan = decided(
        written(f"{REQUEST_AND}printing crashes with QB-2107."),
        "report_issue",
        nearness=near("billing", 0.8, text=f"{REQUEST_AND[:-10]}"),
        manual=NOTHING,
    )
    assert plan.rule == "several things at once"
    (logged_request,) = (one for one in plan.commands if isinstance(one, LogRequest))
    assert (logged_request.request, logged_request.text) == ("billing", REQUEST_AND[:-11])
    assert problems(plan) == ["printing crashes with QB-2107."]
    assert replies(plan)[-1] == "utter_ask_contact" and "utter_request_contact" not in replies(plan)


def test_a_request_beside_a_question_is_logged_and_the_question_answered() -> None:
    plan = decided(
        written(f"{REQUEST_AND}how do I reprint an invoice?"), "how_to", nearness=near("billing", 0.8, text="")
    )
    assert kinds(plan).count("log_request") == 1
    assert "utter_manual_found_for" in replies(plan)
    assert replies(plan)[-1] == "utter_request_contact"


def test_facts_of_the_second_problem_are_none_of_the_first() -> None:
    plan = decided(written(TWO_PROBLEMS), "report_issue")
    first, second = [place for place, one in enumerate(plan.commands) if isinstance(one, OpenIssue)]
    errors = [
        place for place, one in enumerate(plan.commands) if isinstance(one, SetSlot) and one.question == "error_text"
    ]
    assert errors and all(first < place < second for place in errors)


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


def test_three_problems_are_three_issues() -> None:
    text = (
        "Three problems: labels print blank. The bank import stops at row 9. Ann can't sign in. dot@bothsince.example"
    )
    plan = decided(written(text), "report_issue")
    assert [one.name for one in plan.commands if isinstance(one, OpenIssue)] == ["issue", "further", "third"]
    assert problems(plan) == ["labels print blank.", "The bank import stops at row 9.", "Ann can't sign in."]
    assert "utter_three_problems" in replies(plan)


def test_two_codes_get_the_section_of_each() -> None:
    text = "QB-7003 on mailing and QB-2101 at printing"
    plan = decided(written(text), "report_issue", manual=lambda look_up: FOUND if look_up.code else NOTHING)
    assert replies(plan) == ["utter_cure_of_code", "utter_code_found", "utter_ask_contact"]
    kept = [one.value for one in plan.commands if isinstance(one, SetSlot) and one.question in (FURTHER, THIRD)]
    assert kept == ["QB-2101 at printing"]


def test_an_answer_in_front_of_another_problem_is_kept_alone() -> None:
    text = "it's 12.1.0. And another problem, unrelated: the labels come out blank"
    context = written(text, draft=logged(asking="product_version"), **WAITING)
    plan = decided(context, "inform")
    assert plan.rule == "another problem meanwhile"
    versions = [one.value for one in plan.commands if isinstance(one, SetSlot) and one.question == "product_version"]
    assert versions and all("12.1.0" in one and "labels" not in one for one in versions if one)
    assert problems(plan) == ["the labels come out blank"]


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
