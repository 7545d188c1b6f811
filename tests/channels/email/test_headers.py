"""The zone of a mail's clock, whatever its Date header says."""

from email.message import Message

import pytest

from bot.channels.email.headers import time_zone
from bot.triage.hours.customer_zone import zone_of


@pytest.mark.parametrize(
    ("date", "zone"),
    [
        ("Mon, 30 Nov 2026 09:00:00 -0500", "Etc/GMT+5"),
        ("Mon, 30 Nov 2026 15:00:00 +0100", "Etc/GMT-1"),
        ("Mon, 30 Nov 2026 15:00:00 +1400 (somewhere)", "Etc/GMT-14"),
        ("Mon, 30 Nov 2026 15:00:00 EST", "Etc/GMT+5"),
        ("Mon, 30 Nov 2026 15:00:00 +0530", None),
        ("Mon, 30 Nov 2026 15:00:00 +0000", None),
        ("Mon, 30 Nov 2026 15:00:00 -0000", None),
        ("Mon, 30 Nov 2026 15:00:00 +9900", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_the_zone_is_the_offset_of_the_date(date: str, zone: str | None) -> None:
    message = Message()
    message["Date"] = date
    assert time_zone(message) == zone
    assert zone is None or zone_of(zone) is not None


def test_a_mail_without_a_date_has_no_zone() -> None:
    assert time_zone(Message()) is None
