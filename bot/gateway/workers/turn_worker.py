"""Give each stored message to whoever owns its conversation: one task per conversation, in order."""

import asyncio
import logging
import time
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.workers import turn_times
from bot.gateway.workers.turn_times import TurnTimes
from bot.http.hub import Hub
from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.turn import conversation_lease, turns
from bot.services.turn.conversation_lease import Lease, LeaseLost
from bot.services.turn.engine_client import Engine, EngineFailed
from bot.services.turn.poison_message import escalate
from bot.services.turn.read_by_rules import decide_here
from bot.services.turn.turns import Outcome, Prepared

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
RETRY_AFTER = (0.5, 1.0, 2.0)
DOWN_FOR = 15.0
# With the engine's own deadline of 10 s this keeps a turn well inside the 30 s lease.
PATIENCE_SECONDS = 8.0


class TurnWorker:
    """Runs the turns of this process; ``kick`` starts one at once, the sweep finds what a crash left behind."""

    def __init__(self, ctx: Context, engine: Engine, hub: Hub) -> None:
        self._ctx, self._engine, self._hub = ctx, engine, hub
        self._running: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._down_until = 0.0
        self.times = TurnTimes()

    def kick(self, conversation_id: str) -> None:
        """Work on this conversation now; remembered when it is being worked on already."""
        if conversation_id in self._running:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id))
        self._running[conversation_id] = task
        task.add_done_callback(lambda _: self._finished(conversation_id))

    def _finished(self, conversation_id: str) -> None:
        task = self._running.pop(conversation_id)
        if not task.cancelled() and (error := task.exception()) is not None:
            # The event is still pending: the sweep takes it up again when the lease has run out.
            log.error("a turn of %s broke: %s", conversation_id, type(error).__name__, exc_info=error)
        if conversation_id in self._again:
            self._again.discard(conversation_id)
            self.kick(conversation_id)

    async def sweep(self) -> None:
        """Start the turns of events that nobody works on."""
        for conversation_id in await conversation_lease.due(self._ctx):
            self.kick(conversation_id)

    async def stop(self) -> None:
        """Cancel what runs; the events stay pending and are taken up at the next start."""
        tasks = list(self._running.values())
        self._again.clear()
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _work(self, conversation_id: str) -> None:
        log_format.conversation.set(conversation_id)
        begun = await turns.begin(self._ctx, conversation_id)
        if begun is None:
            return
        lease, prepared = begun
        following: Prepared | None = prepared
        try:
            while following is not None:
                prepared = following
                following = await self._one(lease, prepared)
        except LeaseLost:
            log.warning("another worker has taken over", extra=log_format.log_fields(event=prepared.event_id))
        except Exception:
            await self._give_back(lease, prepared)
            raise

    async def _give_back(self, lease: Lease, prepared: Prepared) -> None:
        """Schedule a failed event again, with exponential backoff."""
        try:
            await turns.try_later(self._ctx, lease, prepared)
        except (LeaseLost, SQLAlchemyError, OSError) as error:
            # Then the lease runs out by itself, and the sweep finds the event.
            log.warning(
                "not given back: %s", type(error).__name__, extra=log_format.log_fields(event=prepared.event_id)
            )

    async def _one(self, lease: Lease, prepared: Prepared) -> Prepared | None:
        """Work on one event; return the one after it, or the same when its message was changed meanwhile."""
        typing = partial(self._hub.typing, lease.conversation_id, "assistant", self._ctx.support.assistant_name)
        if not prepared.context.waiting:
            typing(True)
        turn = self.times.begun(prepared.event_id, prepared.arrived_at, self._ctx.clock())
        try:
            with turn.stage(turn_times.ANSWERED):
                outcome = await self._outcome(prepared)
            with turn.stage(turn_times.STORED):
                following = await turns.complete(self._ctx, lease, prepared, outcome)
            turn.by = outcome.by
            self.times.ended(turn)
            return following
        finally:
            typing(False)

    async def _outcome(self, prepared: Prepared) -> Outcome:
        """Return what was decided: by the engine's reading, without it by rules, or to leave it to a person."""
        context = prepared.context
        if prepared.attempts > turns.TRIES:
            log.error("left to a person", extra=log_format.log_fields(event=prepared.event_id))
            return escalate(context, self._ctx.support)
        if context.event is not None:
            return await decide_here(self._ctx, context, reason=None)
        if prepared.attempts > turns.TRIES_WITH_ENGINE:
            return await decide_here(self._ctx, context, reason="broke")
        began = time.monotonic()
        waits = iter(() if began < self._down_until else RETRY_AFTER)
        while True:
            try:
                outcome = await self._engine.turn(prepared)
                self._down_until = 0.0
                return outcome
            except EngineFailed as error:
                log.warning("%s", error, extra=log_format.log_fields(event=prepared.event_id))
                wait = next(waits, None)
                if wait is None or time.monotonic() - began > PATIENCE_SECONDS:
                    self._down_until = time.monotonic() + DOWN_FOR
                    return await decide_here(self._ctx, context, reason=error.code)
                await asyncio.sleep(wait)
