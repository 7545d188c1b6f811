"""Tell when a message speaks of continuing harm, of which a warning is given before any question is asked."""

from bot.triage.reading.impact import Impact, assess

HARM_GOES_ON = (Impact.ATTACK, Impact.DATA_LOSS, Impact.JOB_RUNNING)
# What the manual says of other troubles makes these worse.
PAST_THE_MANUAL = (Impact.ATTACK, Impact.DATA_LOSS)


def first_harm(text: str, before: str = "") -> Impact | None:
    """Return the harm a message tells of for the first time: an attack, lost data, a running job."""
    impact = assess(text, {})
    return impact if impact in HARM_GOES_ON and assess(before, {}) is not impact else None
