"""The open questions of a mail: one numbered list, taken by numbers, by paragraphs or by its facts."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.context import AnswerState, TurnContext
from bot.dialogue.draft import DONE, TOGETHER
from bot.dialogue.plan import Plan, Say, SetCategory, SetSlot, UpdateDraft
from tests.support.turn_contexts import ESSENTIALS, SUPPORT, decided, draft, issue, kinds, logged, replies, written

WORDING = SUPPORT.wording
QUEUED: dict[str, Any] = {"owner": "queue", "issue": issue(queue_place=1), "queue_place": 1, "asks_together": True}
PRINTING = [question.id for question in SUPPORT.category("printing").questions]
NUMBERED = "1. By the hour\n2. 12.1\n3) none\n4: HP LaserJet 400\n5. nothing\n6. restarted it\n7. two of us, by Friday"


def by_mail(text: str, **more: Any) -> TurnContext:
    return written(text, asks_together=True, asks_who_pays=True, **more)


def at_list(text: str, *, payer: bool = True, answers: dict[str, str] | None = None) -> TurnContext:
    state = logged(asking=TOGETHER, answers=answers or {})
    if payer:
        state = replace(state, answers={**state.answers, "who_pays": AnswerState("not answered", "skipped")})
    return written(text, draft=state, **QUEUED)


def slots(plan: Plan) -> dict[str, tuple[str | None, str]]:
    return {one.question: (one.value, one.status) for one in plan.commands if isinstance(one, SetSlot)}


def update(plan: Plan) -> UpdateDraft:
    (found,) = (one for one in plan.commands if isinstance(one, UpdateDraft))
    return found


def listed(plan: Plan) -> list[str]:
    (part,) = (one for one in plan.reply if isinstance(one, Say) and one.response == "utter_ask_together")
    return str(part.values["lines"]).split("\n")


def test_everything_is_asked_in_the_mail_that_gives_the_reference() -> None:
    start = draft(asking="contact", category="printing", answers={"problem": ESSENTIALS["problem"]})
    plan = decided(by_mail(ESSENTIALS["contact"], draft=start), "inform")
    lines = listed(plan)
    assert lines[0] == f"1. {WORDING.ask_contract_in_list}"
    assert [line.split(". ", 1)[0] for line in lines] == [str(place) for place in range(1, len(PRINTING) + 2)]
    assert lines[1] == f"2. {SUPPORT.questions['product_version'].ask}"
    assert replies(plan).count("utter_reference") == 1
    assert update(plan).asking == TOGETHER
    assert not any(part.choices for part in plan.reply if isinstance(part, Say))


def test_a_proven_contract_is_not_asked_for() -> None:
    start = draft(asking="contact", category="printing", answers={"problem": ESSENTIALS["problem"]})
    plan = decided(written(ESSENTIALS["contact"], asks_together=True, draft=start), "inform")
    assert listed(plan)[0] == f"1. {SUPPORT.questions['product_version'].ask}"


def test_no_mail_asks_for_the_category_alone() -> None:
    start = draft(asking="contact", answers={"problem": "something is odd"})
    plan = decided(by_mail(ESSENTIALS["contact"], draft=start), "inform")
    assert SetCategory("other") in plan.commands
    assert "utter_ask_category" not in replies(plan)
    assert update(plan).asking == TOGETHER


def test_numbered_answers_go_to_their_lines() -> None:
    plan = decided(at_list(NUMBERED), "inform")
    found = slots(plan)
    assert {name: found[name][0] for name in PRINTING} == dict(
        zip(
            PRINTING,
            ["12.1", "none", "HP LaserJet 400", "nothing", "restarted it", "two of us, by Friday"],
            strict=True,
        )
    )
    assert found["who_pays"] == ("hour", "answered")
    assert (update(plan).state, update(plan).asking) == (DONE, None)
    assert replies(plan)[-1] == "utter_issue_complete"
    assert "say_queue_notices" in replies(plan)


def test_paragraphs_without_numbers_are_taken_in_the_order_of_the_list() -> None:
    text = "by the hour\n\n12.1\n\nnone\n\nHP LaserJet 400\n\nnothing\n\nrestarted it\n\nonly me"
    assert slots(decided(at_list(text), "inform"))["printer"] == ("HP LaserJet 400", "answered")


def test_facts_in_a_sentence_are_taken_and_the_rest_is_the_technicians() -> None:
    plan = decided(at_list("We are on version 12.1 and pay by the hour."), "inform")
    assert slots(plan)["product_version"][0] == "12.1"
    assert slots(plan)["who_pays"] == ("hour", "answered")
    assert update(plan).state == DONE


def test_a_contract_in_the_list_is_a_claim() -> None:
    plan = decided(at_list("1. yes\n2. 12.1"), "inform")
    assert "claim_contract" in kinds(plan)


def test_a_number_of_no_question_is_no_answer_to_one() -> None:
    plan = decided(at_list("9. 12.1"), "inform")
    assert "who_pays" not in slots(plan)


def test_what_is_left_open_by_number_is_left_open() -> None:
    plan = decided(at_list("2. skip\n3. no idea"), "inform")
    assert slots(plan)["product_version"][1] == "unknown"
    assert slots(plan)["error_text"][1] == "unknown"


def test_a_question_in_the_place_of_an_answer_is_no_answer() -> None:
    plan = decided(at_list("2. where do I find the version?\n3. none"), "inform")
    assert "product_version" not in slots(plan)
    assert slots(plan)["error_text"] == ("none", "answered")


@pytest.mark.parametrize(
    ("words", "intent"), [("Any news?", "ask_status"), ("I want to talk to a person", "ask_person")]
)
def test_the_list_is_never_put_again(words: str, intent: str) -> None:
    plan = decided(at_list(words), intent)
    assert "utter_ask_together" not in replies(plan)
    assert not any(question.ask in replies(plan) for question in SUPPORT.questions.values())


def test_a_chat_is_asked_one_thing_at_a_time() -> None:
    start = draft(asking="contact", category="printing", answers={"problem": ESSENTIALS["problem"]})
    plan = decided(written(ESSENTIALS["contact"], draft=start), "inform")
    assert SUPPORT.questions["product_version"].ask in replies(plan)
    assert "utter_ask_together" not in replies(plan)
