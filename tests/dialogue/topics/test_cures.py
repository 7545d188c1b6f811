"""A problem is looked up beside its logging: by its error code, else by its symptom, and never where data is lost."""

from collections.abc import Callable
from typing import Any

import pytest

from bot.dialogue.context import TurnContext
from bot.dialogue.evidence import LookUp, ManualResult
from bot.dialogue.plan import RecordSearch, Say, SetLanguage
from bot.dialogue.topics.cure import says_only_a_code
from tests.support.turn_contexts import FOUND, NO_INDEX, NOTHING, decided, draft, issue, kinds, logged, replies, written

CONTACT = "kim@brightsons.example"
WAITING: dict[str, Any] = {"owner": "queue", "issue": issue(queue_place=2), "queue_place": 2}


def manual(*, code: ManualResult = NOTHING, cure: ManualResult = NOTHING) -> Callable[[LookUp], ManualResult]:
    """A manual with this section for the code and this cure for the symptom."""
    return lambda look_up: code if look_up.code else cure if look_up.cure else NOTHING


@pytest.mark.parametrize(
    "text",
    ["QB-2107", "qb 2107", "QB2107?", "what does QB-2107 mean", "error QB-2107, what now", "I get QB-2107"],
)
def test_a_bare_code_is_answered_with_its_section_and_an_offer_to_log_it(text: str) -> None:
    plan = decided(written(text), "out_of_scope", manual=manual(code=FOUND))
    assert (plan.rule, replies(plan)) == ("an error code", ["utter_code_found", "utter_code_log_it"])
    offered = plan.reply[-1]
    assert isinstance(offered, Say)
    assert [choice.intent for choice in offered.choices] == ["solved", "report_issue", "ask_person"]
    assert offered.choices[1].fields == {"about": 7}


def test_an_unknown_bare_code_is_admitted_and_goes_toward_logging() -> None:
    plan = decided(written("QB-9999"), "inform", manual=manual())
    assert replies(plan) == ["utter_code_unknown", "utter_ask_contact"]
    assert kinds(plan) == ["begin_draft", "add_to_problem", "set_slot", "update_draft"]


def test_without_an_index_a_bare_code_is_logged() -> None:
    plan = decided(written("QB-2107"), "inform", manual=manual(code=NO_INDEX, cure=NO_INDEX))
    assert replies(plan) == ["utter_manual_unavailable", "utter_ask_contact"]


@pytest.mark.parametrize(
    "intent", ["report_issue", "inform", "ask_hours", "out_of_scope", "nlu_fallback", "ask_coverage"]
)
def test_a_report_with_a_known_code_gets_its_cure_beside_the_logging(intent: str) -> None:
    text = "the tax return is due at 5 and every time I get QB-8010, what do I do?"
    plan = decided(written(text), intent, manual=manual(code=FOUND))
    assert replies(plan) == ["utter_cure_of_code", "utter_ask_contact"]
    (recorded,) = (command for command in plan.commands if isinstance(command, RecordSearch))
    assert (recorded.question, recorded.beside_report) == (text, True)


def test_a_code_with_few_words_around_it_is_a_problem() -> None:
    plan = decided(written("QB-7003 on every mail"), "inform", manual=manual(code=FOUND))
    assert replies(plan) == ["utter_cure_of_code", "utter_ask_contact"]


def test_with_an_address_the_cure_comes_before_the_reference() -> None:
    text = f"printing stops with QB-2107 on all our invoices, {CONTACT}"
    plan = decided(written(text), "report_issue", manual=manual(code=FOUND))
    assert replies(plan)[:2] == ["utter_cure_of_code", "utter_reference"]


def test_a_symptom_is_looked_up_without_the_facts_around_it() -> None:
    wanted: list[LookUp] = []

    def note(look_up: LookUp) -> ManualResult:
        wanted.append(look_up)
        return FOUND if look_up.cure else NOTHING

    text = f"our monthly invoices were made twice, version 12.2.1, {CONTACT}"
    plan = decided(written(text), "report_issue", manual=note)
    assert "utter_cure_of_symptom" in replies(plan)
    (cure,) = {look_up.question for look_up in wanted if look_up.cure}
    assert CONTACT not in cure and "12.2.1" not in cure and cure.startswith("our monthly invoices were made twice")


