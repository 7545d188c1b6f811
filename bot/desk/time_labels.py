"""Times as the desk's pages begin with them; scripts keep spans running and know the technician's own clock."""

from datetime import datetime, tzinfo


def duration(seconds: int) -> str:
    """A span in its two largest units: ``45 s``, ``12 min``, ``3 h 05 min``, ``2 d 4 h``."""
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        return f"{seconds} s"
    if minutes < 60:
        return f"{minutes} min"
    if hours < 24:
        return f"{hours} h {minutes % 60:02d} min"
    return f"{days} d {hours % 24} h"


def clock(moment: str, zone: tzinfo, now: datetime) -> str:
    """An ISO moment at the office's clock: the time alone today, with the date before that."""
    local, today = datetime.fromisoformat(moment).astimezone(zone), now.astimezone(zone)
    if local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year}, {local:%H:%M}"
