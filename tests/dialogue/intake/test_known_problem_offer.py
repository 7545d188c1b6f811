"""A known problem is offered to words that fit it, once for each draft, and linked when the customer accepts."""

import pytest

from bot.dialogue.context import KnownProblemState
from bot.dialogue.plan import LinkKnownProblem
from bot.dialogue.user_message import IntakeOutcome
from tests.support.working_interview import WorkingInterview

TITLE = "Invoices crash when printed in 12.2.1"
TEXT = "Printing an invoice crashes Quillbook. We are working on it; use File > Save as PDF meanwhile."


def published(category: str | None = "printing", versions: tuple[str, ...] = (), id: int = 7) -> KnownProblemState:
    return KnownProblemState(id, TITLE, TEXT, category, versions)


@pytest.fixture
def interview() -> WorkingInterview:
    return WorkingInterview()


def test_a_report_that_sounds_like_it_is_offered_it_once(interview: WorkingInterview) -> None:
    interview.starts(problem="it crashes whenever I print an invoice")
    assert interview.is_offered(published()) == published()
    assert interview.state.intake.known_problem_offered == 7
    assert interview.is_offered(published()) is None
    assert interview.commands == []


def test_nothing_is_offered_before_there_is_a_problem(interview: WorkingInterview) -> None:
    interview.starts()
    assert interview.is_offered(published()) is None


@pytest.mark.parametrize(
    ("problem", "words", "version"),
    [
        (published(), "the backup disk is full", None),
        (published(versions=("12.2.1",)), "it crashes when I print an invoice", "11.9.0"),
        (published("reports"), "it crashes when I print an invoice", None),
    ],
)
def test_other_trouble_another_version_or_category_is_not_offered_it(
    interview: WorkingInterview, problem: KnownProblemState, words: str, version: str | None
) -> None:
    interview.starts(problem=words, **({"product_version": version} if version else {}))
    assert interview.is_offered(problem) is None


def test_that_is_mine_links_it_and_shortens_the_questions(interview: WorkingInterview) -> None:
    interview.starts(problem="it crashes whenever I print an invoice")
    interview.is_offered(published())
    fields = {"intake": interview.state.intake.id, "problem": 7}
    assert interview.hears("That's mine too", "known_problem", fields=fields).what is IntakeOutcome.NOTED
    assert LinkKnownProblem(7) in interview.commands
    assert interview.state.intake.brief, "only the most needed questions are still asked"


def test_the_title_typed_counts_as_the_button(interview: WorkingInterview) -> None:
    interview.starts(problem="it crashes whenever I print an invoice")
    interview.is_offered(published())
    interview.hears("that's mine too", "affirm")
    assert interview.state.intake.known_problem_id == 7


@pytest.mark.parametrize("problem", [1, None, "7"])
def test_a_button_of_another_offer_links_nothing(interview: WorkingInterview, problem: object) -> None:
    interview.starts(problem="it crashes whenever I print an invoice")
    interview.is_offered(published())
    fields = {"intake": interview.state.intake.id, "problem": problem}
    assert interview.hears("That's mine too", "known_problem", fields=fields).what is IntakeOutcome.OUTDATED
    assert interview.state.intake.known_problem_id is None


def test_a_button_without_an_offer_links_nothing(interview: WorkingInterview) -> None:
    interview.starts(problem="the disk is full")
    fields = {"intake": interview.state.intake.id, "problem": 1}
    assert interview.hears("That's mine too", "known_problem", fields=fields).what is IntakeOutcome.OUTDATED
    assert interview.state.intake.known_problem_id is None


def test_a_draft_that_names_the_title_is_linked_at_once(interview: WorkingInterview) -> None:
    interview.starts(problem=f"I have this problem too: {TITLE}")
    assert interview.is_offered(published("reports", id=3), published()) == published("reports", id=3)
    assert LinkKnownProblem(3) in interview.commands and interview.state.intake.known_problem_id == 3
