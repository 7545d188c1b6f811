"""Converters meet odd payloads with the errors that the edge turns into a 4xx, and with no other."""

import contextlib
import json
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from bot.channels.slack.parse import read_event
from bot.channels.slack.parse_interaction import read_interaction
from bot.channels.teams.parse import read
from tests.channels.odd_json import spoiled

HERE = Path(__file__).parent
# What bot.channels.slack.routes answers with 422.
EXPECTED = (KeyError, TypeError, AttributeError, IndexError)


def fixtures(channel: str) -> list[Any]:
    return [
        json.loads(file.read_text(encoding="utf-8")) for file in sorted((HERE / channel / "fixtures").glob("*.json"))
    ]


SLACK = fixtures("slack")
EVENTS = [one for one in SLACK if one.get("type") == "event_callback"]
INTERACTIONS = [one for one in SLACK if one.get("type") in ("block_actions", "view_submission")]


@given(st.sampled_from(EVENTS).flatmap(spoiled))
def test_an_odd_event_of_slack_is_read_or_refused(envelope: Any) -> None:
    with contextlib.suppress(*EXPECTED):
        read_event(envelope, "https://support.example")


@given(st.sampled_from(INTERACTIONS).flatmap(spoiled))
def test_an_odd_press_in_slack_is_read_or_refused(payload: Any) -> None:
    with contextlib.suppress(*EXPECTED):
        read_interaction(payload)


@given(st.sampled_from(fixtures("teams")).flatmap(spoiled))
def test_an_odd_activity_of_teams_is_read_or_refused(activity: Any) -> None:
    with contextlib.suppress(ValueError):
        read(activity)
