"""What the gateway cannot show is an error of the action that said it, not something to drop silently."""

from types import SimpleNamespace

import pytest
from rasa.utils.endpoints import ClientResponseError

from bot.engine.fail_on_action_error import ActionFailed
from bot.engine.failure_log import describe
from bot.engine.turn_result import BadBotMessage, EmptyTurn, TurnOutput, answered

NOBODY = SimpleNamespace(latest_message=None)


def outcome(*messages: dict) -> dict:
    output = TurnOutput()
    output.messages = list(messages)
    return answered(output, NOBODY, [])


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ({"image": "http://pictures/1.png"}, "image"),
        ({"attachment": {"a": 1}}, "attachment"),
        ({"elements": [{}]}, "elements"),
        ({"custom": {"card": []}}, "other than cards, effect and private"),
        ({"custom": ["effect"]}, "other than cards, effect and private"),
        ({"custom": {"effect": "hand_off"}}, "effect without a type"),
        ({"custom": {"effect": {"team": "printing"}}}, "effect without a type"),
        ({"custom": {"cards": {"title": "x"}}}, "not a list"),
    ],
)
def test_a_message_that_cannot_be_shown_fails_the_turn(message: dict, named: str) -> None:
    with pytest.raises(BadBotMessage, match=named):
        outcome({"text": "Hello.", **message})


@pytest.mark.parametrize("messages", [[], [{"text": ""}], [{"text": None, "custom": {}}], [{"custom": {"cards": []}}]])
def test_a_turn_in_which_nothing_was_said_is_empty(messages: list[dict]) -> None:
    with pytest.raises(EmptyTurn):
        outcome(*messages)


def test_an_effect_alone_is_an_answer() -> None:
    assert outcome({"custom": {"effect": {"type": "mood"}}})["effects"] == [{"type": "mood"}]


def test_a_failure_is_described_by_its_chain_of_causes_and_never_in_its_own_words() -> None:
    try:
        try:
            raise ClientResponseError(500, "Server Error", "my card is 4111 1111 1111 1111")
        except ClientResponseError as error:
            raise ActionFailed("action_open_issue") from error
    except ActionFailed as error:
        told = describe(error)
    assert told.startswith("ActionFailed (action action_open_issue failed) <- the action server answered 500 at ")
    assert "4111" not in told and "test_turn_result.py" in told


def test_a_private_reply_says_so_and_any_other_does_not() -> None:
    result = outcome({"text": "for you alone", "custom": {"private": True}}, {"text": "for everybody"})
    assert [reply.get("private", False) for reply in result["replies"]] == [True, False]
