"""The name of a file as it is stored: one line without path, card numbers and what no computer takes in a name."""

from bot.triage.privacy.redaction import redact_field
from bot.triage.text.plain_text import visible

LONGEST = 200  # characters
NAMELESS = "file"
_LONGEST_ENDING = 24
_NOT_IN_NAMES = '"<>|:*?'


def safe_name(name: str) -> str:
    """Return the name with its ending kept: what is too long is cut out of the stem.

    Cut before it is read, so that a name of megabytes costs no more than a short one.
    """
    base = _shortened(name.replace("\\", "/").rsplit("/", 1)[-1], 4 * LONGEST)
    plain = "".join(char for char in visible(base) if char.isprintable() and char not in _NOT_IN_NAMES)
    return _shortened(redact_field(plain.strip(" .")).text, LONGEST).strip() or NAMELESS


def _shortened(name: str, longest: int) -> str:
    if len(name) <= longest:
        return name
    ending = name[-_LONGEST_ENDING:]
    ending = ending[ending.index(".") :] if "." in ending else ""
    return name[: longest - len(ending) - 1] + "…" + ending
