"""The silence rule: when an unanswered conversation returns to the queue, so that another technician can claim it.

Only open office time counts. It begins with the customer's first unanswered message, but not before the technician
claimed the conversation, nor before a reply that was promised for later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.triage.hours.office_hours import OfficeHours

# No call lasts longer; one that is still open then was never ended.
LONGEST_CALL = timedelta(hours=4)


@dataclass(frozen=True)
class Wait:
    """The state of a customer's wait for the owner's answer.

    ``unanswered_since``: their first message that neither a message nor a call has answered; None when they did not
    write last. ``call_began``: the start of the present call. ``promised_until``: the time of a promised reply.
    """

    claimed_at: datetime
    unanswered_since: datetime | None
    call_began: datetime | None = None
    promised_until: datetime | None = None


def is_silent(wait: Wait, hours: OfficeHours, allowed: timedelta, now: datetime) -> bool:
    """Return True when the owner had ``allowed`` of open time to answer and has not."""
    if wait.unanswered_since is None or not hours.state_at(now).open:
        return False
    if wait.call_began is not None and now - wait.call_began < LONGEST_CALL:
        return False
    begun = max(wait.claimed_at, wait.unanswered_since, wait.promised_until or wait.claimed_at)
    return hours.open_time(begun, now) >= allowed
