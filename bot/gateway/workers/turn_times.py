"""Measure the duration of turns by stage, for ``/metrics`` and for one log line per turn."""

import logging
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from prometheus_client import CollectorRegistry, Histogram

from bot.services.core import log_format

log = logging.getLogger(__name__)

# From what a turn takes on an idle machine to the deadlines of the engine and of a turn that is tried again.
BUCKETS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)
WAITED, ANSWERED, STORED, WHOLE = "waited", "answered", "stored", "whole"


@dataclass
class OneTurn:
    """The stages of one turn in seconds. ``answered`` is the engine's part, or that of the plain rules."""

    event_id: int
    seconds: dict[str, float] = field(default_factory=dict)
    by: str = ""

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure a part of it that succeeds."""
        began = time.monotonic()
        yield
        self.seconds[name] = time.monotonic() - began


class TurnTimes:
    """The turns of this gateway since it was started."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._stages = Histogram(
            "techref_turn_stage_seconds",
            "Time of turns by stage: waited (from the message on), answered (by engine or rules), stored, whole",
            ["stage"],
            buckets=BUCKETS,
            registry=self.registry,
        )

    def begun(self, event_id: int, arrived_at: datetime, now: datetime) -> OneTurn:
        return OneTurn(event_id, {WAITED: max(0.0, (now - arrived_at).total_seconds())})

    def ended(self, turn: OneTurn) -> None:
        """Count the turn and tell it in the log."""
        turn.seconds[WHOLE] = sum(turn.seconds.values())
        for stage, seconds in turn.seconds.items():
            self._stages.labels(stage).observe(seconds)
        told = {stage: round(seconds, 3) for stage, seconds in turn.seconds.items()}
        log.info("turn ended", extra=log_format.log_fields(event=turn.event_id, by=turn.by, **told))
