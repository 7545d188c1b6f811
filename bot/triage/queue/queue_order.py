"""The order of the queue.

The vendor's page promises "first-come, first-served"; support.yml may only sort kinds of customer into classes, and
name the impacts that move to the front of their class.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.triage.billing.entitlement import Kind
from bot.triage.reading.impact import Impact


@dataclass(frozen=True)
class Waiting:
    """A hand-off in the queue: its time, who pays (``entitlement.Kind``), and the issue's impact, if any."""

    hand_off_id: int
    conversation_id: str
    created_at: datetime
    entitlement: str
    impact: str | None


@dataclass(frozen=True)
class QueuePolicy:
    """``classes``: kinds of customer, each class served before the next. ``moves_ahead``: see the module."""

    classes: Sequence[Sequence[Kind]]
    moves_ahead: Sequence[Impact] = ()


def in_order(line: Iterable[Waiting], policy: QueuePolicy) -> list[Waiting]:
    """Sort the queue in the order of service. A kind of customer in no class comes after all classes."""
    rank = {str(kind): place for place, kinds in enumerate(policy.classes) for kind in kinds}
    ahead = {str(impact) for impact in policy.moves_ahead}

    def key(waiting: Waiting) -> tuple[int, bool, datetime, int]:
        place = rank.get(waiting.entitlement, len(policy.classes))
        return place, waiting.impact not in ahead, waiting.created_at, waiting.hand_off_id

    return sorted(line, key=key)
