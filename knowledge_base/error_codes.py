"""Find the section of an error code: its heading holds exactly this code, else a line begins with it."""

import re
from collections.abc import Collection, Sequence

from bot.triage.text.plain_text import canonical
from knowledge_base.pieces import Piece

_RUN = re.compile(r"[^\W\d_]+|\d+")


def code_pattern(code: str) -> re.Pattern[str] | None:
    """Return what matches the code however its parts are joined; None for words without a figure.

    "QB-1101", "qb1101" and "QB 1101" are one code; QB-11012 is another.
    """
    runs = _RUN.findall(canonical(code))
    if not any(run.isdigit() for run in runs):
        return None
    return re.compile(rf"(?<![^\W_]){'[-_ ]?'.join(runs)}(?![^\W_])", re.IGNORECASE)


def code_row(code: str, pieces: Sequence[Piece], pages: Collection[str] = ()) -> int | None:
    """Return the place of the piece that is about the code, in these pages if any are named; None when none is.

    A heading goes before a line or table row that begins with the code.
    """
    wanted = code_pattern(code)
    if wanted is None:
        return None
    rows = [row for row, piece in enumerate(pieces) if not pages or piece.page_slug in pages]
    headed = next((row for row in rows if wanted.search(pieces[row].heading)), None)
    return headed if headed is not None else next((row for row in rows if _begins(wanted, pieces[row].text)), None)


def _begins(wanted: re.Pattern[str], text: str) -> bool:
    return any(wanted.match(line) for line in text.split("\n"))
