"""Find the several ids of one heading: generators give it those of its section, of its targets and of its terms."""

import re
from collections.abc import Collection

_RUN = re.compile(r"""((?:<(?:div|section|span|a)\b[^<>]*>\s*(?:</(?:span|a)>\s*)?){1,12})<h[1-6]\b""", re.IGNORECASE)
_ID = re.compile(r"""\bid\s*=\s*["']([\w.:=~-]{1,200})["']""", re.IGNORECASE)


def anchor_aliases(markup: str, anchors: Collection[str]) -> dict[str, str]:
    """Return the other ids of a page's headings, each with the anchor that is kept of them."""
    found: dict[str, str] = {}
    for run in _RUN.finditer(markup):
        ids = _ID.findall(run[1])
        kept = next((one for one in ids if one in anchors), None)
        if kept is not None:
            found.update({one: kept for one in ids if one not in anchors})
    return found
