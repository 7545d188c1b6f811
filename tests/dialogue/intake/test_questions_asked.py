"""A question is never an answer, whatever ours is; an answer beside it is taken, and what merely looks like one too."""

from pathlib import Path

import pytest

from bot.dialogue.draft import ANSWERED
from bot.dialogue.user_message import IntakeOutcome
from tests.support.working_interview import SUPPORT, WorkingInterview

QUESTIONS = Path(__file__).with_name("questions.txt").read_text(encoding="utf-8").splitlines()
LABELS = ("inform", "how_to", "report_issue", "nlu_fallback", "out_of_scope", "dont_know")
ESSENTIALS = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}
ASKING = [(category.id, question.id) for category in SUPPORT.categories for question in category.questions]
# One question of each kind of fact, and three that take any words.
OF_EACH_KIND = sorted({SUPPORT.questions[name].detail or "": name for _, name in ASKING}.values())
OF_ANY_WORDS = ["where_slow", "what_is_missing", "still_open"]


def at(category: str, question: str) -> WorkingInterview:
    """A draft of this category at which this question is open."""
    interview = WorkingInterview()
    interview.starts(**ESSENTIALS)
    interview.state.intake.category, interview.state.intake.asking = category, question
    return interview


@pytest.mark.parametrize("question", OF_EACH_KIND + OF_ANY_WORDS)
def test_no_question_is_stored_as_an_answer(question: str) -> None:
    category = next(category for category, name in ASKING if name == question)
    stored = {}
    for place, text in enumerate(QUESTIONS):
        interview = at(category, question)
        interview.hears(text, LABELS[place % len(LABELS)])
        answer = interview.answers().get(question)
        if answer is not None or interview.asking() != question:
            stored[text] = (answer, interview.asking())
    assert stored == {}


@pytest.mark.parametrize("asked", ["contact", "category"])
def test_no_question_is_stored_as_an_essential(asked: str) -> None:
    stored = {}
    for place, text in enumerate(QUESTIONS):
        interview = WorkingInterview()
        interview.starts(problem="it is odd", **({} if asked == "contact" else {"contact": "kim@brightsons.example"}))
        interview.state.intake.asking = asked
        before = (interview.answers(), interview.state.intake.category)
        interview.hears(text, LABELS[place % len(LABELS)])
        if (interview.answers(), interview.state.intake.category) != before:
            stored[text] = interview.answers()
    assert stored == {}


@pytest.mark.parametrize(
    ("text", "question", "value", "asked"),
    [
        ("it's 12.2.1, and is there a newer one?", "product_version", "it's 12.2.1", "is there a newer one?"),
        ("12.2.1 - will that help?", "product_version", "12.2.1", "will that help?"),
        ("Since Monday. Why do you ask?", "since", "Since Monday.", "Why do you ask?"),
        ("what does QB-4030 mean?", "error_text", "QB-4030", "what does QB-4030 mean?"),
        ("is 12.2.1 too old?", "product_version", "12.2.1", "is 12.2.1 too old?"),
        ("no idea, can I call you?", "product_version", "no idea", "can I call you?"),
    ],
)
def test_an_answer_beside_a_question_is_taken(text: str, question: str, value: str, asked: str) -> None:
    interview = at("other", question)
    taken = interview.hears(text)
    assert (taken.what, taken.question) == (IntakeOutcome.SAVED, asked)
    assert interview.answers()[question] == value


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("since", "has been like that since monday"),
        ("every_time", "does it every time"),
        ("where_slow", "is always slow"),
        ("tried", "did nothing"),
        ("one_or_all", "All of them"),
        ("impact", "only me"),
    ],
)
def test_an_answer_without_its_subject_is_no_question(question: str, text: str) -> None:
    interview = at(next(category for category, name in ASKING if name == question), question)
    interview.hears(text)
    assert interview.answers().get(question) == text


@pytest.mark.parametrize(
    ("question", "text"),
    [("product_version", "in the office"), ("since", "the big one"), ("document", "it is blue"), ("printer", "ok")],
)
def test_an_implausible_answer_is_asked_once_more_and_then_skipped(question: str, text: str) -> None:
    interview = at(next(category for category, name in ASKING if name == question), question)
    assert interview.hears(text).what is IntakeOutcome.UNCLEAR
    assert interview.asking() == question
    interview.hears(text)
    assert interview.draft.answers[question].status != ANSWERED


@pytest.mark.parametrize("text", ["the newest", "12", "latest version", "it's 12.1"])
def test_a_plausible_version_is_taken(text: str) -> None:
    interview = at("other", "product_version")
    assert interview.hears(text).what is IntakeOutcome.SAVED
