"""Requests that are no technical problem: when words are one, and what is then done and said."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.evidence import Evidence, LookUpWanted
from bot.dialogue.plan import LogRequest, Plan, SayText, SetRequestContact, UpdateDraft
from bot.dialogue.request_reading import request_in_part
from tests.support.turn_contexts import (
    CLOSED_AT,
    FOUND,
    NOTHING,
    NOTHING_NEAR,
    SUPPORT,
    decided,
    draft,
    issue,
    kinds,
    logged,
    near,
    replies,
    waits,
    written,
)

MADE = "a request of the company"
REPLIES = {request.id: request.reply for request in SUPPORT.requests}
AT_VERSION: dict[str, Any] = waits(draft=logged(asking="product_version"))


def made(text: str, request: str, intent: str = "ask_coverage", **more: Any) -> Plan:
    cosine, other = more.pop("cosine", 0.9), more.pop("other", 0.2)
    confidence, manual = more.pop("confidence", 0.6), more.pop("manual", NOTHING)
    nearness = near(request, cosine, other=other, text=text)
    return decided(written(text, **more), intent, confidence=confidence, nearness=nearness, manual=manual)


def values_of(plan: Plan) -> dict[str, Any]:
    return next(dict(part.values) for part in plan.reply if isinstance(part, SayText))


def test_the_reply_names_the_team_and_the_day_and_holds_the_reference() -> None:
    plan = made("please renew our licence", "cancel_renew", known_contact="kim@brightsons.example")
    assert replies(plan) == [REPLIES["cancel_renew"]]
    values = values_of(plan)
    assert (values["team"], values["day"]) == ("Accounts and licences", "Monday")  # Friday is Juneteenth
    assert "request.reference" in str(values["reference"])
    assert plan.commands[0] == LogRequest("cancel_renew", (7,))


def test_the_day_is_an_open_one() -> None:
    plan = made("please renew our licence", "cancel_renew", now=CLOSED_AT, known_contact="kim@brightsons.example")
    assert values_of(plan)["day"] == "Wednesday"  # Sunday: the office opens on Monday


def test_praise_gets_thanks_and_neither_a_number_nor_a_question() -> None:
    plan = made("I am delighted with your support", "praise", "frustrated")
    assert replies(plan) == [REPLIES["praise"]]
    assert "reference" not in values_of(plan)
    assert "log_request" in kinds(plan)


def test_an_address_in_the_message_is_not_asked_for() -> None:
    plan = made("please send me a quote for five licences, kim@brightsons.example", "sales")
    assert replies(plan) == [REPLIES["sales"]]
    assert plan.commands[0] == LogRequest("sales", (7,), "kim@brightsons.example")


@pytest.mark.parametrize(
    ("request_id", "text"),
    [
        ("price", "what does a licence for five users cost"),
        ("data_protection", "please delete my personal data"),
        ("security_report", "I found a vulnerability in your website"),
        ("wish", "feature request: a dark mode"),
        ("complaint", "I want to make a complaint"),
        ("certificate", "our auditor needs a certificate"),
    ],
)
def test_neither_questions_nor_terms_nor_the_queue(request_id: str, text: str) -> None:
    plan = made(text, request_id)
    assert plan.rule == MADE
    assert {"say_coverage", "request_hand_off", "say_queue_place"}.isdisjoint(part.kind for part in plan.reply)
    assert {"open_issue", "begin_draft"}.isdisjoint(kinds(plan))


def test_in_the_middle_of_the_questions_it_is_an_aside_and_the_question_is_put_again() -> None:
    plan = made("could you also send me a copy of your invoice please", "invoice_copy", **AT_VERSION)
    assert plan.rule == MADE
    assert replies(plan) == [REPLIES["invoice_copy"], SUPPORT.questions["product_version"].ask]
    assert plan.commands[0] == LogRequest("invoice_copy", (7,))


def test_an_answer_of_the_form_is_no_request() -> None:
    at_changed = {**AT_VERSION, "draft": logged(asking="what_changed")}
    plan = made("we moved to a new office and changed our address", "address_change", "inform", **at_changed)
    assert plan.rule == "an answer to the question asked"


def test_what_a_free_category_of_the_same_team_asks_for_is_its_answer() -> None:
    asked = logged(asking="what_you_need", category="billing_account")
    plan = made("please refund it", "billing", draft=asked, issue=issue())
    assert plan.rule == "an answer to the question asked"


def test_a_draft_without_a_problem_ends_with_the_request() -> None:
    plan = made("I want my money back", "billing", draft=draft(asking="problem"))
    assert replies(plan) == [REPLIES["billing"]]
    assert [one.state for one in plan.commands if isinstance(one, UpdateDraft)] == ["done"]


def test_in_the_queue_it_is_logged_beside_the_issue() -> None:
    known = waits(known_contact="kim@brightsons.example")
    plan = made("I want to cancel our subscription", "cancel_renew", "cancel", **known)
    assert replies(plan) == [REPLIES["cancel_renew"]]
    assert "cancel_hand_off" not in [part.kind for part in plan.reply]


def test_a_second_message_of_the_kind_is_added_to_the_first() -> None:
    first = issue(category="cancel_renew")
    plan = made("cancel the subscription and confirm it", "cancel_renew", "cancel", issue=first)
    assert replies(plan) == ["utter_added"]
    assert "log_request" not in kinds(plan)


def test_data_loss_goes_before_a_request() -> None:
    plan = made("all our data is gone, I want my money back", "billing", "report_issue")
    assert plan.rule == "a problem is reported"


def test_the_manual_answers_first_where_it_can() -> None:
    found = made("I lost our licence key", "licence_key", "missing_reference", manual=FOUND)
    assert replies(found)[-1] == "utter_did_it_help" and "log_request" not in kinds(found)
    nothing = made("I lost our licence key", "licence_key", "missing_reference")
    assert replies(nothing) == [REPLIES["licence_key"], "utter_request_contact"]


@pytest.mark.parametrize(
    ("text", "request_id", "intent", "confidence", "cosine", "other"),
    [
        ("how do I cancel a recurring invoice", "cancel_renew", "how_to", 0.9, 0.6, 0.9),
        ("how do I refund a customer", "billing", "how_to", 0.9, 0.8, 0.9),
        ("the invoice copy prints blank", "invoice_copy", "report_issue", 0.95, 0.5, 0.8),
        ("what does support cost", "price", "ask_coverage", 0.95, 0.6, 0.98),
        ("thanks, great support", "praise", "thank", 0.95, 0.5, 0.6),
        ("I want to report an issue", "complaint", "report_issue", 0.71, 0.64, 0.44),
        ("where do I turn on dark mode?", "wish", "how_to", 0.6, 0.7, 0.6),
        ("how can we switch to the dark theme", "wish", "how_to", 0.6, 0.7, 0.6),
        ("where can i enable night mode", "wish", "nlu_fallback", 0.4, 0.7, 0.6),
        ("where is the save button", "wish", "nlu_fallback", 0.5, 0.5, 0.48),
    ],
)
def test_what_only_sounds_like_one_is_none(
    text: str, request_id: str, intent: str, confidence: float, cosine: float, other: float
) -> None:
    plan = made(text, request_id, intent, confidence=confidence, cosine=cosine, other=other)
    assert plan.rule != MADE


def test_where_a_thing_is_turned_on_is_asked_of_the_manual_and_logged_by_nobody() -> None:
    plan = made("where do I turn on dark mode?", "wish", "how_to", cosine=0.7, other=0.6)
    assert replies(plan) == ["utter_manual_has_nothing"] and "log_request" not in kinds(plan)


@pytest.mark.parametrize(
    "text", ["please add a dark mode", "it would be great to have a dark theme", "can we have a night mode please"]
)
def test_a_wish_for_it_is_still_one(text: str) -> None:
    assert made(text, "wish", "how_to", cosine=0.7, other=0.6).rule == MADE


def test_by_words_alone_where_there_is_no_embedding() -> None:
    nothing = decided(written("please send us a copy of your invoice again"), "ask_coverage", confidence=0.6)
    assert nothing.rule != MADE  # nothing is near
    empty = type(NOTHING_NEAR)()
    plan = decided(written("please send us a copy of your invoice again"), "ask_coverage", nearness=empty)
    assert plan.rule == MADE


def test_nobody_is_made_to_give_an_address() -> None:
    context = written("I'd rather not", pending="request_contact", issue=issue(category="billing"))
    plan = decided(context, "deny")
    assert replies(plan) == ["utter_request_contact_here"]


def test_an_address_is_saved_for_the_request() -> None:
    context = written("it is 212 555 0134", pending="request_contact", issue=issue(category="billing"))
    assert SetRequestContact("212 555 0134", 7) in decided(context, "inform").commands


def test_a_problem_where_an_address_was_asked_for_is_reported() -> None:
    text = "by the way it crashes with QB-2107 when I print, mail kim@brightsons.example"
    context = written(text, pending="request_contact", issue=issue(category="billing"))
    assert decided(context, "report_issue").rule == "a problem with its facts"


def test_a_plain_yes_confirms_the_request() -> None:
    context = written("yes please", pending="request_logged", issue=issue(category="wish"))
    assert replies(decided(context, "affirm")) == ["utter_request_stands"]


def test_the_next_matter_is_none_of_the_request() -> None:
    context = written("when are you open?", pending="request_logged", issue=issue(category="wish"))
    plan = decided(context, "ask_hours")
    assert plan.rule == "opening hours" and kinds(plan) == ["expect"]


def test_a_known_address_is_not_asked_for() -> None:
    plan = made("can I buy two more licences?", "sales", known_contact="kim@brightsons.example")
    assert replies(plan) == [REPLIES["sales"]]


@pytest.mark.parametrize(
    "text",
    [
        "I love your program, but since Monday the test page comes out empty",
        "We have been happy for years. Yesterday all of us began to lose the connection to the server.",
        "Nice work. Error QB-2107 all the time",
    ],
)
def test_praise_beside_trouble_is_no_praise(text: str) -> None:
    assert made(text, "praise", "report_issue").rule != MADE


def test_who_wants_a_technician_makes_no_request() -> None:
    text = "I'd rather speak with one of your technicians about our bank reconciliation"
    assert made(text, "billing", "ask_person").rule == "a person, by the words"


def test_an_address_has_no_part_in_the_likeness_to_a_request() -> None:
    with pytest.raises(LookUpWanted) as wanted:
        request_in_part("could you send us the licence terms, kim@brightsons.example", Evidence(), SUPPORT)
    assert "@" not in str(wanted.value.look_up)


def test_a_number_to_call_is_no_request() -> None:
    nothing_made = request_in_part("please call 302-555-0199", Evidence(), SUPPORT)
    assert nothing_made is None


def test_what_the_program_does_without_a_licence_is_a_question_for_the_manual() -> None:
    text = "how long can I keep entering bills once the licence has run out?"
    assert made(text, "cancel_renew", "how_to", cosine=0.5, manual=FOUND).rule != MADE
    assert made("can you cancel our contract once the year is over?", "cancel_renew", cosine=0.5).rule == MADE


def test_what_a_customer_of_theirs_has_paid_is_no_payment_to_us() -> None:
    text = "A client rang, furious. She had paid weeks ago and got a reminder from us."
    near_it = near("billing", 0.6, text="She had paid weeks ago and got a reminder from us.")
    whole = near("billing", 0.6, text=text)
    both = replace(Evidence(), nearness={text: replace(NOTHING_NEAR, sentences=(*whole.sentences, *near_it.sentences))})
    assert request_in_part(text, both, SUPPORT) is None
