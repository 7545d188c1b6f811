"""A question about the conversation is answered by the privacy notice and never looked up in the manual."""

import pytest

from tests.support.turn_contexts import FOUND, SUPPORT, decided, kinds, replies, written


@pytest.mark.parametrize("label", ["how_to", "ask_why", "out_of_scope"])
@pytest.mark.parametrize(
    "text",
    [
        "how long do you keep this conversation, and who sees it",
        "do you store what I write?",
        "what happens to my messages afterwards?",
    ],
)
def test_how_long_it_is_kept_is_said_with_who_reads_it(text: str, label: str) -> None:
    plan = decided(written(text), label, confidence=0.9, manual=FOUND)
    assert replies(plan) == ["utter_who_reads", SUPPORT.privacy.retention]
    assert kinds(plan) == []


@pytest.mark.parametrize("label", ["how_to", "ask_why", "out_of_scope"])
def test_who_asks_only_for_readers_hears_of_them_alone(label: str) -> None:
    plan = decided(written("who reads what i type"), label, confidence=0.9, manual=FOUND)
    assert replies(plan) == ["utter_who_reads"] and kinds(plan) == []
