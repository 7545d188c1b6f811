"""Long texts in pieces that one activity can hold, cut where a reader would pause."""

import re

# Teams takes about 28 KB for a whole activity, counted in UTF-16; the rest is for names and what JSON adds.
MOST_BYTES = 20_000
# Where to cut, best first: between paragraphs, lines, sentences, words.
PAUSES = (re.compile(r"\n\n"), re.compile(r"\n"), re.compile(r"(?<=[.!?…。])\s"), re.compile(r"\s"))


def pieces(text: str, most: int = MOST_BYTES) -> list[str]:
    """The text in pieces of at most ``most`` bytes; together they are the text, less the blanks at the cuts.

    An open code block is closed at a cut and opened again after it.
    """
    found, rest = [], text
    while size(rest) > most:
        end, after = _cut(rest, most - len("\n```"))
        piece, rest = rest[:end], rest[after:]
        if piece.count("```") % 2:
            piece, rest = f"{piece}\n```", f"```\n{rest}"
        found.append(piece)
    return [*found, rest]


def size(text: str) -> int:
    """Bytes of the text as HTML, in UTF-8 or UTF-16, whichever is more."""
    return sum(_weight(character) for character in text)


def _weight(character: str) -> int:
    if character in "<>&":
        return 10
    if character == "\n":
        return 8
    return max(2, len(character.encode("utf-8", "replace")))


def _cut(text: str, most: int) -> tuple[int, int]:
    """Where the first piece ends and where the next begins."""
    fits = _fitting(text, most)
    for pause in PAUSES:
        places = [match.span() for match in pause.finditer(text, 0, fits + 1)]
        if places and places[-1][0] >= fits // 3:
            return places[-1]
    return fits, fits


def _fitting(text: str, most: int) -> int:
    used = 0
    for place, character in enumerate(text):
        used += _weight(character)
        if used > most:
            return place
    return len(text)
