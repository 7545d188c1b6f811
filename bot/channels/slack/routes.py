"""Slack's addresses on the gateway: verify, convert, store, acknowledge. Nothing here waits for Rasa or for Slack."""

import logging
from collections.abc import Callable, Coroutine
from typing import Any

from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, json

from bot.channels.slack.app_home import home_opened
from bot.channels.slack.customer_commands import CustomerCommands
from bot.channels.slack.form_inputs import form_errors
from bot.channels.slack.greeting import joined
from bot.channels.slack.handler import SlackHandler
from bot.channels.slack.install import Install, base_of
from bot.channels.slack.message_issues import MessageIssues
from bot.channels.slack.parse import Change, Meaning, Removed, installation, read_event
from bot.channels.slack.parse_interaction import (
    ANSWER_BLOCK,
    Answered,
    FormSent,
    Pressed,
    Rated,
    WantsForm,
    read_interaction,
    read_payload,
)
from bot.channels.slack.parse_shortcut import read_issue_reaction, read_shortcut
from bot.channels.slack.parse_staff import StaffFormSent, read_command, read_staff_interaction
from bot.channels.slack.staff_handler import SlackStaff
from bot.channels.slack.verify import is_genuine
from bot.http.requests import json_body
from bot.services.channel import message_changes, slack_workspaces
from bot.services.channel.arrivals import Arrival
from bot.services.channel.channel_people import SLACK
from bot.services.channel.reactions import Reaction
from bot.services.core.errors import NotFound, NotJson, Unauthorised, UnknownShape
from bot.settings.support.chat_channels import MENTIONS

log = logging.getLogger(__name__)

Handler = Callable[..., Coroutine[Any, Any, HTTPResponse]]


class SlackApi:
    """The handlers of one gateway."""

    def __init__(
        self,
        office: SlackHandler,
        install: Install,
        staff: SlackStaff,
        chosen: MessageIssues,
        customers: CustomerCommands,
    ) -> None:
        self._office, self._install, self._staff = office, install, staff
        self._chosen, self._customers = chosen, customers

    def blueprint(self) -> Blueprint:
        slack = Blueprint("slack", url_prefix="/channels/slack")
        routes: tuple[tuple[str, str, Handler], ...] = (
            ("/events", "POST", self._genuine(self.events)),
            ("/interactions", "POST", self._genuine(self.interactions)),
            ("/commands", "POST", self._genuine(self.commands)),
            ("/install", "GET", self._open(self._install.begin)),
            ("/oauth", "GET", self._open(self._install.finish)),
        )
        for address, method, handler in routes:
            slack.add_route(handler, address, methods=[method], name=address.strip("/"))
        return slack

    def _open(self, handler: Handler) -> Handler:
        """Return a channel that is off looks like one that does not exist."""

        async def guarded(request: Request) -> HTTPResponse:
            if self._office.off_because is not None:
                raise NotFound("There is nothing at this address.")
            return await handler(request)

        return guarded

    def _genuine(self, handler: Handler) -> Handler:
        """Only what Slack signed is read any further."""

        async def guarded(request: Request) -> HTTPResponse:
            ctx = self._office.ctx
            if not is_genuine(ctx.settings.slack_signing_secret, ctx.clock, request.body, request.headers):
                raise Unauthorised("This request is not signed by Slack, or was signed more than five minutes ago.")
            try:
                return await handler(request)
            except (KeyError, TypeError, AttributeError, IndexError) as error:
                log.error("a request of Slack has an unknown shape: %s", type(error).__name__, exc_info=error)
                raise UnknownShape("This is not what Slack sends; nothing was stored.") from error

        return self._open(guarded)

    async def events(self, request: Request) -> HTTPResponse:
        envelope = json_body(request, large_numbers=True)
        if envelope.get("type") == "url_verification":
            return json({"challenge": envelope["challenge"]})
        if envelope.get("type") != "event_callback":
            return empty(status=200)
        opened = home_opened(envelope)
        if opened is not None:
            self._office.show_home(opened)
            return empty(status=200)
        if await self._staff.is_staff_event(envelope):
            await self._staff.written(envelope)
            return empty(status=200)
        added = joined(envelope)
        if added is not None:
            self._office.greet(*added)
            return empty(status=200)
        chosen = read_issue_reaction(envelope, self._office.ctx.support.chat_channels.issue_emoji)
        if chosen is not None:
            await self._chosen.by_reaction(chosen, base_of(request))
            return empty(status=200)
        meaning = read_event(envelope, base_of(request))
        if isinstance(meaning, Arrival) and not self._is_read(meaning):
            return empty(status=200)
        if isinstance(meaning, Arrival | Change):
            async with self._office.named(envelope) as names:
                await self._written(read_event(envelope, base_of(request), names), installation(envelope))
        elif isinstance(meaning, Reaction):
            await self._office.reacted(meaning)
        elif isinstance(meaning, Removed):
            await slack_workspaces.remove_workspace(self._office.ctx, meaning.workspace)
        return empty(status=200)

    def _is_read(self, arrival: Arrival) -> bool:
        """Return whether a message is read: where the setting asks for it, of threads only what mentions us."""
        rules = self._office.ctx.support.chat_channels
        return rules.threads != MENTIONS or not arrival.place.shared or arrival.opens

    async def _written(self, meaning: Meaning, installed: str) -> None:
        """Store a message, or what it was changed to."""
        if isinstance(meaning, Arrival):
            await self._office.take(meaning, installed)
        elif isinstance(meaning, Change):
            told = (meaning.outside_id, meaning.source_id, meaning.text)
            await message_changes.record_change(self._office.ctx, SLACK, *told)

    async def interactions(self, request: Request) -> HTTPResponse:
        try:
            payload: dict[str, Any] = read_payload(request.body)
        except (ValueError, RecursionError) as error:
            raise NotJson("The form holds no payload; nothing was stored.") from error
        staff = read_staff_interaction(payload)
        if isinstance(staff, StaffFormSent):
            following = await self._staff.sent(staff)
            return json(following) if following is not None else empty(status=200)
        if staff is not None:
            self._staff.pressed(staff)
            return empty(status=200)
        chosen = read_shortcut(payload)
        if chosen is not None:
            await self._chosen.by_shortcut(chosen, base_of(request))
            return empty(status=200)
        meant = read_interaction(payload)
        if isinstance(meant, Pressed):
            await self._office.pressed(meant)
        elif isinstance(meant, WantsForm):
            self._office.open_form(meant)
        elif isinstance(meant, Rated):
            self._office.rated(meant)
        elif isinstance(meant, FormSent):
            errors = await self._office.form_sent(meant)
            return json(form_errors(errors)) if errors else empty(status=200)
        elif isinstance(meant, Answered) and not meant.text.strip():
            return json(form_errors({ANSWER_BLOCK: self._office.ctx.support.slack.form_blank}))
        elif isinstance(meant, Answered):
            await self._office.answered(meant)
        return empty(status=200)

    async def commands(self, request: Request) -> HTTPResponse:
        """Do what a customer or a technician commands; the answer is shown to them alone."""
        try:
            command = read_command(request.body)
        except ValueError as error:
            raise NotJson("This is no command of Slack; nothing was done.") from error
        if command is None:
            return empty(status=200)
        if self._customers.are_meant(command):
            return json(await self._customers.commanded(command, base_of(request)))
        return json(await self._staff.commanded(command))
