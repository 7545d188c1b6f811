"""What a message does to the draft: an answer, a correction, an aside; and the same message again does nothing."""

import pytest

from bot.services.core.context import Context
from bot.services.intake.user_message import IntakeOutcome, IntakeResult
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer

ESSENTIALS = {"problem": "it crashes when I print", "contact": "kim@brightsons.example"}


@pytest.fixture
def interview(ctx: Context, customer: Customer) -> Interview:
    return Interview(ctx, customer)


async def test_the_essentials_come_first_then_the_categorys_questions(interview: Interview) -> None:
    await interview.starts()
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
        await interview.hears(line)
        asked.append(await interview.asking())
    questions = ["product_version", "error_text", "printer", "what_changed", "tried", "impact"]
    assert asked == ["contact", *questions, "summary"]


@pytest.mark.parametrize(
    ("text", "intent", "status"),
    [("skip", "dont_know", "skipped"), ("no idea", "dont_know", "unknown"), ("12.2", "inform", "answered")],
)
async def test_an_answer_is_recorded_as_what_it_is(interview: Interview, text: str, intent: str, status: str) -> None:
    await interview.starts(**ESSENTIALS)
    assert await interview.hears(text, intent) == IntakeResult(IntakeOutcome.SAVED)
    assert (await interview.draft()).answers["product_version"].status == status


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
async def test_an_aside_changes_no_answer(interview: Interview, text: str, intent: str) -> None:
    await interview.starts(**ESSENTIALS)
    before = await interview.answers()
    assert await interview.hears(text, intent) == IntakeResult(IntakeOutcome.ASIDE)
    assert await interview.answers() == before and await interview.asking() == "product_version"


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("12.2.1, thanks", "thank"),
        ("12.2.1 and please hurry", "frustrated"),
        ("version 12.2.1, as I said to the person before", "ask_person"),
    ],
)
async def test_what_holds_the_answer_is_the_answer_whatever_it_sounds_like(
    interview: Interview, text: str, intent: str
) -> None:
    await interview.starts(**ESSENTIALS)
    assert (await interview.hears(text, intent)).what is IntakeOutcome.SAVED


async def test_a_curt_answer_is_not_taken_for_anger(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS, product_version="12", error_text="none", printer="Canon")
    assert (await interview.hears("nothing", "frustrated")).what is IntakeOutcome.SAVED
    assert (await interview.answers())["what_changed"] == "nothing"


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
async def test_a_fact_at_the_wrong_question_goes_where_it_belongs(
    interview: Interview, text: str, line: str, value: str
) -> None:
    await interview.starts(**ESSENTIALS)
    assert await interview.hears(text) == IntakeResult(IntakeOutcome.NOTED, (line,))
    answers = await interview.answers()
    assert answers[line] == value and "product_version" not in answers


@pytest.mark.parametrize("text", ["the newest, but it crashes", "the program says printing failed, no idea"])
async def test_what_may_be_a_version_answers_the_question_for_it(interview: Interview, text: str) -> None:
    await interview.starts(**ESSENTIALS)
    intent = "dont_know" if "no idea" in text else "inform"
    assert await interview.hears(text, intent) == IntakeResult(IntakeOutcome.SAVED)
    assert await interview.asking() != "product_version"


async def test_trouble_informed_twice_for_the_version_holds_nobody_up(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    await interview.hears("the program says printing failed")
    assert await interview.asking() == "product_version"
    await interview.hears("I told you, printing failed")
    assert await interview.asking() not in ("product_version", "error_text")


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("no, version 12.3", "product_version", "12.3"),
        ("wrong e-mail, it is bob@y.example", "contact", "bob@y.example"),
        ("sorry, I meant all printers", "printer", "all printers"),
        ("the printer is an HP, sorry", "printer", "HP, sorry"),
    ],
)
async def test_a_correction_changes_the_line_it_names(interview: Interview, text: str, line: str, value: str) -> None:
    await interview.starts(**ESSENTIALS, product_version="12.2", error_text="none")
    await interview.hears("only the Canon")
    assert await interview.asking() == "what_changed"
    assert await interview.hears(text, "correct_answer") == IntakeResult(IntakeOutcome.NOTED, (line,))
    assert (await interview.answers())[line] == value
    assert await interview.asking() == "what_changed"


async def test_a_correction_that_names_nothing_asks_which_line(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS, product_version="12.2")
    await interview.hears("that's not right", "correct_answer")
    assert await interview.asking() == "which_line"


async def test_a_typed_title_is_the_button(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS, product_version="12", error_text="none", printer="Canon")
    await interview.hears("tell only the technician", "ask_person", confidence=0.6)
    assert (await interview.draft()).intake.asking_private
    await interview.hears("I deleted the driver")
    assert (await interview.draft()).answers["what_changed"].visibility == "technician"


@pytest.mark.parametrize("text", ["I would rather not give it", "no e-mail", "skip"])
async def test_whoever_keeps_the_address_back_is_reached_in_the_chat(interview: Interview, text: str) -> None:
    await interview.starts(problem="it crashes when I print")
    assert (await interview.hears(text, "cancel" if "rather" in text else "inform")).what is IntakeOutcome.SAVED
    assert (await interview.answers())["contact"] == interview.ctx.support.wording.contact_is_this_chat


