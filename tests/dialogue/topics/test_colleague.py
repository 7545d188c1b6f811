"""What a colleague writes in a customer's thread answers nothing, ends nothing and begins nothing."""

from typing import Any

import pytest

from bot.dialogue.plan import Expect, SayText
from tests.support.turn_contexts import SUPPORT, decided, draft, issue, kinds, logged, pressed, replies, waits, written

AT_VERSION: dict[str, Any] = {"draft": logged(asking="product_version"), "owner": "queue"}
AT_PRINTER: dict[str, Any] = {"draft": logged(asking="printer"), "owner": "queue"}
AT_CONTACT: dict[str, Any] = {"draft": draft(asking="contact", category="printing", answers={"problem": "it stops"})}
AT_SOLVED: dict[str, Any] = {"pending": "did_it_help", "last_search_open": True}


@pytest.mark.parametrize("by", ["engine", "rules"])
@pytest.mark.parametrize(
    ("text", "intent", "state"),
    [
        ("It also happens with Bob", "inform", AT_VERSION),
        ("did you reboot the print server? lunch at 12?", "how_to", AT_PRINTER),
        ("no, will do after lunch", "deny", AT_PRINTER),
        ("never mind", "cancel", AT_VERSION),
        ("bob@brightsons.example", "inform", AT_CONTACT),
        ("yes, solved!", "solved", AT_SOLVED),
        ("we do not need anybody any more", "leave_queue", waits()),
        ("I want to speak to a person", "ask_person", {}),
        ("Kannst du das bitte neu starten", "nlu_fallback", AT_PRINTER),
    ],
)
def test_it_stays_in_the_transcript_alone(text: str, intent: str, state: dict[str, Any], by: Any) -> None:
    plan = decided(written(text, colleague="Lee", **state), intent, by=by)
    assert (plan.rule, plan.silent, kinds(plan), replies(plan)) == ("a colleague writes", True, [], [])


def test_a_press_of_a_colleague_answers_nothing() -> None:
    press = pressed("answer_question", fields={"question": "printer", "value": "HP"}, colleague="Lee", **AT_PRINTER)
    assert kinds(decided(press)) == []


def test_a_fact_that_answers_the_open_question_is_offered_to_the_customer() -> None:
    plan = decided(written("we run 12.2.1 over here", colleague="Lee", **AT_VERSION), "inform")
    (offer,) = plan.reply
    assert isinstance(offer, SayText) and dict(offer.values) == {"name": "Lee", "value": "12.2.1"}
    assert dict(offer.choices[0].fields) == {"question": "product_version", "value": "12.2.1"}
    assert plan.commands == (Expect("use:12.2.1"),)


def test_the_customer_takes_it_with_a_yes_and_not_with_a_no() -> None:
    offered = {**AT_VERSION, "pending": "use:12.2.1"}
    taken = decided(written("yes", **offered), "affirm")
    assert taken.rule == "a colleague's answer is taken" and "set_slot" in kinds(taken)
    assert "set_slot" not in kinds(decided(written("no", **offered), "deny"))
    assert kinds(decided(written("yes", colleague="Lee", **offered), "affirm")) == []


def test_a_colleague_may_ask_the_manual_while_nothing_is_asked() -> None:
    plan = decided(written("how do I print labels?", colleague="Lee", **waits(issue=issue())), "how_to")
    assert plan.rule != "a colleague writes" and plan.reply and SUPPORT.product
