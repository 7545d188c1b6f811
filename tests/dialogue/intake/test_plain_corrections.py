"""A correction in plain words changes the line that it is about, of it only the part that it names, and no other."""

import pytest

from bot.dialogue.context import AnswerState
from bot.dialogue.user_message import IntakeOutcome
from tests.support.working_interview import WorkingInterview

KNOWN = {
    "problem": "Quotes lose their second page since Tuesday",
    "contact": "ora@page.example, 302-555-0191",
    "product_version": "12.2.1",
    "error_text": "QB-2107",
    "since": "since Tuesday",
    "printer": "the printer is an HP 2130, only that one",
    "what_changed": "nothing changed",
    "expected": "i expected 310, but got 298",
    "report": "the report is Sales by Customer, 2024",
    "which_user": "the user is tim, role bookkeeper",
    "document": "invoice INV-2291, issued",
    "one_or_all": "only me",
}


@pytest.fixture
def interview() -> WorkingInterview:
    """A draft with a line of every kind; "tried" is open."""
    interview = WorkingInterview()
    interview.starts(**KNOWN)
    for place, name in enumerate(KNOWN):
        interview.state.answers[name].message_id = -100 + place
    interview.state.intake.category, interview.state.intake.asking = "printing", "tried"
    return interview


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("sorry, its 12.1.4 not 12.2.1", "product_version", "12.1.4"),
        ("i made a mistake, it's 12.1.4", "product_version", "12.1.4"),
        ("no, 12.0.9 is the right version", "product_version", "12.0.9"),
        ("change the version to 12.2.0 please", "product_version", "12.2.0"),
        ("the version is wrong, its 12.2.3", "product_version", "12.2.3"),
        ("better use 302-555-0199, thats my direct line", "contact", "ora@page.example, 302-555-0199"),
        ("oops wrong mail, it's new@page.example", "contact", "new@page.example, 302-555-0191"),
        ("my address is new@page.example, not ora@page.example", "contact", "new@page.example, 302-555-0191"),
        ("actually it's QB-2101, I misread it", "error_text", "QB-2101"),
        ("QB-2105 instead of QB-2107, my bad", "error_text", "QB-2105"),
        ("the error should be QB-2109", "error_text", "QB-2109"),
        ("Pardon me, not 2107. It says QB-2170.", "error_text", "QB-2170"),
        ("I beg your pardon: the number is 2117 and not 2107", "error_text", "QB-2117"),
        ("that was not 2107 - I see now that QB-2171 stands there", "error_text", "QB-2171"),
        ("the code on the screen is actually 2177", "error_text", "QB-2177"),
        ("the last digit of my number was off: 302-555-0197", "contact", "ora@page.example, 302-555-0197"),
        ("no wait the printer is a Brother HL-1110", "printer", "Brother HL-1110"),
        ("the printer is a HP 2310, not 2130", "printer", "the printer is an HP 2310, only that one"),
        ("scrap that, we did get a new switch last weekend", "what_changed", "we did get a new switch last weekend"),
        ("actually there was a windows update on friday", "what_changed", "there was a windows update on friday"),
        (
            "that's not true about nothing changed: on friday I altered the date of an old entry",
            "what_changed",
            "on friday I altered the date of an old entry",
        ),
        ("it was wrong that nothing changed, we got a new router", "what_changed", "we got a new router"),
        ("expected should be 301, not 310", "expected", "i expected 301, but got 298"),
        ("310 is wrong, it should be 301", "expected", "i expected 301, but got 298"),
        ("I meant 289, not 298", "expected", "i expected 310, but got 289"),
        ("2025 i meant, not 2024", "report", "the report is Sales by Customer, 2025"),
        ("Tom, not Tim, sorry", "which_user", "the user is Tom, role bookkeeper"),
        ("it's tina, not tim", "which_user", "the user is tina, role bookkeeper"),
        ("the role is auditor, not bookkeeper", "which_user", "the user is tim, role auditor"),
        ("role should be manager", "which_user", "the user is tim, role manager"),
        ("it began on Monday, not Tuesday, now that I think of it", "since", "since Monday"),
        ("no, since last month already", "since", "since last month"),
        ("INV-2219, i mixed it up", "document", "invoice INV-2219, issued"),
        ("it's not INV-2291 but INV-2292", "document", "invoice INV-2292, issued"),
        ("make that all of them", "one_or_all", "all of them"),
    ],
)
def test_one_line_changes_and_of_it_the_part_that_is_named(
    interview: WorkingInterview, text: str, line: str, value: str
) -> None:
    result = interview.hears(text)
    assert (result.what, result.changed) == (IntakeOutcome.NOTED, (line,))
    answers = interview.answers()
    assert {name: answers[name] for name in KNOWN} == {**KNOWN, line: value}
    assert interview.asking() == "tried" and "tried" not in answers


@pytest.mark.parametrize(
    "text",
    [
        "restarted the program, not the computer",
        "nothing, not that I know of",
        "no, I restarted it",
        "sorry, I have not tried anything",
        "rebooted it, but not today",
        "well, I tried another cable",
        "not much really",
    ],
)
def test_an_answer_that_sounds_like_one_corrects_nothing(interview: WorkingInterview, text: str) -> None:
    interview.hears(text)
    answers = interview.answers()
    assert {name: answers[name] for name in KNOWN} == KNOWN and answers["tried"] == text


def test_a_correction_of_words_that_only_the_problem_holds_is_added_to_it(interview: WorkingInterview) -> None:
    assert interview.hears("the third page, not the second").changed == ("problem",)
    assert interview.answers()["problem"].endswith("the third page, not the second")


def test_not_only_one_is_affected_after_all(interview: WorkingInterview) -> None:
    interview.hears("correction, its not just me, the whole office has it")
    assert interview.answers()["one_or_all"] == "the whole office"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("now it says QB-2108", "QB-2107; QB-2108"),
        ("QB-2108 comes up as well", "QB-2107; QB-2108"),
        ("first came QB-2107, then QB-2108", "QB-2107"),
    ],
)
def test_another_code_that_came_up_takes_nothing_back(interview: WorkingInterview, text: str, value: str) -> None:
    interview.hears(text)
    assert interview.state.answers["error_text"].value == value


def test_a_time_to_be_called_is_moved_without_saying_that_it_is_a_call(interview: WorkingInterview) -> None:
    interview.state.answers["call_back"] = AnswerState("tomorrow 2-4 p.m. Pacific")
    result = interview.hears("sorry, make that 3-5 p.m. Pacific please")
    assert (result.what, result.changed) == (IntakeOutcome.NOTED, ("call_back",))
    assert interview.state.answers["call_back"].value == "3-5 p.m. Pacific"
