"""Find the manual's own warning against making a continuing harm worse."""

import re
from typing import TYPE_CHECKING

from bot.services.core.manual_search import Manual
from bot.triage.reading.impact import Impact

if TYPE_CHECKING:
    from knowledge_base.embedder import Embedded

# Written for everybody: it warns of nothing in particular, and answers how to report a problem, not how to do a thing.
TIPS_PAGE = "tips-for-faster-service"
# A sentence of the manual that begins so is a warning: docs/manual-style.md.
_WARNING = re.compile(r"(?:^|(?<=[.!?]\s))Do not [^\n]*?[.!](?=\s|$)", re.MULTILINE)
# A page warns of several things; only what makes this harm worse is worth saying now.
_MAKES_IT_WORSE = {
    Impact.DATA_LOSS: re.compile(
        r"\b(?:restore|overwrite|repair|rebuild|save|copy|copies|enter|work on|go on|delete the (?:file|company))\b"
    ),
    Impact.JOB_RUNNING: re.compile(r"\b(?:end|stop|switch off|close|interrupt|unplug|restart|start)\b"),
}


async def warning_for(
    manual: Manual, harmful: Impact, text: str, embedded: "Embedded | None" = None
) -> tuple[str, str] | None:
    """Return what the best page warns of, if it is this harm, and the page's title.

    None when no page fits, or it warns of other things.
    """
    result = await manual.find(text, 1, embedded)
    best = result.passages[0] if result is not None and result.confident and result.passages else None
    if best is None or best.page_slug == TIPS_PAGE:
        return None
    warnings = (match[0] for match in _WARNING.finditer(await manual.page_text(best.page_slug)))
    fitting = next((words for words in warnings if _MAKES_IT_WORSE[harmful].search(words)), None)
    return (fitting, best.page_title) if fitting else None
