"""A message is an answer to the draft, a correction or an aside; decided again, it is the same."""

import pytest

from bot.dialogue.user_message import IntakeOutcome, IntakeResult
from tests.support.working_interview import SUPPORT, WorkingInterview

ESSENTIALS = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}


@pytest.fixture
def interview() -> WorkingInterview:
    return WorkingInterview()


def test_the_essentials_come_first_then_the_categorys_questions(interview: WorkingInterview) -> None:
    interview.starts()
    asked = []
    for line in (
        "it crashes when I print",
        "kim@brightsons.example",
        "12.2.1",
        "no message",
        "Canon",
        "no",
        "no",
        "me",
    ):
        interview.hears(line)
        asked.append(interview.asking())
    questions = ["product_version", "error_text", "printer", "what_changed", "tried", "impact"]
    assert asked == ["contact", *questions, "summary"]


@pytest.mark.parametrize(
    ("text", "intent", "status"),
    [("skip", "dont_know", "skipped"), ("no idea", "dont_know", "unknown"), ("12.2", "inform", "answered")],
)
def test_an_answer_is_recorded_as_what_it_is(interview: WorkingInterview, text: str, intent: str, status: str) -> None:
    interview.starts(**ESSENTIALS)
    assert interview.hears(text, intent) == IntakeResult(IntakeOutcome.SAVED)
    assert interview.draft.answers["product_version"].status == status


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("what are your hours?", "ask_hours"),
        ("how do I add a user?", "how_to"),
        ("I want a person", "ask_person"),
        ("you idiots", "abusive"),
        ("I am really fed up with this", "frustrated"),
        ("who won the match?", "out_of_scope"),
        ("where do I find the version?", "dont_know"),
        ("it is solved now, thanks", "solved"),
    ],
)
def test_an_aside_changes_no_answer(interview: WorkingInterview, text: str, intent: str) -> None:
    interview.starts(**ESSENTIALS)
    before = interview.answers()
    assert interview.hears(text, intent) == IntakeResult(IntakeOutcome.ASIDE)
    assert interview.answers() == before and interview.asking() == "product_version"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("12.2.1, thanks", "thank"),
        ("12.2.1 and please hurry", "frustrated"),
        ("version 12.2.1, as I said to the person before", "ask_person"),
    ],
)
def test_what_holds_the_answer_is_the_answer_whatever_it_sounds_like(
    interview: WorkingInterview, text: str, intent: str
) -> None:
    interview.starts(**ESSENTIALS)
    assert interview.hears(text, intent).what is IntakeOutcome.SAVED


def test_a_curt_answer_is_not_taken_for_anger(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS, product_version="12", error_text="none", printer="Canon")
    assert interview.hears("nothing", "frustrated").what is IntakeOutcome.SAVED
    assert interview.answers()["what_changed"] == "nothing"


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("bob@y.example", "contact", "bob@y.example"),
        ("my phone is 020 7946 0958", "contact", "kim@brightsons.example, 020 7946 0958"),
        ("QB-2107", "error_text", "QB-2107"),
        ("call me tomorrow after 3 pm", "call_back", "tomorrow after 3 pm"),
        ("Restarted the computer", "tried", "Restarted the computer"),
        ("The program says printing failed", "error_text", "The program says printing failed"),
        ("It only crashes with the Canon", "problem", "it crashes when I print\nIt only crashes with the Canon"),
    ],
)
def test_a_fact_at_the_wrong_question_goes_where_it_belongs(
    interview: WorkingInterview, text: str, line: str, value: str
) -> None:
    interview.starts(**ESSENTIALS)
    assert interview.hears(text) == IntakeResult(IntakeOutcome.NOTED, (line,))
    answers = interview.answers()
    assert answers[line] == value and "product_version" not in answers


@pytest.mark.parametrize("text", ["the newest, but it crashes", "the program says printing failed, no idea"])
def test_what_may_be_a_version_answers_the_question_for_it(interview: WorkingInterview, text: str) -> None:
    interview.starts(**ESSENTIALS)
    intent = "dont_know" if "no idea" in text else "inform"
    assert interview.hears(text, intent) == IntakeResult(IntakeOutcome.SAVED)
    assert interview.asking() != "product_version"


def test_trouble_informed_twice_for_the_version_holds_nobody_up(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS)
    interview.hears("the program says printing failed")
    assert interview.asking() == "product_version"
    interview.hears("I told you, printing failed")
    assert interview.asking() not in ("product_version", "error_text")


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("no, version 12.3", "product_version", "12.3"),
        ("wrong e-mail, it is bob@y.example", "contact", "bob@y.example"),
        ("sorry, I meant all printers", "printer", "all printers"),
        ("the printer is an HP, sorry", "printer", "HP"),
    ],
)
def test_a_correction_changes_the_line_it_names(interview: WorkingInterview, text: str, line: str, value: str) -> None:
    interview.starts(**ESSENTIALS, product_version="12.2", error_text="none")
    interview.hears("only the Canon")
    assert interview.asking() == "what_changed"
    assert interview.hears(text, "correct_answer") == IntakeResult(IntakeOutcome.NOTED, (line,))
    assert interview.answers()[line] == value
    assert interview.asking() == "what_changed"


def test_a_correction_that_names_nothing_asks_which_line(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS, product_version="12.2")
    interview.hears("that's not right", "correct_answer")
    assert interview.asking() == "which_line"


def test_a_typed_title_is_the_button(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS, product_version="12", error_text="none", printer="Canon")
    interview.hears("tell only the technician", "ask_person", confidence=0.6)
    assert interview.draft.intake.asking_private
    interview.hears("I deleted the driver")
    assert interview.draft.answers["what_changed"].visibility == "technician"


