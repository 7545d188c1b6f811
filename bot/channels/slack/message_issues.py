"""Log a message that somebody chose, with the thread above it: from the message's menu, or by a reaction."""

import asyncio
import logging
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from bot.channels.slack.client import WebApi
from bot.channels.slack.handler import SlackHandler
from bot.channels.slack.ids import outside_id
from bot.channels.slack.names import Names
from bot.channels.slack.parse import files_of
from bot.channels.slack.parse_shortcut import MessageChosen
from bot.channels.slack.parse_text import from_mrkdwn, mentioned
from bot.channels.slack.read_thread import read_thread
from bot.services.channel.arrivals import Arrival, Place, Quoted, has_arrived
from bot.services.channel.channel_people import SLACK, Person
from bot.services.core.context import Context
from bot.services.core.errors import OutsideSilent
from bot.services.outbox.outcomes import NotNow, Refused
from bot.services.staff_channel.places import is_staff_place

log = logging.getLogger(__name__)

# Slack waits three seconds for us to acknowledge, and a form can be opened for as long.
LONGEST_SECONDS = 1.0
RETRY_SECONDS = 60
Json = Mapping[str, Any]


class MessageIssues:
    """The chosen messages of one gateway. ``office`` stores what is made of them."""

    def __init__(self, ctx: Context, api: WebApi, office: SlackHandler, names: Names) -> None:
        self._ctx, self._api, self._office, self._names = ctx, api, office, names

    async def by_shortcut(self, chosen: MessageChosen, base: str) -> None:
        """Log the message; say to who chose it why it cannot be."""
        message = chosen.message or {}
        words = self._ctx.support.chat
        if await is_staff_place(self._ctx, SLACK, chosen.team, chosen.channel):
            self._say(chosen, words.staff_place)
        elif chosen.app_id and message.get("app_id") == chosen.app_id:
            self._say(chosen, words.own_message)
        elif not _text(message) and not message.get("files"):
            self._say(chosen, words.no_words)
        elif await has_arrived(self._ctx, SLACK, _source_id(chosen)):
            self._say(chosen, words.issue_exists)
        else:
            await self._shortcut(chosen, message, base)

    async def _shortcut(self, chosen: MessageChosen, message: Json, base: str) -> None:
        above: Sequence[Json] = ()
        in_direct = False
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                message, above = await read_thread(self._api, chosen)
        except Refused:
            in_direct = True  # The app is not where the message stands.
        except (TimeoutError, NotNow) as why:
            log.warning("the thread above a message could not be read: %s", type(why).__name__)
        place = await self._direct(chosen, base) if in_direct else _place(chosen, message, base)
        if place is None:
            self._say(chosen, self._ctx.support.chat.no_way_to_write)
            return
        await self._log(chosen, place, message, above, fresh=in_direct)

    async def by_reaction(self, chosen: MessageChosen, base: str) -> None:
        """Log the message; raises OutsideSilent for Slack to send the event again when it does not tell the words."""
        if await has_arrived(self._ctx, SLACK, _source_id(chosen)):
            return
        try:
            async with asyncio.timeout(2 * LONGEST_SECONDS):
                message, above = await read_thread(self._api, chosen)
        except (Refused, LookupError) as why:
            log.info("a message that somebody reacted to could not be read: %s", type(why).__name__)
            return
        except (TimeoutError, NotNow) as why:
            raise OutsideSilent("Slack did not say what the message is; nothing was stored.", RETRY_SECONDS) from why
        if (not _text(message) and not message.get("files")) or message.get("app_id") == chosen.app_id != "":
            return
        await self._log(chosen, _place(chosen, message, base), message, above, fresh=False)

    async def _log(
        self, chosen: MessageChosen, place: Place, message: Json, above: Sequence[Json], *, fresh: bool
    ) -> None:
        told = (*above, message)
        ids = {one for each in told for one in (*mentioned(_text(each)), each.get("user") or "") if one}
        ids.add(chosen.person.user_id)
        names = await self._names.mentioned(chosen.installed, chosen.team, ids)
        chosen = replace(chosen, person=replace(chosen.person, name=names.get(chosen.person.user_id)))
        quoted = [self._quoted(chosen, each, names) for each in told]
        arrival = Arrival(
            channel=SLACK,
            source_id=_source_id(chosen),
            place=place,
            person=chosen.person,
            text=self._ctx.support.chat.create_issue,
            fresh=fresh,
            quoted=tuple(quoted),
        )
        await self._office.take(arrival, chosen.installed)

    def _quoted(self, chosen: MessageChosen, message: Json, names: Mapping[str, str]) -> Quoted:
        # What a program posts has no user: its own id then stands for it.
        user = str(message.get("user") or message.get("bot_id") or "program")
        team = message.get("user_team") or message.get("source_team") or message.get("team") or chosen.team
        person = chosen.person if user == chosen.person.user_id else Person(str(team), user, _name(message, names))
        text = from_mrkdwn(_text(message), names=names)
        return Quoted(
            outside_id(chosen.team, chosen.channel, message["ts"]), person, text, files_of(message, chosen.installed)
        )

    async def _direct(self, chosen: MessageChosen, base: str) -> Place | None:
        """Return the direct message with who chose; None where Slack allows none."""
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                user = chosen.person.user_id
                opened = await self._api.call(chosen.installed, lambda client: client.conversations_open(users=[user]))
        except (TimeoutError, NotNow, Refused):
            return None
        channel = str(opened["channel"]["id"])
        return Place(chosen.team, channel, _reference(chosen, channel, None, base), shared=False)

    def _say(self, chosen: MessageChosen, words: str) -> None:
        """Show words to who chose, wherever that was; acknowledging does not wait for it."""
        self._office.run(self._show(chosen, words))

    async def _show(self, chosen: MessageChosen, words: str) -> None:
        view = {
            "type": "modal",
            "title": {"type": "plain_text", "text": self._ctx.support.product[:24]},
            "blocks": [{"type": "section", "text": {"type": "plain_text", "text": words}}],
        }
        await self._api.call(
            chosen.installed, lambda client: client.views_open(trigger_id=chosen.trigger_id, view=view)
        )


