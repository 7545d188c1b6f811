"""A technician who does not answer: when the conversation goes back to the queue so that somebody else can take it.

Only the time in which the office is open counts. It begins when the customer wrote and nobody answered, and not
before the technician had the conversation, nor before a reply that was promised for later.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.triage.hours.office_hours import OfficeHours

# Nobody telephones for longer; a call that is still open then was forgotten.
LONGEST_CALL = timedelta(hours=4)


@dataclass(frozen=True)
class Wait:
    """How a customer waits for the technician who has the conversation.

    ``unanswered_since``: their first message that neither a message nor a call has answered; None when they did not
    write last. ``call_began``: the call that goes on now. ``promised_until``: "I will reply by then".
    """

    claimed_at: datetime
    unanswered_since: datetime | None
    call_began: datetime | None = None
    promised_until: datetime | None = None


def is_silent(wait: Wait, hours: OfficeHours, allowed: timedelta, now: datetime) -> bool:
    """Whether the technician has had ``allowed`` of open time to answer and has not."""
    if wait.unanswered_since is None or not hours.state_at(now).open:
        return False
    if wait.call_began is not None and now - wait.call_began < LONGEST_CALL:
        return False
    begun = max(wait.claimed_at, wait.unanswered_since, wait.promised_until or wait.claimed_at)
    return hours.open_time(begun, now) >= allowed