@pytest.mark.parametrize("text", ["I would rather not give it", "no e-mail", "skip"])
def test_whoever_keeps_the_address_back_is_reached_in_the_chat(interview: WorkingInterview, text: str) -> None:
    interview.starts(problem="it crashes when I print")
    assert interview.hears(text, "cancel" if "rather" in text else "inform").what is IntakeOutcome.SAVED
    assert interview.answers()["contact"] == SUPPORT.wording.contact_is_this_chat


def test_a_second_how_to_at_the_question_for_the_problem_is_the_problem(interview: WorkingInterview) -> None:
    interview.starts()
    assert interview.hears("how do I print?", "how_to").what is IntakeOutcome.ASIDE
    assert interview.hears("how do I print an old invoice?", "how_to").what is IntakeOutcome.SAVED
    assert interview.answers()["problem"] == "how do I print an old invoice?"


def test_nobody_is_held_up_for_want_of_a_problem(interview: WorkingInterview) -> None:
    interview.starts()
    assert interview.hears("I don't know", "dont_know").what is IntakeOutcome.UNCLEAR
    assert interview.hears("I don't know", "dont_know").what is IntakeOutcome.SAVED
    assert interview.answers()["problem"] == "I don't know"


def test_words_written_before_the_question_was_seen_belong_to_the_problem(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS)
    interview.hears("it also beeps", unseen=True)
    answers = interview.answers()
    assert answers["problem"] == "it crashes when I print\nit also beeps" and "product_version" not in answers


def test_an_outdated_summary_is_not_confirmed(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS)
    intake = interview.draft.intake
    fields = {"intake": intake.id, "version": intake.version - 1}
    assert interview.hears("That is right", "confirm_summary", fields=fields).what is IntakeOutcome.OUTDATED
    fields["version"] = intake.version
    assert interview.hears("That is right", "confirm_summary", fields=fields).what is IntakeOutcome.CONFIRMED
    assert interview.draft.intake.state == "done"


@pytest.mark.parametrize(
    ("text", "intent", "unseen"),
    [
        ("12.2.1", "inform", False),
        ("hmm ???", "affirm", False),
        ("wrong e-mail, it is bob@y.example", "correct_answer", False),
        ("wrong e-mail", "correct_answer", False),
        ("it also beeps", "report_issue", True),
        ("skip", "dont_know", False),
        ("I want a person", "ask_person", False),
    ],
)
def test_a_message_whose_turn_failed_is_decided_the_same_again(
    interview: WorkingInterview, text: str, intent: str, unseen: bool
) -> None:
    interview.starts(**ESSENTIALS)
    first = interview.hears(text, intent, unseen=unseen)
    before = (interview.state, interview.commands)
    assert interview.hears_again() == first
    assert (interview.state, interview.commands) == before


def test_a_typed_category_again_is_no_answer_to_the_next_question(interview: WorkingInterview) -> None:
    interview.starts(problem="a strange purple shape", contact="kim@brightsons.example")
    interview.hears("Printing")
    interview.hears_again()
    assert (interview.asking(), "product_version" in interview.answers()) == ("product_version", False)


def test_a_button_of_an_earlier_question_takes_no_answer_away(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS, product_version="12.2", error_text="QB-2107")
    skip = interview.hears("Skip this", "skip_question", fields={"question": "error_text"})
    assert (skip.what, interview.answers()["error_text"]) == (IntakeOutcome.OUTDATED, "QB-2107")
    fields = {"question": "error_text", "value": "There is no message"}
    assert interview.hears("There is no message", "answer_question", fields=fields) == IntakeResult(
        IntakeOutcome.NOTED, ("error_text",)
    )
    assert interview.asking() == "printer"


def test_this_morning_is_an_answer_and_no_greeting(interview: WorkingInterview) -> None:
    interview.starts(problem="all our invoices of March disappeared", contact="kim@brightsons.example")
    assert interview.draft.next_step() == "what_is_missing"
    assert interview.hears("this morning", "greet") == IntakeResult(IntakeOutcome.SAVED)
    assert interview.draft.answers["what_is_missing"].value == "this morning"


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "ask_contact", "ask_hours", "ask_status"])
def test_an_answer_taken_for_small_talk_is_refused_once_at_most(interview: WorkingInterview, intent: str) -> None:
    interview.starts(**ESSENTIALS)
    assert interview.hears("the blue one", intent) == IntakeResult(IntakeOutcome.ASIDE)
    assert interview.asking() == "product_version"
    assert interview.hears("the blue one", intent) == IntakeResult(IntakeOutcome.SAVED)
    assert interview.draft.answers["product_version"].value == "the blue one"
    assert interview.asking() == "error_text"


def test_a_question_to_us_never_becomes_an_answer(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS)
    for _ in range(3):
        assert interview.hears("what are your hours?", "ask_hours") == IntakeResult(IntakeOutcome.ASIDE)


def test_a_claim_of_a_contract_never_becomes_an_answer(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS)
    assert interview.hears("hello", "greet") == IntakeResult(IntakeOutcome.ASIDE)
    for _ in range(2):
        said = "we have a support contract with you"
        assert interview.hears(said, "ask_coverage") == IntakeResult(IntakeOutcome.ASIDE)
    assert interview.asking() == "product_version"


def test_a_mere_greeting_never_becomes_an_answer_nor_makes_the_next_words_one(interview: WorkingInterview) -> None:
    interview.starts(**ESSENTIALS)
    for said, intent in (("hello", "greet"), ("thanks", "thank"), ("hello", "greet")):
        assert interview.hears(said, intent) == IntakeResult(IntakeOutcome.ASIDE)
    interview.hears("???", "out_of_scope")
    assert interview.asking() == "product_version"
