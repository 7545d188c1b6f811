"""Let the messages whose quick replies are over show that, each at the channel's own pace."""

import logging
from collections.abc import Mapping, Sequence

from bot.channels.channel import Deliver
from bot.gateway.workers.message_sender import Pace, parts_of
from bot.services.channel.answered import answered
from bot.services.core.context import Context
from bot.services.outbox import leases
from bot.services.outbox.items import BUTTON_UPDATE
from bot.services.outbox.outcomes import NotNeeded, Refused
from bot.store.tables import OutboxItem

log = logging.getLogger(__name__)


class ButtonSender:
    """``deliver`` names each channel that is on with the object that sends for it. An update may be repeated."""

    kind, at_once = BUTTON_UPDATE, 20

    def __init__(self, ctx: Context, deliver: Mapping[str, Deliver]) -> None:
        self._ctx, self._deliver, self._pace = ctx, deliver, Pace()

    def targets(self) -> Sequence[str]:
        return list(self._deliver)

    async def send(self, item: OutboxItem) -> None:
        """Update the message; raises NotNeeded when it is not there, or the channel lets nobody change it."""
        deliver, done = self._deliver[item.target], await answered(self._ctx, item)
        parts = await parts_of(done.sent, done.outgoing, deliver)
        await self._pace.turn(f"{item.target}:{deliver.rate_key(done.outgoing)}", deliver.seconds_apart)
        try:
            await deliver.show_answer(parts, done)
        except Refused as refused:
            # Whoever presses what still stands there is told that it is over.
            log.info("the buttons of an answered message stay: %s", refused.code)
            raise NotNeeded from refused
        async with self._ctx.db.write() as session:
            await leases.sent(session, item, self._ctx.clock())