def test_no_cure_is_shown_where_data_is_lost_or_the_manual_is_not_sure() -> None:
    lost = decided(written("all our invoices are gone, QB-3010"), "report_issue", manual=manual(code=FOUND, cure=FOUND))
    assert "utter_first_aid_data_loss" in replies(lost)
    assert not any(reply.startswith("utter_cure") for reply in replies(lost))
    unsure = decided(written("the toolbar flickers when I scroll"), "report_issue", manual=manual())
    assert replies(unsure) == ["utter_ask_contact"]


def test_an_unknown_code_in_a_report_is_only_logged() -> None:
    plan = decided(written("the calendar stops with QB-9123"), "report_issue", manual=manual())
    assert replies(plan) == ["utter_ask_contact"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("a person please, QB-2107 again", "ask_person"),
        ("does it also print twice?", "how_to"),
        ("does not print", "nlu_fallback"),
        ("the weather is nice today", "out_of_scope"),
    ],
)
def test_other_messages_are_not_taken_for_trouble(text: str, intent: str) -> None:
    plan = decided(written(text), intent, manual=manual(code=FOUND, cure=FOUND))
    assert plan.rule not in ("an error code", "trouble that the manual knows")


def at(asking: str, **answers: str) -> TurnContext:
    return written(
        answers.pop("text"), draft=logged(asking=asking, answers=answers), owner="queue", issue=issue(queue_place=2)
    )


def test_a_code_at_the_error_question_gets_its_section_once() -> None:
    plan = decided(at("error_text", text="QB-2107"), "inform", manual=manual(code=FOUND))
    assert "utter_cure_of_code" in replies(plan)
    again = decided(
        at("product_version", text="12.2, QB-2107", error_text="QB-2107"), "inform", manual=manual(code=FOUND)
    )
    assert "utter_cure_of_code" not in replies(again)


def test_the_answer_to_the_question_for_the_problem_is_looked_up() -> None:
    context = written("our monthly invoices were made twice", draft=draft(asking="problem"))
    plan = decided(context, "report_issue", manual=manual(cure=FOUND))
    assert replies(plan) == ["utter_cure_of_symptom", "utter_ask_contact"]


@pytest.mark.parametrize(
    "text", ["QB-2107", "what is error 0x80070005", "why do i get QB-6003?", "hello, QB-2107 again"]
)
def test_words_around_a_code_may_say_nothing_more(text: str) -> None:
    assert says_only_a_code(text)


@pytest.mark.parametrize(
    "text", ["QB-6003 importing from chase", "printing stops with QB-2107", "QB-1103 on my laptop"]
)
def test_words_around_a_code_may_state_the_problem(text: str) -> None:
    assert not says_only_a_code(text)


def test_the_button_below_a_cure_is_that_it_solved_the_problem() -> None:
    plan: Any = decided(written("our invoices were made twice"), "report_issue", manual=manual(cure=FOUND))
    assert [choice.intent for choice in plan.reply[0].choices] == ["solved"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Der Drucker druckt nicht mehr, es kommt QB-2101", "de"),
        ("L'imprimante ne marche pas, l'écran affiche QB-2101", "fr"),
        ("La copia de seguridad falla con QB-3020", "es"),
        ("De server is niet bereikbaar, foutcode QB-4002", "nl"),
        ("L'importazione si ferma con il codice QB-6004", "it"),
        ("Não consigo fechar o ano, aparece o erro QB-8003", "pt"),
    ],
)
def test_a_code_is_looked_up_in_every_language(text: str, language: str) -> None:
    plan = decided(written(text), "report_issue", manual=manual(code=FOUND))
    assert plan.rule == "another language: problem"
    assert replies(plan) == ["utter_cure_of_code", "utter_technicians_write", "utter_ask_contact"]
    assert SetLanguage(language) in plan.commands


def test_the_open_question_for_a_contract_is_put_again_after_one_in_another_language() -> None:
    context = written(
        "Wo finde ich denn die Versionsnummer?",
        language="de",
        pending="who_pays",
        draft=logged(state="done"),
        **WAITING,
    )
    plan = decided(context, "how_to", manual=FOUND)
    assert replies(plan) == ["utter_manual_steps", "utter_ask_contract"]
