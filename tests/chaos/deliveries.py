"""Count the deliveries that arrived outside, and tell a repetition that a kill caused from any other.

What leaves is sent at least once: a gateway that is killed after a target accepts and before that is recorded leaves a
row that says it was not sent. No sender can close that window, so a repetition counts as cut off by a kill when a
gateway was killed at the time of the delivery before it. A gateway that lives, is paused or is told to stop repeats
nothing.
"""

import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

# A living gateway records within this; one that was killed may have left the rest on the way to the target.
RECORDED_SECONDS = 1.0


@dataclass
class Deliveries:
    """The times of arrival of each id, by time.monotonic()."""

    times: dict[str, list[float]] = field(default_factory=dict)

    def add(self, name: str) -> None:
        self.times.setdefault(name, []).append(time.monotonic())

    def counted(self) -> Mapping[str, int]:
        """Return how often each id arrived."""
        return {name: len(times) for name, times in self.times.items()}

    def total(self) -> int:
        return sum(map(len, self.times.values()))

    def repeated(self, faults: Sequence[tuple[float, str]]) -> Iterator[str]:
        """Yield for each id that arrived more than once its times, and those of the faults, from its first arrival."""
        for times in (times for times in self.times.values() if len(times) > 1):
            again = ", ".join(f"{at - times[0]:.2f}" for at in times[1:])
            befell = ", ".join(f"{kind} {at - times[0]:.2f}" for at, kind in faults)
            yield f"arrived again after {again} s; faults of gateways, in seconds from then: {befell}"

    def cut_off(self, name: str, kills: Iterable[float]) -> int:
        """Return how many repetitions of the id follow a delivery at whose time a gateway was killed."""
        killed = list(kills)
        return sum(
            any(abs(kill - earlier) <= RECORDED_SECONDS and kill < later for kill in killed)
            for earlier, later in pairwise(self.times.get(name, ()))
        )
