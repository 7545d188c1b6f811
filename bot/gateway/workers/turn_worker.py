"""Give each stored message to whoever owns its conversation: one task per conversation, in order."""

import asyncio
import logging
import time
from datetime import timedelta
from functools import partial

from sqlalchemy.exc import SQLAlchemyError

from bot.gateway.workers import turn_times
from bot.gateway.workers.turn_times import TurnTimes
from bot.http.hub import Hub
from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.turn import fallback, poison_message, turns
from bot.services.turn.engine_client import Engine, EngineFailed, ModelChanged
from bot.services.turn.turns import Lease, LeaseLost, Outcome, Prepared

log = logging.getLogger(__name__)

SWEEP_SECONDS = 2.0
RETRY_AFTER = (0.5, 1.0, 2.0)
DOWN_FOR = 15.0
# With the engine's own deadline of 10 s this keeps a turn well inside the 30 s lease.
PATIENCE_SECONDS = 8.0
# An event that broke so many turns is no longer given to the engine, and later no longer to our own rules either.
TRIES_WITH_ENGINE, TRIES = 3, 5
LONGEST_WAIT = timedelta(seconds=30)


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
        for conversation_id in await turns.due(self._ctx):
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
        wait = min(LONGEST_WAIT, timedelta(seconds=2**prepared.attempts))
        try:
            await turns.try_later(self._ctx, lease, prepared, wait)
        except (LeaseLost, SQLAlchemyError, OSError) as error:
            # Then the lease runs out by itself, and the sweep finds the event.
            log.warning(
                "not given back: %s", type(error).__name__, extra=log_format.log_fields(event=prepared.event_id)
            )

    async def _one(self, lease: Lease, prepared: Prepared) -> Prepared | None:
        """Work on one event; the one after it, or the same again when a new episode was begun."""
        typing = partial(self._hub.typing, lease.conversation_id, "assistant", self._ctx.support.assistant_name)
        if prepared.mode == "assistant":
            typing(True)
        turn = self.times.begun(prepared.event_id, prepared.arrived_at, self._ctx.clock())
        try:
            with turn.stage(turn_times.ANSWERED):
                outcome = await self._outcome(lease, prepared)
            if outcome is None:
                return await turns.prepare(self._ctx, lease)
            with turn.stage(turn_times.STORED):
                following = await turns.complete(self._ctx, lease, prepared, outcome)
            turn.by = outcome.by
            self.times.ended(turn)
            return following
        finally:
            typing(False)

    async def _outcome(self, lease: Lease, prepared: Prepared) -> Outcome | None:
        """Return what the turn brought; None when a new episode was begun and the event must be prepared anew."""
        if prepared.attempts > TRIES:
            log.error("left to a person", extra=log_format.log_fields(event=prepared.event_id))
            return await poison_message.to_a_person(self._ctx, lease, prepared)
        if prepared.fallback or prepared.attempts > TRIES_WITH_ENGINE:
            return await fallback.answer(self._ctx, lease, prepared, "continued" if prepared.fallback else "broke")
        began = time.monotonic()
        waits = iter(() if began < self._down_until else RETRY_AFTER)
        while True:
            try:
                outcome = await self._ask_rasa(lease, prepared)
                self._down_until = 0.0
                return outcome
            except ModelChanged:
                await turns.restart_episode(self._ctx, lease, "new_model")
                return None
            except EngineFailed as error:
                log.warning("%s", error, extra=log_format.log_fields(event=prepared.event_id))
                wait = next(waits, None)
                if wait is None or time.monotonic() - began > PATIENCE_SECONDS:
                    self._down_until = time.monotonic() + DOWN_FOR
                    return await fallback.answer(self._ctx, lease, prepared, error.code)
                await asyncio.sleep(wait)

    async def _ask_rasa(self, lease: Lease, prepared: Prepared) -> Outcome:
        if prepared.resume is not None:
            resumed = await self._engine.resume(prepared)
            if prepared.text is None and prepared.payload is None:
                return resumed
            await turns.resumed(self._ctx, lease, resumed.model_id)
        return await self._engine.turn(prepared)
