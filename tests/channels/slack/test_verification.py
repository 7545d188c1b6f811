"""Only what Slack signed, lately, over exactly these bytes, is read; without a secret the channel is closed."""

import json
from pathlib import Path

import pytest

from tests.channels.slack.conftest import Slack, captured
from tests.support.fake_slack import SECRET, signed
from tests.support.gateway_fixture import Gateway, open_gateway

BODY = json.dumps(captured("message_im")).encode()
FIVE_MINUTES = 300


async def refused(slack: Slack, body: bytes, headers: dict[str, str]) -> None:
    answer = await slack.browser.post("/channels/slack/events", content=body, headers=headers)
    assert answer.status_code == 401 and answer.json()["error"]["code"] == "unauthorised"
    assert await slack.threads() == []


async def test_a_signed_request_is_taken_and_the_challenge_answered(slack: Slack) -> None:
    answer = await slack.event("url_verification")
    assert answer.json() == {"challenge": captured("url_verification")["challenge"]}


@pytest.mark.parametrize("late", [-FIVE_MINUTES - 2, FIVE_MINUTES + 2])
async def test_a_request_of_another_time_is_refused_however_well_signed(slack: Slack, late: int) -> None:
    at = slack.gateway.clock().timestamp() + late
    await refused(slack, BODY, signed(BODY, at))


@pytest.mark.parametrize("late", [-FIVE_MINUTES + 10, FIVE_MINUTES - 10])
async def test_clocks_may_differ_by_almost_five_minutes(slack: Slack, late: int) -> None:
    at = slack.gateway.clock().timestamp() + late
    answer = await slack.browser.post("/channels/slack/events", content=BODY, headers=signed(BODY, at))
    assert answer.status_code == 200


async def test_another_secret_another_body_and_another_time_are_refused(slack: Slack) -> None:
    now = slack.gateway.clock().timestamp()
    await refused(slack, BODY, signed(BODY, now, "another secret"))
    await refused(slack, BODY + b" ", signed(BODY, now))
    await refused(slack, BODY, {**signed(BODY, now), "X-Slack-Request-Timestamp": str(int(now) + 1)})


@pytest.mark.parametrize(
    "wrong",
    [
        {},
        {"X-Slack-Signature": "v0="},
        {"X-Slack-Request-Timestamp": "yesterday", "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "9" * 400, "X-Slack-Signature": "v0=00"},
        {"X-Slack-Request-Timestamp": "nan", "X-Slack-Signature": "v0=00"},
    ],
)
async def test_what_is_missing_or_no_number_is_refused_not_broken(slack: Slack, wrong: dict[str, str]) -> None:
    await refused(slack, BODY, wrong)


async def test_bytes_that_are_no_text_and_a_signature_outside_ascii_are_refused(slack: Slack) -> None:
    now = slack.gateway.clock().timestamp()
    await refused(slack, b"\xff\xfe", signed(b"\xff\xfe", now, "another secret"))
    headers = [(b"X-Slack-Request-Timestamp", str(int(now)).encode()), (b"X-Slack-Signature", "v0=é".encode())]
    answer = await slack.browser.post("/channels/slack/events", content=BODY, headers=headers)
    assert answer.status_code == 401


async def test_interactions_are_verified_as_events_are(slack: Slack) -> None:
    answer = await slack.browser.post("/channels/slack/interactions", content=b"payload=%7B%7D")
    assert answer.status_code == 401


async def test_what_is_signed_but_has_an_unknown_shape_is_refused(slack: Slack) -> None:
    for body in (b"[]", b"{", b'{"type": "event_callback"}', b'{"type": "event_callback", "event": 3}'):
        answer = await slack.post("events", body)
        assert answer.status_code == 422, body
    for body in (b"", b"payload=", b"payload=%5B%5D", b'payload=%7B"type": "block_actions"%7D'):
        answer = await slack.post("interactions", body)
        assert answer.status_code == 422, body


async def test_without_a_secret_the_channel_is_closed_and_says_so(home: Path) -> None:
    async with open_gateway(home, {"TECHREF_SLACK_BOT_TOKEN": "xoxb-1"}) as gateway:
        browser = gateway.browser()
        answer = await browser.post("/channels/slack/events", content=BODY, headers=signed(BODY, 0, ""))
        assert answer.status_code == 404
        assert (await browser.get("/channels/slack/install")).status_code == 404
        said = (await browser.get("/readyz")).json()["channels"]["slack"]
    assert said == "off: TECHREF_SLACK_SIGNING_SECRET is not set"


async def test_a_secret_without_any_way_to_answer_is_off_too(home: Path) -> None:
    async with open_gateway(home, {"TECHREF_SLACK_SIGNING_SECRET": SECRET}) as gateway:
        said = (await gateway.browser().get("/readyz")).json()["channels"]["slack"]
    assert said.startswith("off: set TECHREF_SLACK_BOT_TOKEN")


async def test_a_channel_that_is_on_says_so(gateway: Gateway) -> None:
    said = (await gateway.browser().get("/readyz")).json()["channels"]
    assert said["slack"] == "on"
