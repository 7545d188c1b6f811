"""What the process manager is asked to keep running."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

DIE_WITH_PARENT = Path(__file__).with_name("die_with_parent.py")


@dataclass(frozen=True)
class Program:
    """One long-running process. ``priority``: the lowest starts first and stops last."""

    name: str
    command: tuple[str, ...]
    priority: int
    colour: str = "white"

    def guarded_command(self) -> tuple[str, ...]:
        return guarded(self.command)


def guarded(command: Sequence[str]) -> tuple[str, ...]:
    """The same command, told to stop when the process that starts it dies."""
    return (sys.executable, "-I", "-S", str(DIE_WITH_PARENT), *command)
