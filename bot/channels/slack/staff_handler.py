"""Handle what comes from Slack's staff channels: words are stored, buttons and forms act as their technician."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.form_inputs import form_errors
from bot.channels.slack.handler import SlackHandler
from bot.channels.slack.parse_staff import (
    Member,
    StaffCommand,
    StaffFormSent,
    StaffPress,
    channel_in,
    is_message,
    read_written,
)
from bot.channels.slack.staff_blocks import DESK, SEND_NOTE, card_blocks, modal, without_button
from bot.channels.slack.staff_people import SlackPeople
from bot.services.channel.channel_people import SLACK
from bot.services.core.context import Context
from bot.services.core.errors import NoAccount, ServiceError
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.staff_channel import act_forms, wording
from bot.services.staff_channel.act_forms import NOTE, Form
from bot.services.staff_channel.card import BUTTONS, CLAIM, REPLY, card_view
from bot.services.staff_channel.people import Technician, require_technician
from bot.services.staff_channel.places import is_staff_place, is_staff_workspace
from bot.services.staff_channel.send_note import send_note
from bot.services.staff_channel.written import receive

log = logging.getLogger(__name__)

# Slack waits three seconds for the answer to a form or a command.
PERSON_SECONDS = 2.0
Json = Mapping[str, Any]


class SlackStaff:
    """The staff channels of one gateway. ``office`` runs what need not be waited for."""

    def __init__(self, ctx: Context, api: WebApi, office: SlackHandler, people: SlackPeople) -> None:
        self._ctx, self._api, self._office, self._people = ctx, api, office, people

    async def is_staff_event(self, envelope: Json) -> bool:
        """Return whether an event is of a channel that is or was a staff channel: then no customer wrote it."""
        channel, workspace = channel_in(envelope), envelope.get("team_id")
        return bool(channel and workspace) and await is_staff_place(self._ctx, SLACK, str(workspace), str(channel))

    async def written(self, envelope: Json) -> None:
        """Store what was written or changed under a card; nothing else that happens there concerns us."""
        if not is_message(envelope):
            return
        async with self._office.named(envelope) as names:
            message = read_written(envelope, names)
            if message is not None:
                await receive(self._ctx, message)

    def pressed(self, press: StaffPress) -> None:
        """Do what a button is for. Whoever pressed sees why, when it cannot be done."""
        if press.act != DESK:
            self._office.run(self._pressed(press))

    async def _pressed(self, press: StaffPress) -> None:
        async def act() -> None:
            technician = await self._technician(press.member)
            if press.act == CLAIM:
                await act_forms.claim(self._ctx, technician, int(press.value))
            elif press.act == SEND_NOTE:
                await send_note(self._ctx, technician, int(press.value))
                await self._show_sent(press)
            else:
                await self._open(press.member, press.trigger_id, technician, int(press.value), press.act)

        words = await self._obstacle(act)
        if words is not None:
            container = press.container
            await self._api.call(
                press.member.workspace,
                lambda client: client.chat_postEphemeral(
                    channel=container["channel_id"],
                    thread_ts=container.get("thread_ts") or container.get("message_ts"),
                    user=press.member.user_id,
                    text=words,
                    parse="none",
                ),
            )

    async def _obstacle(self, act: Callable[[], Awaitable[None]]) -> str | None:
        """Do it; return why it could not be done, None when it was."""
        try:
            await act()
        except ServiceError as error:
            return str(error)
        except (NotNow, Refused) as why:
            log.warning("Slack did not answer for a technician: %s", why.code)
            return wording.NO_ANSWER
        return None

    async def _technician(self, member: Member) -> Technician:
        """Return the technician; raises NoAccount, also where the workspace is not ours, or NotNow."""
        if not is_staff_workspace(self._ctx, SLACK, member.workspace):
            raise NoAccount(wording.NO_ACCOUNT)
        try:
            async with asyncio.timeout(PERSON_SECONDS):
                emails = await self._people.emails_of(member.workspace, member.user_id)
        except TimeoutError:
            raise NotNow("no_answer") from None
        return await require_technician(self._ctx, emails)

    async def _open(
        self, member: Member, trigger_id: str, technician: Technician, hand_off_id: int, act: str, text: str = ""
    ) -> None:
        view = modal(await act_forms.open_form(self._ctx, technician, hand_off_id, act, text))
        await self._api.call(member.workspace, lambda client: client.views_open(trigger_id=trigger_id, view=view))

    async def _show_sent(self, press: StaffPress) -> None:
        """Take the button off the answer, as far as Slack lets us; a second press would be refused."""
        blocks, container = without_button(list(press.blocks)), press.container
        try:
            await self._api.call(
                press.member.workspace,
                lambda client: client.chat_update(
                    channel=container["channel_id"],
                    ts=container["message_ts"],
                    text=wording.KEPT_INSIDE,
                    blocks=blocks,
                    parse="none",
                ),
            )
        except (NotNow, Refused) as why:
            log.info("the button of a note that was sent stays: %s", why.code)

    async def sent(self, form: StaffFormSent) -> dict[str, Any] | None:
        """Do what a form is for; return what Slack shows next, None to close it. What was typed stays until then."""
        following: list[Form | None] = []

        async def act() -> None:
            technician = await self._technician(form.member)
            once = f"{form.member.workspace}:{form.once}"
            following.append(await act_forms.submit(self._ctx, technician, form.form, form.values, once))

        words = await self._obstacle(act)
        if words is not None:
            return form_errors({next(iter(form.values)): words})
        shown = following[0]
        return {"response_action": "update", "view": modal(shown)} if shown is not None else None

    async def commanded(self, command: StaffCommand) -> dict[str, Any]:
        """Do what was commanded; return the answer, which only the technician sees."""
        shown: dict[str, Any] = {"response_type": "ephemeral"}

        async def act() -> None:
            technician = await self._technician(command.member)
            shown.update(await self._commanded(command, technician))

        words = await self._obstacle(act)
        return {**shown, "text": words} if words is not None else shown

    async def _commanded(self, command: StaffCommand, technician: Technician) -> dict[str, Any]:
        if command.reference is None or command.act not in ("", CLAIM, NOTE, *BUTTONS):
            return {"text": wording.COMMANDS}
        hand_off_id = await act_forms.hand_off_named(self._ctx, technician, command.reference)
        if command.act == "":
            card = await card_view(self._ctx, technician, hand_off_id)
            return {"text": card.state, "blocks": card_blocks(card)}
        if command.act == CLAIM:
            await act_forms.claim(self._ctx, technician, hand_off_id)
            return {"text": wording.CLAIMED.format(reference=command.reference)}
        if command.act == NOTE:
            await act_forms.note(self._ctx, technician, hand_off_id, command.text)
            return {"text": wording.KEPT_INSIDE}
        text = command.text if command.act == REPLY else ""
        await self._open(command.member, command.trigger_id, technician, hand_off_id, command.act, text)
        return {"text": wording.FORM_OPENED}
