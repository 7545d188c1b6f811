"""Answer what customers of Teams do besides writing: log a message from its menu, fill in a form, rate, install.

https://learn.microsoft.com/microsoftteams/platform/messaging-extensions/how-to/action-commands/define-action-command
"""

import asyncio
import logging
from dataclasses import replace
from typing import Any

from bot.channels.html_text import plain_of_html, plain_of_text
from bot.channels.teams.client import Connector
from bot.channels.teams.handler import place_where_written
from bot.channels.teams.parse import BOT_PREFIX, ParsedActivity, read
from bot.channels.teams.question_cards import INTAKE, ONCE, question_dialog
from bot.channels.teams.render import Part
from bot.channels.teams.render_cards import CONVERSATION, QUESTIONS, SCORE
from bot.channels.teams.staff_cards import dialog_message, toast
from bot.channels.teams.verify import Believed
from bot.services.channel import arrivals, customer_rating, question_form
from bot.services.channel.arrivals import Arrival, Quoted
from bot.services.channel.channel_people import TEAMS, Person
from bot.services.core.context import Context
from bot.services.core.errors import NothingAsked, ServiceError
from bot.services.outbox.outcomes import NotNow, Refused

log = logging.getLogger(__name__)

EXECUTE, FETCH, SUBMIT = "adaptiveCard/action", "task/fetch", "task/submit"
CHOOSE, CREATE_ISSUE = "composeExtension/fetchTask", "create_issue"
# Teams waits about five seconds for the answer to an invoke.
LONGEST_SECONDS = 1.5
MOST_ID = 60
Json = dict[str, Any]


