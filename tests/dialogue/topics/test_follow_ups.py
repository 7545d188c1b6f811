"""A short message that leans on the answer shown is answered from there; one that stands by itself is not."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.context import TurnContext
from bot.dialogue.evidence import Answer, LookUp, ManualResult
from bot.dialogue.plan import RecordSearch
from tests.support.turn_contexts import (
    FOUND,
    NO_INDEX,
    NOTHING,
    SHOWN,
    SHOWN_FOR_TWO,
    decided,
    draft,
    kinds,
    replies,
    waits,
    written,
)

FOLLOWS = "more about the answer"
ANSWERED = ["utter_manual_says", "utter_did_it_help"]
LINE = {"title": "Printing", "url": "/manual/printing#paper", "excerpt": "On a Mac it is Quillbook > Settings."}
LINES = ManualResult(True, True, 1.1, (LINE,), ("printing",), Answer("passage", "Printing", "/p", ("On a Mac.",)))
NEAREST = replace(LINES, confident=False)
UNKNOWN_WORDS = replace(NEAREST, answer=None)
ELSEWHERE = replace(
    FOUND, cards=({"title": "Taxes", "url": "/manual/taxes", "excerpt": "Choose the rate."},), pages=("taxes",)
)


def manual(lines: ManualResult, whole: ManualResult = NOTHING) -> Callable[[LookUp], ManualResult]:
    """A manual of which the pages shown hold these lines, and the whole this, whose page answers better."""
    better = replace(lines, score=lines.score + 0.5)
    return lambda look_up: better if look_up.pages == whole.pages else lines if look_up.pages else whole


def after(text: str, **more: Any) -> TurnContext:
    return written(text, **{"shown": SHOWN, **more})


@pytest.mark.parametrize("intent", ["inform", "report_issue", "deny", "ask_contact", "ask_coverage", "nlu_fallback"])
@pytest.mark.parametrize(
    "text",
    [
        "and on a Mac?",
        "what if they paid already",
        "it is grey on mine",
        "i dont see that in my menu, where is it",
        "for all customers at once?",
        "but the old one is dead",
        "only for part of it",
    ],
)
def test_what_leans_is_answered_inside_the_page_whatever_its_label(text: str, intent: str) -> None:
    plan = decided(after(text), intent, manual=manual(LINES))
    assert (plan.rule, replies(plan)) == (FOLLOWS, ANSWERED)
    assert kinds(plan) == ["record_search", "expect"]


def test_it_is_looked_up_in_the_best_page_behind_the_former_question() -> None:
    wanted: list[LookUp] = []

    def note(look_up: LookUp) -> ManualResult:
        wanted.append(look_up)
        return LINES

    plan = decided(after("and on a Mac?"), "inform", manual=note)
    assert [one for one in wanted if one.pages] == [LookUp("and on a Mac?", pages=SHOWN.pages, former=SHOWN.question)]
    (recorded,) = (command for command in plan.commands if isinstance(command, RecordSearch))
    assert recorded.question == f"{SHOWN.question}\nand on a Mac?"
    assert recorded.shown == (LINE,)


@pytest.mark.parametrize("text", ["i dont see that in my menu", "where is it?", "and where do i find that"])
def test_a_place_that_is_not_seen_is_that_of_the_answer(text: str) -> None:
    def only_the_former_question(look_up: LookUp) -> ManualResult:
        return LINES if look_up.question == SHOWN.question else NEAREST

    plan = decided(after(text), "inform", manual=only_the_former_question)
    assert (plan.rule, replies(plan)) == (FOLLOWS, ANSWERED)


def test_a_follow_up_of_a_follow_up_goes_back_to_the_first_question() -> None:
    shown = replace(SHOWN, question=f"{SHOWN.question}\nand on a Mac?")
    plan = decided(after("and for labels?", shown=shown), "inform", manual=manual(LINES))
    (recorded,) = (command for command in plan.commands if isinstance(command, RecordSearch))
    assert recorded.question == f"{SHOWN.question}\nand for labels?"


@pytest.mark.parametrize("text", ["he paid a few cents too little", "does he take up a seat", "different address"])
def test_short_words_that_the_page_answers_need_not_lean(text: str) -> None:
    assert decided(after(text), "report_issue", manual=manual(LINES)).rule == FOLLOWS


def test_what_another_page_answers_by_itself_is_no_follow_up() -> None:
    plan = decided(after("the tax on bills is too low"), "report_issue", manual=manual(LINES, ELSEWHERE))
    assert plan.rule == "a problem is reported"


def test_trouble_of_its_own_is_no_follow_up_even_if_it_leans_by_its_words() -> None:
    plan = decided(after("it crashes when I print an invoice"), "report_issue", manual=manual(LINES, ELSEWHERE))
    assert plan.rule == "a problem is reported"


def test_a_whole_question_is_looked_up_by_itself() -> None:
    plan = decided(after("how do I import a bank statement?"), "how_to", manual=manual(LINES, ELSEWHERE))
    assert plan.rule == "how do I"


@pytest.mark.parametrize("text", ["does it do taxes", "and how do I set the tax rate?"])
def test_what_leans_and_another_page_answers_is_answered_from_there(text: str) -> None:
    plan = decided(after(text), "inform", manual=manual(NEAREST, ELSEWHERE))
    assert (plan.rule, replies(plan)) == (FOLLOWS, ["utter_manual_steps", "utter_did_it_help"])


@pytest.mark.parametrize(
    "text",
    ["and what about the tax rate?", "and on a mac", "can I do that for thirty at once", "can it be sent by itself"],
)
def test_what_only_goes_on_from_the_answer_stays_on_its_page(text: str) -> None:
    plan = decided(after(text), "how_to", manual=manual(NEAREST, ELSEWHERE))
    assert (plan.rule, replies(plan)) == (FOLLOWS, ["utter_only_the_page"])


@pytest.mark.parametrize("intent", ["ask_status", "missing_reference", "follow_up"])
def test_a_label_of_an_issue_counts_for_nothing_where_there_is_none(intent: str) -> None:
    plan = decided(after("and how long does it hold"), intent, manual=manual(NEAREST))
    assert (plan.rule, replies(plan)) == (FOLLOWS, ["utter_only_the_page"])


@pytest.mark.parametrize(
    ("lines", "reply"), [(NEAREST, "utter_only_the_page"), (UNKNOWN_WORDS, "utter_page_has_nothing")]
)
def test_what_no_page_answers_is_admitted_and_begins_nothing(lines: ManualResult, reply: str) -> None:
    plan = decided(after("and in morse code?"), "inform", manual=manual(lines))
    assert (plan.rule, replies(plan)) == (FOLLOWS, [reply])
    assert kinds(plan) == ["record_search", "expect"]


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("can I talk to a person about that?", "ask_person"),
        ("thanks, that's it", "thank"),
        ("that did it", "solved"),
        ("it says QB-4021 for that", "report_issue"),
        ("and my mail is kim@brightsons.example", "inform"),
        ("all our invoices are gone, what about that", "report_issue"),
        ("it crashes with version 12.2.1", "report_issue"),
        ("hello again", "greet"),
    ],
)
def test_what_says_by_itself_what_it_wants_is_no_follow_up(text: str, intent: str) -> None:
    assert decided(after(text), intent, manual=manual(LINES)).rule != FOLLOWS


@pytest.mark.parametrize("intent", ["frustrated", "continue_issue", "cancel", "out_of_scope", "solved"])
def test_a_label_alone_does_not_keep_words_from_the_page(intent: str) -> None:
    assert decided(after("but only for one month I mean"), intent, manual=manual(LINES)).rule == FOLLOWS


def test_what_would_end_a_wait_is_no_follow_up() -> None:
    waiting = after("cancel that", **waits())
    assert decided(waiting, "cancel", manual=manual(LINES)).rule != FOLLOWS


def test_thanks_with_a_question_is_a_follow_up() -> None:
    assert decided(after("thanks, and where is that menu?"), "thank", manual=manual(LINES)).rule == FOLLOWS


def test_nothing_follows_without_an_answer_in_the_form_or_without_the_manual() -> None:
    assert decided(written("and on a Mac?"), "inform", manual=manual(LINES)).rule != FOLLOWS
    asked = draft(asking="contact", category="printing", answers={"problem": "it crashes when I print"})
    assert decided(after("and on a Mac?", draft=asked), "inform", manual=manual(LINES)).rule != FOLLOWS
    assert decided(after("and on a Mac?"), "how_to", manual=NO_INDEX).rule == "how do I"


def test_in_the_queue_only_a_question_that_the_page_answers_is_a_follow_up() -> None:
    asked, told = after("and where is that on a Mac?", **waits()), after("and it is still grey", **waits())
    assert decided(asked, "report_issue", manual=manual(LINES)).rule == FOLLOWS
    assert decided(asked, "report_issue", manual=manual(NEAREST)).rule != FOLLOWS
    assert decided(told, "report_issue", manual=manual(LINES)).rule != FOLLOWS


@pytest.mark.parametrize("intent", ["ask_status", "missing_reference", "follow_up"])
def test_words_on_the_issue_are_no_follow_up(intent: str) -> None:
    assert decided(after("where is my issue?", **waits()), intent, manual=manual(LINES)).rule != FOLLOWS


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("and the second one?", "how do I print labels"),
        ("what about the last?", "how do I print labels"),
        ("the first one again please", "how do I choose a printer"),
    ],
)
def test_an_ordinal_answers_that_part_of_the_question(text: str, question: str) -> None:
    plan = decided(after(text, shown=SHOWN_FOR_TWO), "inform")
    assert plan.rule == "one of several questions"
    (recorded,) = (command for command in plan.commands if isinstance(command, RecordSearch))
    assert recorded.question == question


def test_without_several_questions_an_ordinal_points_at_a_page() -> None:
    wanted: list[LookUp] = []

    def note(look_up: LookUp) -> ManualResult:
        wanted.append(look_up)
        return LINES

    assert decided(after("and the second one?"), "inform", manual=note).rule == "one of several questions"
    assert [one for one in wanted if one.pages] == [LookUp(SHOWN.question, pages=("/manual/labels",))]


@pytest.mark.parametrize(
    "text",
    ["and on christmas day?", "what about saturdays", "and tomorrow?", "even at the weekend?", "on new years eve?"],
)
@pytest.mark.parametrize("rule", ["opening hours", "more about the hours"])
def test_another_day_after_the_hours_is_about_the_hours(text: str, rule: str) -> None:
    plan = decided(written(text, last_rule=rule), "report_issue")
    assert (plan.rule, replies(plan)) == ("more about the hours", ["utter_hours_day"])


def test_a_day_after_anything_else_is_not() -> None:
    assert decided(written("since saturday", last_rule="how do I"), "inform").rule != "more about the hours"


@pytest.mark.parametrize(
    "text", ["no", "no, that's not it", "nope that didn't help", "not really", "that's not what i asked"]
)
def test_a_plain_answer_to_did_it_help_is_no_follow_up(text: str) -> None:
    plan = decided(after(text, pending="did_it_help"), "deny", manual=manual(LINES))
    assert plan.rule != FOLLOWS
