"""A correction lands on the line of its format; one that fits no line is added to the problem."""

import pytest

from bot.dialogue.user_message import IntakeOutcome
from tests.support.working_interview import WorkingInterview

KNOWN = {
    "problem": "Error on row 121 when I import the customers",
    "contact": "ora@page.example, 302-555-0191",
    "product_version": "12.2.1",
    "error_text": "QB-2107",
    "since": "since Tuesday",
    "what_changed": "nothing changed",
    "document": "invoice 2026-0481",
    "one_or_all": "all of them",
    "tried": "restarted it",
    "impact": "one person; needed today",
}
CORRECTIONS = """\
impact|three people; needed today|correction: it's three people who can't work, not one
impact|four people; needed today|sorry, it is four people that are stuck, not just one
impact|two of us; needed today|i was wrong, two of us can't work
impact|five people; needed today|make that five people
impact|three colleagues; needed today|oops, three colleagues are blocked, not one
impact|six people; needed today|wrong, it's six people
impact|5 people; needed today|make that 5 people, not 1
impact|4 users; needed today|4 users, not 2, sorry
impact|7 people; needed today|it's 7 people not 1
impact|two people; needed today|not one person, two people
impact|one person; needed by friday|correction, needed by friday, not today
what_changed|we did change something: new router on monday|hm, we did change something: new router on monday
what_changed|something did change: we got a new firewall|oh, something did change: we got a new firewall
what_changed|there was a change: a new switch|sorry, there was a change: a new switch
what_changed|our IT swapped the server on Monday|i forgot, our IT swapped the server on Monday
what_changed|we changed something after all, moved to a new server|we changed something after all, moved to a new server
what_changed|there was one thing that changed: new wifi|well there was one thing that changed: new wifi
rows|row 112|row 112 i meant
rows|row 112|i meant row 112
rows|row 112|it's row 112, typo
rows|row 211|row 211, my mistake
rows|line 112|line 112 i meant, not line 121
one_or_all|just the one in reception|no sorry, not all computers. just the one in reception
one_or_all|only the laptop|not all of them, only the laptop
one_or_all|just my computer|no, not all, just my computer
one_or_all|only the one in the warehouse|sorry it's not all of them. only the one in the warehouse
one_or_all|just one computer|correction: just one computer, not all of them
one_or_all|only mine|not every computer, only mine
document|invoice 2026-0418|0418 not 0481, mixed up the digits
document|invoice 2026-0418|it's 2026-0418, I misread it
document|invoice 2026-0418|sorry 2026-0418, not 2026-0481, my mistake
document|invoice 2026-0418|the invoice is 2026-0418, not 0481. typing error
document|invoice 2026-0418|0418 instead of 0481, wrong button
document|invoice 2026-0418|not 0481 but 0418, fat fingers
product_version|12.1.0|12.1.0 not 12.2.1, looked at the wrong pc
error_text|QB-2170|QB-2170 not QB-2107, mixed up the digits
since|since Monday|since Monday, not Tuesday, I got the days mixed up
"""
OF_TWO_LINES = """\
two mistakes of mine: version is 12.1.0 and the error is QB-7002
sorry, two corrections: the version is 12.1.0 and the error QB-7002
i got two things wrong, it's version 12.1.0 and the error is QB-7002
correction: version 12.1.0, error QB-7002
both wrong: error is QB-7002, version 12.1.0
oops, the error was QB-7002 and the version 12.1.0
"""


def interview_after(last: str) -> WorkingInterview:
    """Return a draft with a line of every kind, of which ``last`` was answered last; "rows" is open."""
    interview = WorkingInterview()
    interview.starts(**KNOWN)
    for place, name in enumerate(KNOWN):
        interview.state.answers[name].message_id = -5 if name == last else -100 + place
    interview.state.intake.category, interview.state.intake.asking = "import_export", "rows"
    return interview


@pytest.mark.parametrize("last", ["product_version", "impact", "tried"])
@pytest.mark.parametrize("case", CORRECTIONS.splitlines())
def test_only_the_line_of_its_format_changes(case: str, last: str) -> None:
    line, value, text = case.split("|")
    interview = interview_after(last)
    assert interview.hears(text).changed == (line,)
    assert interview.answers() == {**KNOWN, line: value}


@pytest.mark.parametrize("text", OF_TWO_LINES.splitlines())
def test_both_lines_are_corrected(text: str) -> None:
    interview = interview_after("impact")
    interview.hears(text)
    assert interview.answers() == {**KNOWN, "product_version": "12.1.0", "error_text": "QB-7002"}


@pytest.mark.parametrize("last", ["product_version", "error_text", "since", "impact", "document", "one_or_all"])
@pytest.mark.parametrize(
    "text",
    [
        "i meant the blue one, my mistake",
        "correction, the customers come from Outlook",
        "scrap that, it is the supplier list",
        "oops, I meant the suppliers",
    ],
)
def test_a_correction_that_fits_no_line_is_added_to_the_problem(text: str, last: str) -> None:
    interview = interview_after(last)
    result = interview.hears(text)
    assert (result.what, result.changed) == (IntakeOutcome.NOTED, ("problem",))
    answers = interview.answers()
    assert answers.pop("problem") == f"{KNOWN['problem']}\n{text}"
    assert answers == {name: value for name, value in KNOWN.items() if name != "problem"}


def test_a_row_that_only_the_problem_names_is_noted_there_and_at_its_question() -> None:
    interview = interview_after("product_version")
    interview.hears("sorry, row 112 not 121")
    assert interview.answers()["rows"] == "row 112"
    assert interview.answers()["problem"].endswith("row 112 not 121")
