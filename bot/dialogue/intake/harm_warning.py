"""Tell when a message speaks of continuing harm, of which a warning is given before any question is asked."""

from bot.triage.reading.impact import Impact, assess

HARM_GOES_ON = (Impact.DATA_LOSS, Impact.JOB_RUNNING)


def first_harm(text: str, before: str = "") -> Impact | None:
    """Return the harm a message speaks of for the first time: lost data, a job still running; None for any other."""
    impact = assess(text, {})
    return impact if impact in HARM_GOES_ON and assess(before, {}) is not impact else None
