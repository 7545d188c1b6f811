"""What words by themselves say: solved, tried later, a courtesy, another matter, a person, or the questions."""

import pytest

from bot.triage.reading.coming_back import another_matter, asks_where, says_it_is_back
from bot.triage.reading.control_words import Control, read_control
from bot.triage.reading.courtesies import is_courtesy, is_plain_no, is_plain_yes, says_farewell
from bot.triage.reading.outcome import Outcome, denies, is_answer_found, read_outcome, reports_success
from bot.triage.reading.person_wish import technician_wished, wishes_appointment, wishes_person
from bot.triage.reading.status_wish import asks_for_news, asks_own_number
from bot.triage.reading.wished_matter import matter_of_wish
from tests.dialogue.outcomes.sentences import labelled

SOLVED_ISSUE = "The bank import shows QB-6003"
CONTROLS = {control.value.replace(" ", "_"): control for control in Control}
# "No more questions" ends them as "stop" does, and logs what is known besides.
ENDS = (Control.STOP, Control.SKIP_ALL)


@pytest.mark.parametrize(("label", "text"), labelled("control.txt"))
def test_words_about_the_questions(label: str, text: str) -> None:
    read = read_control(text)
    assert read in ENDS if label == "stop" else read is CONTROLS.get(label)


@pytest.mark.parametrize(("label", "text"), labelled("person.txt"))
def test_a_wish_for_a_person(label: str, text: str) -> None:
    assert wishes_person(text) is (label == "yes")


def _after_give_back(text: str) -> str:
    another, outcome = another_matter(text), read_outcome(text)
    if another is not None:
        closes = read_outcome(another.before) is Outcome.SOLVED or is_plain_yes(another.before)
        return "solved_and_other" if closes else "other"
    if outcome is not None:
        return outcome.value
    return "where" if asks_where(text) else "back"


@pytest.mark.parametrize(("label", "text"), labelled("after_give_back.txt"))
def test_an_answer_to_does_it_work_now(label: str, text: str) -> None:
    assert _after_give_back(text) == label


def _after_the_end(text: str) -> str:
    if is_courtesy(text) or says_farewell(text) or read_outcome(text) is Outcome.SOLVED:
        return "welcome"
    return "back" if is_plain_no(text) or says_it_is_back(text, SOLVED_ISSUE) else "new"


@pytest.mark.parametrize(
    ("label", "text"), [one for one in labelled("after_the_end.txt") if one[1] != "\N{THUMBS UP SIGN}"]
)
def test_words_after_the_end(label: str, text: str) -> None:
    assert _after_the_end(text) == {"other": "new"}.get(label, label)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("I want to speak to Dana", "Dana"),
        ("can I have Tom Baker please", "Tom Baker"),
        ("is Maria available?", "Maria"),
        ("get me a person", None),
        ("Is It there?", None),
    ],
)
def test_the_person_asked_for_by_name(text: str, name: str | None) -> None:
    assert technician_wished(text) == name


def test_an_appointment_is_a_wish_of_its_own() -> None:
    assert wishes_appointment("I'd like an appointment with a technician tomorrow at 9:30")
    assert not wishes_appointment("get me a person")


@pytest.mark.parametrize(
    "text",
    [
        "has anybody looked at it yet?",
        "is there anybody there at all?",
        "any news on my ticket?",
        "hello??",
        "anyone there",
        "how long until it is my turn",
        "when will somebody answer",
        "what's happening with my issue",
        "are you working on it",
        "how many people are before me?",
    ],
)
def test_news_of_an_issue_is_asked_for(text: str) -> None:
    assert asks_for_news(text)


