"""Handle the events of Slack: store each one, then do the optional steps that may fail."""

import asyncio
import logging
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from bot.channels.file_fetcher import FileFetcher
from bot.channels.slack.app_home import HomeOpened, publish_home
from bot.channels.slack.client import WebApi
from bot.channels.slack.greeting import greet
from bot.channels.slack.in_order import InOrder
from bot.channels.slack.names import Names
from bot.channels.slack.parse import installation, mentions_in, place_in
from bot.channels.slack.parse_interaction import (
    Answered,
    FormSent,
    Pressed,
    Rated,
    WantsForm,
    answer_form,
    question_modal,
)
from bot.services.channel import arrivals, asked_person, customer_rating, private_questions, question_form, reactions
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import SLACK, Person
from bot.services.channel.reactions import Reaction
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NothingAsked, NotYourQuestion, ServiceError
from bot.services.outbox.outcomes import NotNow, Refused

log = logging.getLogger(__name__)


class SlackHandler:
    """Everything that the handlers share. Courtesies run after the answer; their failure is logged and no more."""

    def __init__(self, ctx: Context, api: WebApi, off_because: str | None, names: Names, files: FileFetcher) -> None:
        self.ctx, self.off_because = ctx, off_because
        self._api, self._names, self._files = api, names, files
        self._courtesies: set[asyncio.Task[None]] = set()
        self._in_order = InOrder()

    @asynccontextmanager
    async def named(self, envelope: Mapping[str, Any]) -> AsyncIterator[dict[str, str]]:
        """Yield the names of who is mentioned, in the turn of the place where it was written."""
        ids = mentions_in(envelope)
        async with self._in_order.turn(place_in(envelope), waits=bool(ids)):
            yield await self._names.mentioned(installation(envelope), envelope["team_id"], ids) if ids else {}

    async def take(self, arrival: Arrival, installed: str) -> None:
        """Store a message; then ask for a name that is new and for the files that came along."""
        if await arrivals.has_arrived(self.ctx, SLACK, arrival.source_id):
            return
        place = arrival.place
        if not (place.shared or place.reply_to or arrival.conversation_id or arrival.quoted):
            # A direct message may answer what a shared thread asked in private.
            question = await private_questions.answered_by(self.ctx, SLACK, arrival.person, arrival.text or "")
            arrival = replace(arrival, place=replace(arrival.place, reply_to=question))
        arrived = await arrivals.arrive(self.ctx, arrival)
        if arrived is None or arrived.repeated:
            return
        self._names.learn(installed, arrival.person)
        if arrival.files:
            self._files.kick()

    async def pressed(self, pressed: Pressed) -> None:
        """A quick reply, or "New issue": as if its title had been typed, in the conversation it belongs to."""
        place = await self._place(pressed.conversation_id)
        if place is None:
            return
        if place.shared and not await asked_person.is_asked(self.ctx, SLACK, pressed.conversation_id, pressed.person):
            words = self.ctx.support.chat.not_your_question
            installed = place.reference["installation"]
            self.run(self._say_to(installed, pressed.payload["container"], pressed.person, words))
            return
        fresh = pressed.choice is None
        if fresh and not place.thread:
            # Another new issue has taken the place of this one already.
            place = replace(place, thread=place.reference["channel"])
        arrival = Arrival(
            channel=SLACK,
            source_id=f"{place.workspace}:{pressed.source_id}",
            place=place,
            person=pressed.person,
            text=self.ctx.support.wording.new_issue if fresh else None,
            choice=pressed.choice,
            fresh=fresh,
            conversation_id=pressed.conversation_id,
            private=_channel_of(pressed) != place.reference["channel"],
        )
        try:
            await self.take(arrival, place.reference["installation"])
        except Invalid:
            self.run(self._say_gone(place, pressed))

    async def reacted(self, reaction: Reaction) -> None:
        """Handle a thumb or a tick on our last question like its button pressed."""
        arrival = await reactions.arrival_of(self.ctx, reaction)
        if arrival is not None:
            await self.take(arrival, arrival.place.reference["installation"])

    def show_home(self, opened: HomeOpened) -> None:
        """Show the Home tab; acknowledging must not wait for it."""
        self.run(publish_home(self.ctx, self._api, opened))

    def greet(self, installed: str, place: str) -> None:
        """Greet a channel or a user; acknowledging must not wait for it."""
        self.run(greet(self.ctx, self._api, installed, place))

    def open_form(self, wants: WantsForm) -> None:
        """Slack gives three seconds for the form; acknowledging must not wait for it."""
        self.run(self._open_form(wants))

    async def _form(self, wants: WantsForm) -> dict[str, Any]:
        """Return the form that is wanted; raises NotYourQuestion or NothingAsked."""
        words = self.ctx.support.slack
        if not wants.questions:
            return answer_form(wants.conversation_id, words.form_title, words.form_label, words.form_send)
        form = await question_form.question_form(self.ctx, SLACK, wants.conversation_id, wants.person)
        return question_modal(form, self.ctx.support.chat.form_title, words.form_send)

    async def _open_form(self, wants: WantsForm) -> None:
        place = await self._place(wants.conversation_id)
        if place is None:
            return
        installed = place.reference["installation"]
        try:
            view = await self._form(wants)
        except ServiceError as error:
            await self._say_to(installed, wants.container, wants.person, str(error))
            return
        try:
            await self._api.call(installed, lambda client: client.views_open(trigger_id=wants.trigger_id, view=view))
        except (NotNow, Refused) as why:
            log.warning("Slack opened no form: %s", why.code)
            await self._say_to(installed, wants.container, wants.person, self.ctx.support.slack.form_late)

    async def answered(self, answered: Answered) -> None:
        """Store the text of the private form in the conversation; it never appears in the thread."""
        place = await self._place(answered.conversation_id)
        if place is None:
            return
        arrival = Arrival(
            channel=SLACK,
            source_id=f"{place.workspace}:{answered.source_id}",
            place=place,
            person=answered.person,
            text=answered.text,
            conversation_id=answered.conversation_id,
            private=True,
        )
        await self.take(arrival, place.reference["installation"])

    def rated(self, rated: Rated) -> None:
        """Keep a rating, and thank who gave it or say why it is not kept."""
        self.run(self._rated(rated))

    async def _rated(self, rated: Rated) -> None:
        place = await self._place(rated.conversation_id)
        if place is None:
            return
        try:
            await customer_rating.rate(self.ctx, SLACK, rated.conversation_id, rated.person, rated.score)
            words = self.ctx.support.chat.rated.format(score=rated.score)
        except ServiceError as error:
            words = str(error)
        await self._say_to(place.reference["installation"], rated.container, rated.person, words)

    async def form_sent(self, sent: FormSent) -> dict[str, str]:
        """Store the answers of the form of all questions; return what is wrong in which field: then none is stored."""
        try:
            return await question_form.submit(self.ctx, SLACK, sent.once, sent.form, sent.person, sent.values)
        except (NotYourQuestion, NothingAsked) as error:
            return {name: str(error) for name in list(sent.values)[:1]}

    async def _place(self, conversation_id: str) -> Place | None:
        place = await arrivals.place_of(self.ctx, conversation_id)
        if place is None:
            log.warning("a button of Slack names a conversation that is not held there")
        return place

    async def _say_gone(self, place: Place, pressed: Pressed) -> None:
        container, words = pressed.payload["container"], self.ctx.support.slack.choice_gone
        await self._say_to(place.reference["installation"], container, pressed.person, words)

    async def _say_to(self, installed: str, container: Mapping[str, Any], person: Person, words: str) -> None:
        """Show words to one person alone, where they pressed."""
        await self._api.call(
            installed,
            lambda client: client.chat_postEphemeral(
                channel=container["channel_id"],
                thread_ts=container.get("thread_ts"),
                user=person.user_id,
                text=words,
                parse="none",
            ),
        )

    def run(self, work: Coroutine[Any, Any, None]) -> None:
        """Run what need not be waited for; its failure is logged and no more."""
        task = asyncio.create_task(self._quietly(work))
        self._courtesies.add(task)
        task.add_done_callback(self._courtesies.discard)

    async def _quietly(self, work: Coroutine[Any, Any, None]) -> None:
        try:
            await work
        except (NotNow, Refused) as why:
            log.warning("Slack did not take a courtesy: %s", why.code)
        except Exception:
            log.exception("a courtesy to a Slack user failed")

    async def close(self) -> None:
        tasks = list(self._courtesies)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await self._names.close()


def _channel_of(pressed: Pressed) -> str | None:
    """Return the channel that the pressed button stands in: the thread's, or the direct message's."""
    channel: str | None = pressed.payload.get("container", {}).get("channel_id")
    return channel
