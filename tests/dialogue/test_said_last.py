"""Name what we said last once, and send the name to the classifier with the message."""

from dataclasses import replace
from typing import Any

import pytest

from bot.dialogue.draft import PROBLEM
from bot.dialogue.said_last import (
    ASKED_FIXED,
    ASKED_HELPED,
    ASKED_PROBLEM,
    ASKED_QUESTION,
    FIRST,
    LOGGED,
    NONE,
    said_last,
)
from bot.dialogue.topics.new_issue import DID_IT_HELP, FIXED_BY_TECHNICIAN, SAY_IT_DIFFERENTLY
from bot.dialogue.turn import CLOSE_IT, PERSON, UNSURE
from tests.support.turn_contexts import SHOWN, draft, issue, logged, written


@pytest.mark.parametrize(
    ("known", "name"),
    [
        ({}, FIRST),
        ({"last_rule": "hello"}, FIRST),
        ({"last_rule": "opening hours"}, NONE),
        ({"draft": draft(asking=PROBLEM)}, ASKED_PROBLEM),
        ({"pending": SAY_IT_DIFFERENTLY, "last_rule": "how do I"}, ASKED_PROBLEM),
        ({"pending": PERSON, "last_rule": "a person please"}, ASKED_PROBLEM),
        ({"draft": draft(asking="product_version")}, ASKED_QUESTION),
        # The question stands; that pages were shown before it says nothing more.
        ({"draft": draft(asking="product_version"), "pending": DID_IT_HELP, "shown": SHOWN}, ASKED_QUESTION),
        ({"pending": DID_IT_HELP, "last_rule": "how do I"}, ASKED_HELPED),
        ({"shown": SHOWN, "last_rule": "how do I"}, ASKED_HELPED),
        ({"pending": FIXED_BY_TECHNICIAN, "issue": issue()}, ASKED_FIXED),
        ({"pending": CLOSE_IT, "issue": issue()}, ASKED_FIXED),
        ({"issue": issue(), "draft": logged("done"), "last_rule": "the questions are over"}, LOGGED),
        ({"issue": issue(resolved=True), "draft": logged("done"), "last_rule": "it is solved"}, NONE),
        ({"pending": UNSURE, "last_rule": "not understood"}, NONE),
    ],
)
def test_a_context_has_a_name(known: dict[str, Any], name: str) -> None:
    assert said_last(written("no", **known)) == name


def test_a_message_written_before_our_question_answers_nothing() -> None:
    context = written("no", pending=DID_IT_HELP, last_rule="how do I")
    assert said_last(replace(context, unseen_question=True)) == NONE
