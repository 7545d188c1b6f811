"""A turn is one decision. Anything else that the action sends is an error, not something to drop silently."""

import pytest
from rasa.utils.endpoints import ClientResponseError

from bot.engine.fail_on_action_error import ActionFailed
from bot.engine.failure_log import describe
from bot.engine.turn_result import BadBotMessage, EmptyTurn, TurnOutput, decision, trace

DECIDED = {"custom": {"decision": {"rule": "greet"}}}


async def outcome(*messages: dict) -> dict:
    output = TurnOutput()
    for message in messages:
        await output.send_response("c", {"timestamp": 1.5, **message})
    return decision(output)


@pytest.mark.parametrize(
    ("message", "named"),
    [
        ({**DECIDED, "text": "Hello."}, "text in a bot message"),
        ({**DECIDED, "image": "http://pictures/1.png"}, "image in"),
        ({**DECIDED, "attachment": {"a": 1}}, "attachment in"),
        ({**DECIDED, "elements": [{}], "buttons": [{"title": "Yes"}]}, "buttons, elements in"),
        ({"text": "Hello."}, "text in"),
        ({"custom": {"decisions": {}}}, "other than one decision"),
        ({"custom": {"decision": {}, "effect": {}}}, "other than one decision"),
        ({"custom": ["decision"]}, "other than one decision"),
        ({"custom": "decision"}, "other than one decision"),
        ({"custom": {"decision": None}}, "no JSON object"),
        ({"custom": {"decision": [1]}}, "no JSON object"),
    ],
)
async def test_a_message_that_is_no_decision_fails_the_turn(message: dict, named: str) -> None:
    with pytest.raises(BadBotMessage, match=named):
        await outcome(message)


async def test_two_decisions_are_none() -> None:
    with pytest.raises(BadBotMessage, match="2 bot messages in place of one"):
        await outcome(DECIDED, DECIDED)
    with pytest.raises(BadBotMessage, match="2 bot messages in place of one"):
        await outcome({"text": "Hello."}, DECIDED)


@pytest.mark.parametrize("messages", [[], [{"text": ""}], [{"text": None, "custom": {}}], [{"custom": None}, {}]])
async def test_a_turn_in_which_nothing_was_said_is_empty(messages: list[dict]) -> None:
    with pytest.raises(EmptyTurn):
        await outcome(*messages)


async def test_a_decision_reaches_the_gateway_unchanged() -> None:
    assert await outcome({"text": None, "buttons": [], **DECIDED}) is DECIDED["custom"]["decision"]
    assert await outcome({"custom": {"decision": {}}}) == {}


def test_a_trace_names_the_five_likeliest_intents() -> None:
    ranking = [{"name": f"i{number}", "confidence": 0.9 - number / 10} for number in range(8)]
    traced = trace({"intent": ranking[0], "intent_ranking": ranking})
    assert traced["intent"] == "i0" and traced["confidence"] == 0.9
    assert traced["ranking"] == [[one["name"], one["confidence"]] for one in ranking[:5]]


def test_a_failure_is_described_by_its_chain_of_causes_and_never_in_its_own_words() -> None:
    try:
        try:
            raise ClientResponseError(500, "Server Error", "my card is 4111 1111 1111 1111")
        except ClientResponseError as error:
            raise ActionFailed("action_decide") from error
    except ActionFailed as error:
        told = describe(error)
    assert told.startswith("ActionFailed (action action_decide failed) <- the action server answered 500 at ")
    assert "4111" not in told and "test_turn_result.py" in told