def _source_id(chosen: MessageChosen) -> str:
    """One message is one issue, whoever chooses it and in whatever way."""
    return f"issue:{outside_id(chosen.team, chosen.channel, chosen.ts)}"


def _place(chosen: MessageChosen, message: Json, base: str) -> Place:
    """Return where the message stands: its thread, or the direct message with the app."""
    if chosen.channel.startswith("D"):
        root = message.get("thread_ts")
        thread = f"{chosen.channel}:{root}" if root else chosen.channel
        return Place(chosen.team, thread, _reference(chosen, chosen.channel, root, base), shared=False)
    root = str(message.get("thread_ts") or chosen.ts)
    reference = _reference(chosen, chosen.channel, root, base)
    return Place(chosen.team, f"{chosen.channel}:{root}", reference, shared=True, reply_to=_own_id(chosen))


def _own_id(chosen: MessageChosen) -> str:
    return outside_id(chosen.team, chosen.channel, chosen.ts)


def _reference(chosen: MessageChosen, channel: str, thread_ts: str | None, base: str) -> dict[str, Any]:
    return {
        "team": chosen.team,
        "installation": chosen.installed,
        "channel": channel,
        "thread_ts": thread_ts,
        "base": base,
    }


def _text(message: Json) -> str:
    """Return the words; those of a program's post may stand in its attachments alone."""
    attached = [one.get("text") or one.get("fallback") or "" for one in message.get("attachments") or ()]
    return "\n".join(filter(None, [message.get("text") or "", *attached]))


def _name(message: Json, names: Mapping[str, str]) -> str | None:
    profile = message.get("user_profile") or message.get("bot_profile") or {}
    told = names.get(str(message.get("user"))) or profile.get("display_name") or profile.get("real_name")
    return told or profile.get("name") or message.get("username")
