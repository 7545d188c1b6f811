"""Find who is mentioned in a note: ``@Anna Meyer``, or ``@Anna`` where only one of them has that first name."""

from collections import Counter
from collections.abc import Mapping


def mentioned(text: str, names: Mapping[int, str]) -> set[int]:
    """Return the ids of those whose name stands behind an ``@`` in the text. ``names`` are full names by id."""
    spoken = _spoken(names)
    folded = text.casefold()
    found: set[int] = set()
    at = folded.find("@")
    while at >= 0:
        fitting = [name for name in spoken if folded.startswith(name, at + 1) and _ends(folded, at + 1 + len(name))]
        if fitting and (at == 0 or not folded[at - 1].isalnum()):
            found |= spoken[max(fitting, key=len)]
        at = folded.find("@", at + 1)
    return found


def _spoken(names: Mapping[int, str]) -> dict[str, set[int]]:
    """Return what may be written for whom: full names, and first names that are one person's."""
    full = {person: " ".join(name.split()).casefold() for person, name in names.items() if name.strip()}
    first = Counter(name.split()[0] for name in full.values())
    spoken: dict[str, set[int]] = {}
    for person, name in full.items():
        spoken.setdefault(name, set()).add(person)
    for person, name in full.items():
        if first[name.split()[0]] == 1:
            spoken.setdefault(name.split()[0], {person})
    return spoken


def _ends(text: str, place: int) -> bool:
    """Return whether a word ends here: ``@Ann`` is not the beginning of ``@Annabel``."""
    return place >= len(text) or not text[place].isalnum()
