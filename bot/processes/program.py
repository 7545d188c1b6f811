"""The description of one program for the process manager."""

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
        return with_parent_death_signal(self.command)


def with_parent_death_signal(command: Sequence[str]) -> tuple[str, ...]:
    """Return the command wrapped so that it gets SIGTERM when its parent dies."""
    return (sys.executable, "-I", "-S", str(DIE_WITH_PARENT), *command)