class CustomerInvokes:
    """The invokes of one gateway's customers."""

    def __init__(self, ctx: Context, connector: Connector) -> None:
        self._ctx, self._connector = ctx, connector

    async def answer(self, believed: Believed, base_url: str) -> Json:
        """Return what Teams shows; empty for an invoke that is none of ours. Raises ValueError for no activity."""
        activity = believed.activity
        name, value = activity.get("name"), _object(activity.get("value"))
        if name == CHOOSE and value.get("commandId") == CREATE_ISSUE:
            return dialog_message(await self._choose(believed, value, base_url))
        if name == EXECUTE and SCORE in (data := _object(_object(value.get("action")).get("data"))):
            return toast(await self._rate(believed, data))
        if name in (FETCH, SUBMIT) and (data := _object(value.get("data"))).get(QUESTIONS):
            return await self._form(believed, data, sent=name == SUBMIT)
        return {}

    async def greet(self, believed: Believed) -> None:
        """Greet who installed the app, or the channel of the team that it was added to: once, and no member of it.

        https://learn.microsoft.com/microsoftteams/platform/bots/how-to/conversations/subscribe-to-conversation-events
        """
        heard = read(believed.activity)
        try:
            async with asyncio.timeout(2 * LONGEST_SECONDS):
                words = Part(self._ctx.support.greeting).activity()
                await self._connector.post_activity(heard.service_url, heard.conversation, words)
        except (TimeoutError, NotNow, Refused) as why:
            log.info("who installed the app could not be greeted: %s", type(why).__name__)

    async def _choose(self, believed: Believed, value: Json, base_url: str) -> str:
        """Log the chosen message; return what is said to who chose it."""
        words, heard = self._ctx.support.chat, read(believed.activity)
        payload = _object(value.get("messagePayload"))
        person = Person(believed.tenant, heard.user, heard.user_name or None)
        quoted = _quoted(heard, payload, believed.tenant)
        if quoted is None:
            return words.no_words
        author = _object(_object(payload.get("from")).get("application"))
        if str(author.get("id") or "") == heard.reference["bot"].removeprefix(BOT_PREFIX):
            return words.own_message
        source_id = f"issue:{quoted.source_id}"
        if await arrivals.has_arrived(self._ctx, TEAMS, source_id):
            return words.issue_exists
        place = place_where_written(heard, base_url)
        fresh = not await self._is_in(heard)
        if fresh:
            chat = await self._personal_chat(heard)
            if chat is None:
                return words.no_way_to_write
            place = replace(place, thread=chat, shared=False, reference={**place.reference, "conversation": chat})
        arrival = Arrival(
            channel=TEAMS,
            source_id=source_id,
            place=replace(place, reply_to=None if fresh else quoted.source_id),
            person=person,
            text=words.create_issue,
            fresh=fresh,
            quoted=(quoted,),
        )
        await arrivals.arrive(self._ctx, arrival)
        return words.answered_directly if fresh else words.answered_here

    async def _is_in(self, heard: ParsedActivity) -> bool:
        """Return whether the bot may write where the message stands; it is tried where Teams does not say."""
        reference = heard.reference
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                await self._connector.member(heard.service_url, heard.conversation, str(reference["user"]))
        except Refused:
            return False
        except (TimeoutError, NotNow) as why:
            log.warning("Teams did not say who is in a conversation: %s", type(why).__name__)
        return True

    async def _personal_chat(self, heard: ParsedActivity) -> str | None:
        where = heard.reference
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                return await self._connector.open_personal_chat(
                    heard.service_url, bot=where["bot"], user=where["user"], tenant=where["tenant"]
                )
        except (TimeoutError, NotNow, Refused):
            return None

    async def _rate(self, believed: Believed, data: Json) -> str:
        """Keep a rating; return the thanks, or why it is not kept."""
        score = data.get(SCORE)
        if not isinstance(score, int):
            return self._ctx.support.chat.nothing_asked
        try:
            await customer_rating.rate(self._ctx, TEAMS, str(data.get(CONVERSATION) or ""), _person(believed), score)
        except ServiceError as error:
            return str(error)
        return self._ctx.support.chat.rated.format(score=score)

    async def _form(self, believed: Believed, data: Json, *, sent: bool) -> Json:
        """Open the form of the open questions, or store what was sent; what was typed stays while some is wrong."""
        words, conversation = self._ctx.support, str(data.get(CONVERSATION) or "")
        title, send = words.chat.form_title, words.slack.form_send
        try:
            form = await question_form.question_form(self._ctx, TEAMS, conversation, _person(believed))
            if not sent:
                return question_dialog(form, title, send)
            if form.intake_id != data.get(INTAKE):
                raise NothingAsked(words.chat.nothing_asked)
            typed = {field.name: str(data.get(field.name) or "") for field in form.fields}
            once = f"{conversation}:{str(data.get(ONCE) or '')[:MOST_ID]}"
            errors = await question_form.submit(self._ctx, TEAMS, once, form, _person(believed), typed)
        except ServiceError as error:
            return dialog_message(str(error))
        if errors:
            return question_dialog(form, title, send, errors, typed, str(data.get(ONCE) or ""))
        return dialog_message(words.chat.form_taken)


def is_installed(activity: Json) -> bool:
    """Return whether the app was just installed: by a person for themselves, or in a team."""
    return activity.get("type") == "installationUpdate" and activity.get("action") == "add"


def _quoted(heard: ParsedActivity, payload: Json, tenant: str) -> Quoted | None:
    """Return the chosen message under who wrote it; None for one without words or id."""
    message_id, body = payload.get("id"), _object(payload.get("body"))
    content = body.get("content")
    if not isinstance(message_id, str) or not 0 < len(message_id) <= MOST_ID or not isinstance(content, str):
        return None
    html = body.get("contentType") == "html"
    text = plain_of_html(content, without=()) if html else plain_of_text(content, ())
    writer = _object(payload.get("from"))
    author = _object(writer.get("user")) or _object(writer.get("application"))
    name = str(author.get("displayName") or "")[:200] or None
    person = Person(tenant, str(author.get("id") or "unknown")[:200], name)
    return Quoted(f"{heard.conversation}:{message_id}", person, text) if text else None


def _person(believed: Believed) -> Person:
    return Person(believed.tenant, read(believed.activity).user)


def _object(value: object) -> Json:
    return value if isinstance(value, dict) else {}
