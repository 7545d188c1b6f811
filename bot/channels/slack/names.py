"""Names of people and channels: of who writes after their message was stored, of who is mentioned before.

Nothing is looked up within a transaction, and no message waits longer than ``LONGEST_SECONDS`` for a name.
"""

import asyncio
import logging
import time
from collections.abc import Iterable
from dataclasses import dataclass

from bot.channels.slack.client import WebApi
from bot.services.channel import channel_people
from bot.services.channel.channel_people import SLACK, Person
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused

log = logging.getLogger(__name__)

# Slack waits three seconds for us to acknowledge an event.
LONGEST_SECONDS = 1.0
# People are renamed rarely. What could not be had is soon asked for again, but not with every message.
KEPT_SECONDS, FAILED_SECONDS = 3600.0, 60.0
MOST_KEPT = 10_000
Key = tuple[str, str]


@dataclass(frozen=True)
class _Known:
    """A name, None when it could not be had, and until when it is not asked for again."""

    name: str | None
    until: float


class Names:
    """``learn`` returns at once; a name that cannot be had now is asked for again with a later message."""

    def __init__(self, ctx: Context, api: WebApi) -> None:
        self._ctx, self._api = ctx, api
        self._known: dict[Key, _Known] = {}
        self._asking: dict[Key, asyncio.Task[None]] = {}
        self._learning: set[asyncio.Task[None]] = set()

    async def mentioned(self, installation: str, workspace: str, ids: Iterable[str]) -> dict[str, str]:
        """Return the names of these people and channels, as far as they are known or can be had at once."""
        keys = {(installation, one) for one in ids}
        asked = [self._ask(key) for key in keys if not self._is_known(key)]
        if asked:
            await asyncio.wait(asked, timeout=LONGEST_SECONDS)
        found = {key[1]: known.name for key in keys if (known := self._known.get(key)) is not None and known.name}
        missing = {one for _, one in keys} - found.keys()
        return {**await channel_people.names_of(self._ctx, SLACK, workspace, missing), **found} if missing else found

    def learn(self, installation: str, person: Person) -> None:
        """Have the name of who wrote put on their messages."""
        if person.name is None:
            task = asyncio.create_task(self._learn(installation, person))
            self._learning.add(task)
            task.add_done_callback(self._learning.discard)

    async def _learn(self, installation: str, person: Person) -> None:
        try:
            if not await channel_people.needs_name(self._ctx, SLACK, person.workspace, person.user_id):
                return
            key = (installation, person.user_id)
            if not self._is_known(key):
                await asyncio.wait([self._ask(key)])
            name = self._known[key].name if key in self._known else None
            await channel_people.keep_name(self._ctx, SLACK, person.workspace, person.user_id, name or "")
        except Exception:
            log.exception("the name of a Slack user could not be kept")

    def _is_known(self, key: Key) -> bool:
        known = self._known.get(key)
        return known is not None and known.until > time.monotonic()

    def _ask(self, key: Key) -> asyncio.Task[None]:
        """Return the one task that asks for a name; it goes on when nobody waits for it any more."""
        if key not in self._asking:
            task = asyncio.create_task(self._asked(key))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))
        return self._asking[key]

    async def _asked(self, key: Key) -> None:
        name = None
        try:
            name = await self._look_up(*key)
        except (NotNow, Refused) as why:
            log.warning("a name could not be had from Slack: %s", why.code)
        except Exception:
            log.exception("a name of Slack could not be read")
        earlier = self._known.pop(key, None)
        while len(self._known) >= MOST_KEPT:
            del self._known[next(iter(self._known))]
        until = time.monotonic() + (KEPT_SECONDS if name else FAILED_SECONDS)
        self._known[key] = _Known(name or (earlier.name if earlier else None), until)

    async def _look_up(self, installation: str, one: str) -> str | None:
        """Return what Slack calls a person (``U…``, ``W…``) or a channel; raises NotNow or Refused."""
        if one.startswith(("U", "W")):
            person = (await self._api.call(installation, lambda client: client.users_info(user=one)))["user"]
            profile = person.get("profile") or {}
            found = profile.get("display_name") or profile.get("real_name") or person.get("name")
        else:
            answer = await self._api.call(installation, lambda client: client.conversations_info(channel=one))
            found = answer["channel"].get("name")
        return str(found).strip()[:200] or None if found else None

    async def close(self) -> None:
        tasks = [*self._asking.values(), *self._learning]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
