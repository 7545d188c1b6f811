"""The copy of a draft that a turn is decided on: what is asked next, and the commands that its changes become."""

import pytest

from bot.dialogue.plan import AddToProblem, LinkKnownProblem, SetCategory, SetSlot, UpdateDraft
from tests.support.working_interview import WorkingInterview, said

PROBLEM = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}


@pytest.fixture
def interview() -> WorkingInterview:
    return WorkingInterview()


def test_a_hurried_customer_is_asked_the_vital_questions_only(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    draft = interview.draft
    draft.intake.asking = "product_version"
    draft.shorten()
    assert (draft.next_step(), draft.questions_left()) == ("error_text", 3)
    assert not draft.is_complete


def test_a_draft_is_put_aside_once(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    interview.hears("never mind", "cancel")
    draft = interview.draft
    assert draft.put_aside() and not draft.put_aside()
    assert (draft.intake.state, draft.intake.asking) == ("kept", None)


def test_a_whole_message_stays_in_the_database_and_a_part_of_it_is_passed(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    interview.hears("12.2.1")
    assert SetSlot("product_version", None, message_id=1) in interview.commands
    interview.hears("no, version 12.3", "correct_answer")
    assert SetSlot("product_version", "12.3", message_id=2) in interview.commands


def test_more_of_the_problem_is_the_message_itself(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    interview.hears("it also beeps", unseen=True)
    assert AddToProblem(1) in interview.commands


def test_an_answer_asked_for_in_confidence_makes_its_message_private(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM, product_version="12", error_text="none", printer="Canon")
    interview.hears("tell only the technician", "ask_person", confidence=0.6)
    interview.hears("I deleted the driver")
    assert SetSlot("what_changed", None, message_id=2, confided=True) in interview.commands
    assert interview.draft.answers["what_changed"].visibility == "technician"


def test_a_private_message_adds_to_the_private_part_of_the_problem(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    interview.hears("it also beeps", unseen=True, private=True)
    assert AddToProblem(1, None, True) in interview.commands
    assert interview.answers()["private_problem"] == "it also beeps"
    assert interview.draft.title == "it crashes when I print"


def test_the_plain_fields_are_set_once_and_last(interview: WorkingInterview) -> None:
    interview.starts(problem="a strange purple shape", contact="kim@brightsons.example")
    interview.hears("Printing")
    assert [one.kind for one in interview.commands] == ["set_category", "update_draft"]
    assert SetCategory("printing") in interview.commands
    updated = interview.commands[-1]
    assert isinstance(updated, UpdateDraft) and updated.asking == "product_version"


def test_a_question_that_is_asked_again_is_still_asked_in_the_database(interview: WorkingInterview) -> None:
    interview.starts(problem="a strange purple shape", contact="kim@brightsons.example")
    for text in ("it also beeps", "and it blinks"):
        interview.hears(text, unseen=True)
        updated = interview.commands[-1]
        assert isinstance(updated, UpdateDraft) and updated.asking == "category"


def test_a_message_that_changes_nothing_is_no_command(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    interview.hears("what are your hours?", "ask_hours")
    interview.hears("what are your hours?", "ask_hours")
    assert interview.commands == []


def test_a_link_to_a_known_problem_shortens_the_questions(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    draft = interview.draft
    draft.link_known_problem(7)
    assert interview.commands[-1] == LinkKnownProblem(7)
    assert draft.intake.brief and draft.intake.known_problem_id == 7


def test_deciding_changes_nothing_that_it_was_given(interview: WorkingInterview) -> None:
    interview.starts(**PROBLEM)
    draft = interview.draft
    draft.save_answer("contact", "bob@y.example", said("bob@y.example"))
    draft.intake.asking = "printer"
    assert (interview.answers()["contact"], interview.asking()) == ("kim@brightsons.example", None)
