"""Cut a long text under a channel's limit where a reader would pause: paragraph, line, sentence, word."""

import re
from collections.abc import Callable

_PAUSES = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    re.compile(r"(?<=[.!?…])[\"”’)\]]*\s"),
    re.compile(r"\s"),
)
FENCE = "```"
# A pause is only worth taking when it does not leave a scrap behind.
LEAST_SHARE = 0.4


def split_text(text: str, limit: int, size: Callable[[str], int] = len) -> list[str]:
    """Return the text in pieces whose ``size``, as the channel counts it, is at most ``limit``.

    Nothing is left out but white space at the cuts. A block of code that is cut is closed and opened again.
    """
    pieces: list[str] = []
    rest = text.strip()
    while size(rest) > limit:
        room = limit - 2 * len(FENCE) - 2
        end = _end(rest, room, size)
        piece, rest = rest[:end].rstrip(), rest[end:].lstrip("\n ")
        if piece.count(FENCE) % 2:
            piece, rest = f"{piece}\n{FENCE}", f"{FENCE}\n{rest}"
        pieces.append(piece)
    return [*pieces, rest] if rest or not pieces else pieces


def _end(text: str, room: int, size: Callable[[str], int]) -> int:
    """Return where the first piece ends: the last pause before the most that fits."""
    low, high = 1, min(len(text), room)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if size(text[:middle]) <= room else (low, middle - 1)
    most = low
    for pause in _PAUSES:
        ends = [found.end() for found in pause.finditer(text, 0, most)]
        if ends and ends[-1] >= most * LEAST_SHARE:
            return ends[-1]
    return most
