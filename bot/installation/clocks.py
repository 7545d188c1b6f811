"""Compare our clock with that of an outside service, which signs or limits its requests by time."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from bot.installation.finding import Finding

WORTH_KNOWING = 30.0


def check_clock(told: str | None, whose: str, most: timedelta) -> Iterator[Finding]:
    """Compare the clock with the Date header of an answer; from ``most`` on the service's requests are refused."""
    try:
        theirs = parsedate_to_datetime(told or "")
    except ValueError:
        return
    seconds = abs((datetime.now(UTC) - theirs).total_seconds())
    fine: bool | None = True if seconds < WORTH_KNOWING else None
    if seconds >= most.total_seconds():
        fine = False
    remedy = "" if fine else "Let the machine set its clock by NTP: what is older than a few minutes is not believed."
    yield Finding("clock", fine, f"differs from {whose} by {seconds:.0f} s", remedy)
