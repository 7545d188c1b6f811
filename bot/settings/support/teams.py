"""The teams of technicians, and their staff channels: where in Slack or Teams they see hand-offs and answer from."""

import re
from typing import Annotated, Literal
from urllib.parse import unquote

from pydantic import BeforeValidator, Field

from bot.settings.support.parts import Line, Part

REPLIES, ALERTS_ONLY = "replies", "alerts_only"
# slack:T0123/C0456, and the address that a browser shows of the channel.
_SLACK = re.compile(r"(?:slack:|https://app\.slack\.com/client/)(T[A-Z0-9]{2,20})/([CG][A-Z0-9]{2,20})/?")
# teams:19:…@thread.tacv2, and what Teams copies as the link to a channel.
_TEAMS = re.compile(
    r"(?:teams:|https://teams\.microsoft\.com/l/channel/)(19:[\w.-]{3,200}@thread\.\w{2,10})(?:[/?].*)?"
)


class StaffAddress(Part):
    """``workspace`` is the Slack workspace of the channel; of Teams it is empty, as that is always the own tenant."""

    platform: Literal["slack", "teams"]
    workspace: str
    channel: str


def _address(written: object) -> object:
    """Parse an address as it is written in support.yml; one that was parsed before stays."""
    if not isinstance(written, str):
        return written
    text = written.strip()
    if found := _SLACK.fullmatch(text):
        return StaffAddress(platform="slack", workspace=found[1], channel=found[2])
    if found := _TEAMS.fullmatch(unquote(text)):
        return StaffAddress(platform="teams", workspace="", channel=found[1])
    raise ValueError(
        "write slack:T0123/C0456 or the channel's address in the browser, https://app.slack.com/client/T0123/C0456, "
        "or the link to a channel that Teams copies"
    )


Address = Annotated[StaffAddress, BeforeValidator(_address)]
# A mark before the word: no sentence begins like that by chance.
Marker = Annotated[Line, Field(pattern=r"^[!+.=][a-z]{1,20}$")]


class Team(Part):
    title: Line
    staff_channel: Address | None = None


class StaffChannels(Part):
    """``thread``: what is written under a card is a note, the claimant's reply, or nothing.

    A message that begins with ``reply_marker`` is the claimant's reply; while replies are the rule, one that begins
    with ``note_marker`` is a note.
    """

    thread: Literal["notes", "replies", "alerts_only"]
    reply_marker: Marker
    note_marker: Marker
