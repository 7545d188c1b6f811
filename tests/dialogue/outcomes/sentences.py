"""The sentences of the files beside this module."""

from pathlib import Path

HERE = Path(__file__).parent


def lines(name: str) -> list[str]:
    """Return the lines of a file, without headings."""
    found = (HERE / name).read_text(encoding="utf-8").splitlines()
    return [line.strip() for line in found if line.strip() and not line.startswith("#")]


def labelled(name: str) -> list[tuple[str, str]]:
    """Return (label, sentence) of a file whose lines are ``label | sentence``."""
    pairs = (line.split("|", 1) for line in lines(name))
    return [(label.strip(), sentence.strip()) for label, sentence in pairs]
