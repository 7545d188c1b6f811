"""Setting Slack up: the manifest asks for what the program uses, and `techref doctor` finds what is wrong."""

from dataclasses import replace
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.channels.slack.manifest import manifest
from bot.channels.slack.scopes import EVENTS, SCOPES
from bot.installation.slack_checks import check_slack as doctor
from bot.services.staff_channel.card import BUTTONS
from bot.settings.env.settings import Settings, load_settings
from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.store import schema
from tests.support.fake_slack import FakeSlack


@pytest.fixture
def settings(tmp_path: Path, fake: FakeSlack) -> Settings:
    found = load_settings({"TECHREF_HOME": str(tmp_path), **fake.environ})
    schema.upgrade(found.database_url)
    return found


def said(settings: Settings) -> list[tuple[bool | None, str]]:
    return [(finding.fine, f"{finding.about}: {finding.text}") for finding in doctor(settings)]


def test_the_manifest_asks_for_the_scopes_and_events_that_are_used(settings: Settings) -> None:
    whole = replace(settings, public_url="https://support.example.com")
    written = YAML(typ="safe").load(manifest(whole, load_support(settings.home)))
    assert set(written["oauth_config"]["scopes"]["bot"]) == set(SCOPES)
    assert set(written["settings"]["event_subscriptions"]["bot_events"]) == set(EVENTS)
    assert written["settings"]["interactivity"]["request_url"].startswith("https://support.example.com/channels/slack/")
    assert len(written["display_information"]["name"]) <= 35
    (command,) = written["features"]["slash_commands"]
    assert command["command"] == "/techref"
    assert command["url"] == "https://support.example.com/channels/slack/commands"
    assert all(act.replace("_", "-") in command["usage_hint"] for act in BUTTONS) and "note" in command["usage_hint"]


def test_without_an_https_address_there_is_no_manifest(settings: Settings) -> None:
    with pytest.raises(SettingsError, match="TECHREF_PUBLIC_URL"):
        manifest(settings, load_support(settings.home))


def test_doctor_is_content_with_a_token_that_may_do_everything(settings: Settings) -> None:
    found = said(settings)
    assert (True, "Slack (TECHREF_SLACK_BOT_TOKEN): the token is Vendor's") in found
    assert any(text.startswith("clock: differs from Slack's by") for _, text in found)
    assert not any(fine is False for fine, _ in found)


def test_doctor_names_missing_scopes_and_says_which_one_can_be_done_without(
    settings: Settings, fake: FakeSlack
) -> None:
    fake.scopes = fake.scopes.replace("files:read,", "").replace("chat:write.customize,", "")
    found = said(settings)
    about = "Slack (TECHREF_SLACK_BOT_TOKEN)"
    assert (False, f"{about}: the scope files:read is missing") in found
    assert (None, f"{about}: the scope chat:write.customize is missing") in found


def test_doctor_finds_a_refused_token_and_an_unreachable_slack(settings: Settings, fake: FakeSlack) -> None:
    assert any(
        fine is False and "refused: invalid_auth" in text
        for fine, text in said(replace(settings, slack_bot_token="xoxb-old"))
    )
    fake.stop()
    assert any(fine is False and "cannot be reached" in text for fine, text in said(settings))


def test_doctor_says_what_is_missing_when_it_is_half_set_up(settings: Settings) -> None:
    ((fine, text),) = said(replace(settings, slack_signing_secret=None))
    assert fine is False and "TECHREF_SLACK_SIGNING_SECRET" in text
    nothing = replace(settings, slack_signing_secret=None, slack_bot_token=None, slack_client_id=None)
    ((fine, _),) = said(nothing)
    assert fine is None
