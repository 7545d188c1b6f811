"""The summary of an issue within a message of ours: its lines go on the card, the sentences around it stay text."""

from collections.abc import Iterable
from dataclasses import dataclass

BULLET = "• "
# Longer lines stay text, which can be cut into several activities; a card cannot. In characters, of all lines.
MOST_ON_A_CARD = 3_000


@dataclass(frozen=True)
class Said:
    """``lines`` are (label, value); empty when the message is no summary, and then ``text`` is all of it."""

    text: str
    lines: tuple[tuple[str, str], ...] = ()


def take_all_apart(texts: Iterable[str]) -> Said:
    """Return the sentences of several messages, a paragraph each, and the lines of their summaries as far as a card
    has room.
    """
    sentences: list[str] = []
    lines: list[tuple[str, str]] = []
    room = MOST_ON_A_CARD
    for text in texts:
        said = take_apart(text, room)
        room -= sum(len(label) + len(value) for label, value in said.lines)
        sentences.append(said.text)
        lines += said.lines
    return Said("\n\n".join(filter(None, sentences)), tuple(lines))


def take_apart(text: str, room: int = MOST_ON_A_CARD) -> Said:
    """Return two lines or more in a row of the form ``• label: value`` make a summary.

    ``room``: how many characters of them a card can take.
    """
    lines = text.split("\n")
    marked = [place for place, line in enumerate(lines) if line.startswith(BULLET) and ": " in line]
    if len(marked) < 2 or marked != list(range(marked[0], marked[-1] + 1)):
        return Said(text)
    if sum(len(lines[place]) for place in marked) > room:
        return Said(text)
    rest = [line for place, line in enumerate(lines) if place not in set(marked)]
    told = (lines[place].removeprefix(BULLET).partition(": ") for place in marked)
    return Said("\n".join(rest), tuple((label, value) for label, _, value in told))
