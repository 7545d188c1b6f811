"""The summary of an issue within a message of ours: its lines go on the card, the sentences around it stay text."""

from dataclasses import dataclass

BULLET = "• "
# Longer lines stay text, which can be cut into several activities; a card cannot. In characters, of all lines.
MOST_ON_A_CARD = 3_000


@dataclass(frozen=True)
class Said:
    """``lines`` are (label, value); empty when the message is no summary, and then ``text`` is all of it."""

    text: str
    lines: tuple[tuple[str, str], ...] = ()


def take_apart(text: str) -> Said:
    """Return two lines or more in a row of the form ``• label: value`` make a summary."""
    lines = text.split("\n")
    marked = [place for place, line in enumerate(lines) if line.startswith(BULLET) and ": " in line]
    if len(marked) < 2 or marked != list(range(marked[0], marked[-1] + 1)):
        return Said(text)
    if sum(len(lines[place]) for place in marked) > MOST_ON_A_CARD:
        return Said(text)
    rest = [line for place, line in enumerate(lines) if place not in set(marked)]
    told = (lines[place].removeprefix(BULLET).partition(": ") for place in marked)
    return Said("\n".join(rest), tuple((label, value) for label, _, value in told))
