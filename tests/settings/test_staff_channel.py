"""The staff channel of a team, as operators write it."""

import pytest

from bot.settings.support.teams import StaffAddress, Team

SLACK = StaffAddress(platform="slack", workspace="T0123", channel="C0456")
TEAMS = StaffAddress(platform="teams", workspace="", channel="19:a_b-c@thread.tacv2")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("slack:T0123/C0456", SLACK),
        (" https://app.slack.com/client/T0123/C0456 ", SLACK),
        ("teams:19:a_b-c@thread.tacv2", TEAMS),
        ("https://teams.microsoft.com/l/channel/19%3Aa_b-c%40thread.tacv2/General?groupId=1&tenantId=2", TEAMS),
    ],
)
def test_an_address_is_read_as_it_is_copied(written: str, meant: StaffAddress) -> None:
    assert Team.model_validate({"title": "Data", "staff_channel": written}).staff_channel == meant


@pytest.mark.parametrize("written", ["#support", "C0456", "slack:C0456", "https://vendor.slack.com/archives/C0456", ""])
def test_what_names_no_channel_is_refused_with_what_to_write(written: str) -> None:
    with pytest.raises(ValueError, match="write slack:T0123/C0456"):
        Team.model_validate({"title": "Data", "staff_channel": written})