async def test_a_second_how_to_at_the_question_for_the_problem_is_the_problem(interview: Interview) -> None:
    await interview.starts()
    assert (await interview.hears("how do I print?", "how_to")).what is IntakeOutcome.ASIDE
    assert (await interview.hears("how do I print an old invoice?", "how_to")).what is IntakeOutcome.SAVED
    assert (await interview.answers())["problem"] == "how do I print an old invoice?"


async def test_nobody_is_held_up_for_want_of_a_problem(interview: Interview) -> None:
    await interview.starts()
    assert (await interview.hears("I don't know", "dont_know")).what is IntakeOutcome.UNCLEAR
    assert (await interview.hears("I don't know", "dont_know")).what is IntakeOutcome.SAVED
    assert (await interview.answers())["problem"] == "I don't know"


async def test_words_written_before_the_question_was_seen_belong_to_the_problem(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    await interview.hears("it also beeps", unseen=True)
    answers = await interview.answers()
    assert answers["problem"] == "it crashes when I print\nit also beeps" and "product_version" not in answers


async def test_another_language_is_the_problem_and_is_informed_so(interview: Interview) -> None:
    await interview.starts()
    took = await interview.hears("Guten Tag, unser Programm startet nicht mehr", "out_of_scope")
    assert took.what is IntakeOutcome.FOREIGN
    assert "startet nicht" in (await interview.answers())["problem"]


async def test_an_outdated_summary_is_not_confirmed(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    intake = (await interview.draft()).intake
    fields = {"intake": intake.id, "version": intake.version - 1}
    assert (await interview.hears("That is right", "confirm_summary", fields=fields)).what is IntakeOutcome.OUTDATED
    fields["version"] = intake.version
    assert (await interview.hears("That is right", "confirm_summary", fields=fields)).what is IntakeOutcome.CONFIRMED
    assert (await interview.draft()).intake.state == "done"


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
async def test_the_same_message_again_changes_nothing(
    interview: Interview, text: str, intent: str, unseen: bool
) -> None:
    await interview.starts(**ESSENTIALS)
    first = await interview.hears(text, intent, unseen=unseen)
    before = (await interview.answers(), await interview.asking(), (await interview.draft()).intake.misses)
    assert await interview.hears_again(text, intent, unseen=unseen) == first
    after = (await interview.answers(), await interview.asking(), (await interview.draft()).intake.misses)
    assert after == before


async def test_a_typed_category_again_is_no_answer_to_the_next_question(interview: Interview) -> None:
    await interview.starts(problem="a strange purple shape", contact="kim@brightsons.example")
    await interview.hears("Printing")
    await interview.hears_again("Printing")
    assert (await interview.asking(), "product_version" in await interview.answers()) == ("product_version", False)


async def test_a_button_of_an_earlier_question_takes_no_answer_away(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS, product_version="12.2", error_text="QB-2107")
    skip = await interview.hears("Skip this", "skip_question", fields={"question": "error_text"})
    assert (skip.what, (await interview.answers())["error_text"]) == (IntakeOutcome.OUTDATED, "QB-2107")
    fields = {"question": "error_text", "value": "There is no message"}
    assert await interview.hears("There is no message", "answer_question", fields=fields) == IntakeResult(
        IntakeOutcome.NOTED, ("error_text",)
    )
    assert await interview.asking() == "printer"


async def test_this_morning_is_an_answer_and_no_greeting(interview: Interview) -> None:
    await interview.starts(problem="all our invoices of March disappeared", contact="kim@brightsons.example")
    assert (await interview.draft()).next_step() == "what_is_missing"
    assert await interview.hears("this morning", "greet") == IntakeResult(IntakeOutcome.SAVED)
    assert (await interview.draft()).answers["what_is_missing"].value == "this morning"


@pytest.mark.parametrize("intent", ["greet", "thank", "goodbye", "ask_contact", "ask_hours", "ask_status"])
async def test_an_answer_taken_for_small_talk_is_refused_once_at_most(interview: Interview, intent: str) -> None:
    await interview.starts(**ESSENTIALS)
    assert await interview.hears("the blue one", intent) == IntakeResult(IntakeOutcome.ASIDE)
    assert await interview.asking() == "product_version"
    assert await interview.hears("the blue one", intent) == IntakeResult(IntakeOutcome.SAVED)
    assert (await interview.draft()).answers["product_version"].value == "the blue one"
    assert await interview.asking() == "error_text"


async def test_a_question_to_us_never_becomes_an_answer(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    for _ in range(3):
        assert await interview.hears("what are your hours?", "ask_hours") == IntakeResult(IntakeOutcome.ASIDE)


async def test_a_claim_of_a_contract_never_becomes_an_answer(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    assert await interview.hears("hello", "greet") == IntakeResult(IntakeOutcome.ASIDE)
    for _ in range(2):
        said = "we have a support contract with you"
        assert await interview.hears(said, "ask_coverage") == IntakeResult(IntakeOutcome.ASIDE)
    assert await interview.asking() == "product_version"


async def test_a_mere_greeting_never_becomes_an_answer_nor_makes_the_next_words_one(interview: Interview) -> None:
    await interview.starts(**ESSENTIALS)
    for said, intent in (("hello", "greet"), ("thanks", "thank"), ("hello", "greet")):
        assert await interview.hears(said, intent) == IntakeResult(IntakeOutcome.ASIDE)
    await interview.hears("???", "out_of_scope")
    assert await interview.asking() == "product_version"
