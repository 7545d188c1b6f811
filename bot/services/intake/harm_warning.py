"""Warn of continuing harm before any question is asked, with the manual's own warning where it has one."""

import re
from dataclasses import dataclass

from bot.services.core.context import Context
from bot.triage.reading.impact import Impact, assess

# Written for everybody, so it warns of nothing in particular.
TIPS_PAGE = "tips-for-faster-service"
HARM_GOES_ON = (Impact.DATA_LOSS, Impact.JOB_RUNNING)
# A sentence of the manual that begins so is a warning: docs/manual-style.md.
_WARNING = re.compile(r"(?:^|(?<=[.!?]\s))Do not [^\n]*?[.!](?=\s|$)", re.MULTILINE)
# A page warns of several things; only what makes this harm worse is worth saying now.
_MAKES_IT_WORSE = {
    Impact.DATA_LOSS: re.compile(
        r"\b(?:restore|overwrite|repair|rebuild|save|copy|copies|enter|work on|go on|delete the (?:file|company))\b"
    ),
    Impact.JOB_RUNNING: re.compile(r"\b(?:end|stop|switch off|close|interrupt|unplug|restart|start)\b"),
}


@dataclass(frozen=True)
class ManualWarning:
    """A "Do not …" sentence of the manual, and the page it stands on."""

    words: str
    page_title: str


def first_harm(text: str, before: str = "") -> Impact | None:
    """Return the harm a message speaks of for the first time: lost data, a job still running; None for any other."""
    impact = assess(text, {})
    return impact if impact in HARM_GOES_ON and assess(before, {}) is not impact else None


async def warning_for(ctx: Context, harmful: Impact, text: str) -> ManualWarning | None:
    """Return what the best page warns of, if it is this harm; None when no page fits, or it warns of other things."""
    result = await ctx.manual.find(text, limit=1)
    best = result.passages[0] if result is not None and result.confident and result.passages else None
    if best is None or best.page_slug == TIPS_PAGE:
        return None
    warnings = (match[0] for match in _WARNING.finditer(await ctx.manual.page_text(best.page_slug)))
    fitting = next((words for words in warnings if _MAKES_IT_WORSE[harmful].search(words)), None)
    return ManualWarning(fitting, best.page_title) if fitting else None
