"""Choose documents of a source by patterns of their paths, as `.gitignore` and shells write them."""

import re
from collections.abc import Sequence
from functools import lru_cache
from urllib.parse import unquote, urlsplit

MOST_PATTERNS = 50
LONGEST_PATTERN = 200


def is_wanted(name: str, include: Sequence[str], exclude: Sequence[str]) -> bool:
    """Return True for a file's path, or a page's address, that an inclusion names, if there are any, and no exclusion.

    ``*`` stands for any letters within a folder's name, ``**`` for any folders, ``?`` for one letter. A pattern without
    a slash is compared with each part of the path: `drafts` leaves out a folder, `*.txt` files.
    """
    path = unquote(urlsplit(name).path).strip("/") if "://" in name else name
    if any(_matches(path, pattern) for pattern in exclude):
        return False
    return not include or any(_matches(path, pattern) for pattern in include)


def _matches(path: str, pattern: str) -> bool:
    wanted = pattern.strip().strip("/")
    if not wanted:
        return False
    compiled = _compiled(wanted)
    if "/" not in wanted and "**" not in wanted:
        return any(compiled.fullmatch(part) for part in path.split("/"))
    return any(compiled.fullmatch(place) for place in _with_folders(path))


def _with_folders(path: str) -> list[str]:
    """Return the path and each folder around it, so that a folder's pattern holds for what lies in it."""
    parts = path.split("/")
    return ["/".join(parts[:count]) for count in range(len(parts), 0, -1)]


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    written, place = "", 0
    while place < len(pattern):
        if pattern.startswith("**/", place):
            written, place = written + "(?:.*/)?", place + 3
        elif pattern.startswith("**", place):
            written, place = written + ".*", place + 2
        else:
            character = pattern[place]
            written += {"*": "[^/]*", "?": "[^/]"}.get(character, re.escape(character))
            place += 1
    return re.compile(written, re.IGNORECASE)
