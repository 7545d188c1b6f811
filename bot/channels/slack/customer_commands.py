"""Customers' side of /techref in Slack: ask, status, person, help. The answer to a command is shown to them alone."""

import asyncio
from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.form_inputs import plain
from bot.channels.slack.handler import SlackHandler
from bot.channels.slack.parse_staff import StaffCommand
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import SLACK, Person
from bot.services.core.context import Context
from bot.services.core.errors import TooMany
from bot.services.issue import customer_issues
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.staff_channel.places import is_staff_workspace

ASK, STATUS, PERSON, HELP = "ask", "status", "person", "help"
ACTS = (ASK, STATUS, PERSON, HELP)
# Slack waits three seconds for the answer to a command.
LONGEST_SECONDS = 1.5
MOST_SHOWN = 3000
Answer = dict[str, Any]


class CustomerCommands:
    """The customers' commands of one gateway. ``office`` stores what they ask."""

    def __init__(self, ctx: Context, api: WebApi, office: SlackHandler) -> None:
        self._ctx, self._api, self._office = ctx, api, office

    def are_meant(self, command: StaffCommand) -> bool:
        """Return whether a command is a customer's: by its word, but for help, or because no technicians are there."""
        of_staff = is_staff_workspace(self._ctx, SLACK, command.member.workspace)
        return not of_staff or (command.act in ACTS and command.act != HELP)

    async def commanded(self, command: StaffCommand, base: str) -> Answer:
        """Do what was commanded; return what the person is shown."""
        words = self._ctx.support.chat
        if command.act == STATUS or (command.act == "" and command.reference is not None):
            return _shown(await self._status(command))
        if command.act == PERSON:
            return _shown(await self._write(command, base, command.text))
        if command.act in ("", HELP) or (command.act == ASK and not command.text):
            return _shown(words.commands)
        # Who writes a question without the word "ask" means the same.
        return _shown(await self._write(command, base, command.text if command.act == ASK else command.whole))

    async def _status(self, command: StaffCommand) -> str:
        """Return how the person's own issues stand; an issue of anybody else is not known here."""
        member, words = command.member, self._ctx.support.chat
        issues = await customer_issues.of_channel_user(self._ctx, SLACK, member.workspace, member.user_id)
        wanted = [one for one in issues if command.reference in (None, one["reference"])]
        if not wanted:
            return words.not_your_issue if command.reference else words.no_issue
        return "\n".join(f"{one['reference']}: {one['title']} ({one['status_text']})" for one in wanted)

    async def _write(self, command: StaffCommand, base: str, text: str) -> str:
        """Go on in the direct message with what was asked; a person may be wished for without a word more."""
        words, member = self._ctx.support.chat, command.member
        place = await self._direct(command, base)
        if place is None:
            return words.no_way_to_write
        wish = self._ctx.support.buttons.person
        wished = command.act == PERSON
        arrival = Arrival(
            channel=SLACK,
            source_id=f"{member.workspace}:command:{command.trigger_id}",
            place=place,
            person=Person(member.workspace, member.user_id),
            text=f"{wish}: {text}" if wished and text else text or wish,
            payload="/ask_person" if wished and not text else None,
        )
        try:
            await self._office.take(arrival, command.installed)
        except TooMany as error:
            return str(error)
        return words.answered_directly

    async def _direct(self, command: StaffCommand, base: str) -> Place | None:
        user, workspace = command.member.user_id, command.member.workspace
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                opened = await self._api.call(command.installed, lambda client: client.conversations_open(users=[user]))
        except (TimeoutError, NotNow, Refused):
            return None
        channel = str(opened["channel"]["id"])
        reference = {
            "team": workspace, "installation": command.installed, "channel": channel, "thread_ts": None, "base": base
        }  # fmt: skip
        return Place(workspace, channel, reference, shared=False)


def _shown(words: str) -> Answer:
    """Return words as plain text, so that nothing that a customer wrote is a mention."""
    return {"response_type": "ephemeral", "blocks": [{"type": "section", "text": plain(words[:MOST_SHOWN])}]}
