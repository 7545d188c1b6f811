"""Tenants of Teams that no contract names: listed at the desk and, where the setting says so, refused politely."""

import logging
from typing import Any

from bot.channels.remembered import Remembered
from bot.channels.teams.client import Connector
from bot.channels.teams.parse import Kind, read
from bot.channels.teams.refused import UnknownTenant
from bot.channels.teams.render import Part
from bot.services.billing import unknown_companies
from bot.services.channel.channel_people import TEAMS
from bot.services.core.context import Context
from bot.services.outbox.outcomes import NotNow, Refused
from bot.settings.support.chat_channels import REFUSE_POLITELY

log = logging.getLogger(__name__)

Json = dict[str, Any]


class UnknownTenants:
    """The refused tenants of one gateway."""

    def __init__(self, ctx: Context, connector: Connector) -> None:
        self._ctx, self._connector = ctx, connector
        self._answered: Remembered[str] = Remembered()

    async def refused(self, unknown: UnknownTenant) -> None:
        """List the tenant, and say in its chat that it has no contract; every ten minutes at most."""

        async def once() -> str | None:
            await unknown_companies.note_refused(self._ctx, TEAMS, unknown.tenant)
            if self._ctx.support.chat_channels.unknown_tenants == REFUSE_POLITELY:
                await self._say(unknown.activity)
            return "done"

        conversation = unknown.activity.get("conversation")
        place = str(conversation.get("id") or "")[:300] if isinstance(conversation, dict) else ""
        await self._answered.find((unknown.tenant, place), once)

    async def _say(self, activity: Json) -> None:
        try:
            heard = read(activity)
            if heard.kind != Kind.MESSAGE:
                return
            support = self._ctx.support
            contact = ", ".join(filter(None, (support.website, support.phone)))
            words = support.chat.no_contract.format(contact=contact)
            await self._connector.post_activity(heard.service_url, heard.conversation, Part(words).activity())
        except (ValueError, NotNow, Refused) as why:
            log.info("a tenant without a contract could not be answered: %s", type(why).__name__)
