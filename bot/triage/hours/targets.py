"""Targets of an issue: within which opening time it is answered first, and solved."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.triage.hours.office_hours import OfficeHours

# The share of a target after which it is said to be near.
NEAR = 0.75


class Goal(StrEnum):
    """The goals that a target is set for."""

    FIRST_ANSWER = "first_answer"
    SOLUTION = "solution"


@dataclass(frozen=True)
class Progress:
    """The moments of an issue that targets are measured by; None for what has not happened."""

    logged_at: datetime
    answered_at: datetime | None
    resolved_at: datetime | None


@dataclass(frozen=True)
class TargetWarning:
    """A target that is near or missed. ``left``: opening time until then, negative once it is missed."""

    goal: Goal
    left: timedelta

    @property
    def missed(self) -> bool:
        return self.left < timedelta()


def warning_of(
    hours: OfficeHours, targets: dict[Goal, timedelta], progress: Progress, now: datetime
) -> TargetWarning | None:
    """Return the target of an open issue that is near or missed: the first answer's while there is none, then the
    solution's; None when neither presses.
    """
    if progress.resolved_at is not None:
        return None
    goal = Goal.FIRST_ANSWER if progress.answered_at is None else Goal.SOLUTION
    for wanted in dict.fromkeys((goal, Goal.SOLUTION)):
        if (allowed := targets.get(wanted)) is None:
            continue
        left = allowed - hours.open_time(progress.logged_at, now)
        if left < allowed * (1 - NEAR):
            return TargetWarning(wanted, left)
    return None


def was_met(hours: OfficeHours, allowed: timedelta, logged_at: datetime, reached_at: datetime) -> bool:
    """Return whether it took no more opening time than the target allows."""
    return hours.open_time(logged_at, reached_at) <= allowed
