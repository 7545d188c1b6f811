"""Set the staff channel of each team, and what is written there, in support.yml: with its versions and its audit."""

from dataclasses import dataclass
from typing import Any

from bot.services.administration import operator_settings
from bot.services.core.context import Context
from bot.services.core.errors import BadSettings
from bot.settings.support.own_file import default_at, digest_of, text_of
from bot.settings.support.teams import StaffAddress
from bot.store.tables import Technician

THREAD = "staff_channels.thread"
# What is written under a card, as the page names it.
THREADS = {
    "notes": "Notes: only a marked message or the form reaches the customer",
    "replies": "Replies: what its technician writes reaches the customer",
    "alerts_only": "Nothing: the channel only shows alerts",
}


@dataclass(frozen=True)
class TeamChannel:
    """A team with its staff channel as it is written, empty without one."""

    id: str
    title: str
    address: str


@dataclass(frozen=True)
class StaffChannelsView:
    """``base`` names the state of support.yml that was read."""

    base: str
    thread: str
    threads: dict[str, str]
    teams: tuple[TeamChannel, ...]


def read(ctx: Context) -> StaffChannelsView:
    """Return every team with its staff channel, and what is written there."""
    teams = tuple(TeamChannel(name, one.title, _written(one.staff_channel)) for name, one in ctx.support.teams.items())
    return StaffChannelsView(digest_of(text_of(ctx.home)), ctx.support.staff_channels.thread, THREADS, teams)


def _written(address: StaffAddress | None) -> str:
    if address is None:
        return ""
    return ":".join((address.platform, "/".join(filter(None, (address.workspace, address.channel)))))


async def change(ctx: Context, admin: Technician, fields: dict[str, Any]) -> None:
    """Store ``channel_TEAM`` and ``thread`` where they differ from what is set.

    Raises Invalid (``bad_settings``), or Conflict (``changed_meanwhile``) when the settings are not ``base`` any more.
    """
    now = read(ctx)
    edits = [
        _edit(f"teams.{one.id}.staff_channel", str(fields[name]).strip())
        for one in now.teams
        if (name := f"channel_{one.id}") in fields and str(fields[name]).strip() != one.address
    ]
    if "thread" in fields and fields["thread"] != now.thread:
        edits.append({"path": THREAD, "text": str(fields["thread"])})
    if not edits:
        raise BadSettings("Nothing was changed, so nothing was saved.")
    proposal = operator_settings.propose_change(ctx, fields.get("base"), edits)
    await operator_settings.apply_change(ctx, admin, proposal)


def _edit(path: str, text: str) -> dict[str, Any]:
    return {"path": path, "text": text} if text or default_at(path) is not None else {"path": path, "default": True}
