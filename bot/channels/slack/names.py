"""Ask Slack what somebody is called, after their message was stored and acknowledged."""

import asyncio
import logging

from bot.channels.slack.client import WebApi
from bot.services.channel import channel_people
from bot.services.channel.channel_people import SLACK, Person
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused

log = logging.getLogger(__name__)


class Names:
    """``learn`` returns at once; a name that cannot be had now is asked for again with the next message."""

    def __init__(self, ctx: Context, api: WebApi) -> None:
        self._ctx, self._api = ctx, api
        self._asking: dict[tuple[str, str], asyncio.Task[None]] = {}

    def learn(self, installation: str, person: Person) -> None:
        key = (person.workspace, person.user_id)
        if person.name is None and key not in self._asking:
            task = asyncio.create_task(self._learn(installation, person))
            self._asking[key] = task
            task.add_done_callback(lambda _: self._asking.pop(key, None))

    async def _learn(self, installation: str, person: Person) -> None:
        try:
            if not await channel_people.needs_name(self._ctx, SLACK, person.workspace, person.user_id):
                return
            told = await self._api.call(installation, lambda client: client.users_info(user=person.user_id))
            profile = told["user"].get("profile") or {}
            name = profile.get("display_name") or profile.get("real_name") or told["user"].get("name") or ""
            await channel_people.keep_name(self._ctx, SLACK, person.workspace, person.user_id, name)
        except (NotNow, Refused) as why:
            log.warning("the name of a Slack user could not be had: %s", why.code)
        except Exception:
            log.exception("the name of a Slack user could not be kept")

    async def close(self) -> None:
        tasks = list(self._asking.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