@pytest.mark.parametrize(
    "text", ["how do I import news", "somebody changed my invoices", "it works now", "is it possible to print"]
)
def test_no_news_is_asked_for(text: str) -> None:
    assert not asks_for_news(text)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("what was my number again?", True),
        ("i lost my reference number, can you look it up?", True),
        ("forgot my ticket number", True),
        ("what's your phone number", False),
        ("I lost my licence number", False),
        ("what is my customer number", False),
    ],
)
def test_the_own_tech_reference_is_asked_for(text: str, expected: bool) -> None:
    assert asks_own_number(text) is expected


@pytest.mark.parametrize("text", ["that's what I needed", "found it, thanks", "ah I see it now", "got it"])
def test_a_page_was_the_answer_but_closes_no_issue(text: str) -> None:
    assert is_answer_found(text)
    assert read_outcome(text) is None


@pytest.mark.parametrize("text", ["thanks for nothing", "got it wrong again", "you fixed nothing", "yeah sure"])
def test_mockery_denies(text: str) -> None:
    assert denies(text)
    assert not is_courtesy(text)
    assert not is_answer_found(text)


def test_a_long_letter_says_no_outcome() -> None:
    assert read_outcome("it works now. " * 100) is None


@pytest.mark.parametrize("text", ["/restart", " /back", "/stop", "/start over"])
def test_a_typed_slash_is_never_a_command(text: str) -> None:
    assert read_control(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Yes, that did it, one page only now. You can close it, thank you!",
        "found it myself, the tray was set wrong. everything works, please close the ticket",
    ],
)
def test_a_wish_to_close_is_asked_about_whatever_stands_around_it(text: str) -> None:
    assert read_outcome(text) is Outcome.SEEMS_SOLVED


@pytest.mark.parametrize("text", ["don't you dare close it", "please do not close the ticket", "why did you close it?"])
def test_a_wish_to_keep_it_open_is_none_to_close(text: str) -> None:
    assert read_outcome(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "Found the fault! A cable was half out. Everything's running again, you don't need to do anything any more",
        "The cable was loose. Works again, nobody needs to call.",
        "It was my firewall. All good now!",
        "It was the plug - it works again",
    ],
)
def test_a_sentence_reports_the_success_and_another_its_cause(text: str) -> None:
    assert read_outcome(text) is Outcome.SEEMS_SOLVED and reports_success(text)


@pytest.mark.parametrize(
    "text",
    [
        "It works now. But the second desk is still slow.",
        "Solved. Now the printer is broken.",
        "My colleague says it works now. I don't believe it.",
        "It works now. What a waste of a morning.",
        "Fixed? It works now, they said. Nothing works.",
    ],
)
def test_a_success_that_another_sentence_takes_back_is_none(text: str) -> None:
    assert read_outcome(text) is None and not reports_success(text)


@pytest.mark.parametrize(
    "text",
    [
        "thank you very much, a whole morning down the drain because of you people",
        "thanks for ruining my weekend",
        "thank you, that cost us a customer",
        "great, thanks to you we are two days behind",
    ],
)
def test_bitter_thanks_are_no_thanks(text: str) -> None:
    assert denies(text) and not is_courtesy(text)


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("I'd rather speak to one of your technicians about our bank reconciliation", "our bank reconciliation"),
        ("a person please, regarding the year end", "the year end"),
        ("get me someone to help with the label printer", "the label printer"),
        ("can I talk to a human about something", None),
        ("I want to speak to somebody about this problem", None),
        ("call me at kim@brightsons.example", None),
        ("technician please, our quotes list takes the wrong year", "our quotes list takes the wrong year"),
        ("connect me with support. month end will not close", "month end will not close"),
        ("human please - the payroll export has zero rows. kim@brightsons.example", "the payroll export has zero rows"),
        ("get me an agent, I've been waiting for 40 minutes", None),
        ("a person please. I don't want to type the whole story again", None),
        ("agent please, I'm Kate from Miller Ltd", None),
        ("can a technician call me tomorrow after 2pm", None),
    ],
)
def test_what_a_person_is_wanted_for(text: str, matter: str | None) -> None:
    assert matter_of_wish(text) == matter
