"""A length of time as people say it: "30 minutes", "1 hour", "2 hours 15 minutes"."""


def in_words(minutes: int) -> str:
    """``minutes`` in hours and minutes; below zero counts as none."""
    hours, rest = divmod(max(0, minutes), 60)
    parts = [f"{hours} {'hour' if hours == 1 else 'hours'}"] if hours else []
    if rest or not parts:
        parts.append(f"{rest} {'minute' if rest == 1 else 'minutes'}")
    return " ".join(parts)
