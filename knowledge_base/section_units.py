"""Split a section in our notation into units: paragraphs, items, steps and warnings, each able to stand alone."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.triage.text.markup import Blocks, CodeBlock, Inlines, Item, List, Paragraph, Quote, words_of
from bot.triage.text.parse_markup import parse_markup
from bot.triage.text.print_lines import NOTATION, print_inlines, to_notation

# A figure's full stop ("3.", "12.2") and the one of "e.g." end no sentence.
_SENTENCE_END = re.compile(r"(?<=[^\d\s][.!?])(?<!e\.g\.)(?<!i\.e\.)\s+(?=\S)|(?<=[。！？])")


@dataclass(frozen=True)
class Unit:
    """A paragraph, an item of a list, a numbered step, a warning or code.

    ``text`` is in our notation without the mark of an item or quote, ``sentences`` are its plain sentences, ``number``
    is that of a step.
    """

    kind: Literal["paragraph", "item", "step", "quote", "code"]
    text: str
    sentences: tuple[str, ...]
    number: int = 0

    @property
    def line(self) -> str:
        """Return the unit as a line of our notation."""
        return f"- {self.text}" if self.kind == "item" else self.text


def units_of(marked: str) -> list[Unit]:
    """Return the units of a section in reading order."""
    return list(_units(parse_markup(marked), quoted=False))


def _units(blocks: Blocks, *, quoted: bool) -> Iterator[Unit]:
    for block in blocks:
        if isinstance(block, Paragraph):
            yield from (_line(line, quoted=quoted) for line in block.lines if words_of(line).strip())
        elif isinstance(block, Quote):
            yield from _units(block.blocks, quoted=True)
        elif isinstance(block, CodeBlock):
            yield Unit("code", to_notation((block,)), tuple(block.text.splitlines()))
        else:
            yield from (_item(item, block, place) for place, item in enumerate(block.items))


def _line(line: Inlines, *, quoted: bool) -> Unit:
    return Unit("quote" if quoted else "paragraph", print_inlines(line, NOTATION).strip(), sentences_of(words_of(line)))


def _item(item: Item, around: List, place: int) -> Unit:
    first, *others = item.lines
    inner = [f"   {line}" for one in item.lists for line in to_notation((one,)).split("\n")]
    text = [print_inlines(first, NOTATION), *(f"   {print_inlines(line, NOTATION)}" for line in others), *inner]
    words = " ".join([*(words_of(line) for line in item.lines), *(line.strip() for line in inner)])
    kind: Literal["item", "step"] = "item" if around.start is None else "step"
    return Unit(kind, "\n".join(text), sentences_of(words), (around.start or 0) + place)


def sentences_of(text: str) -> tuple[str, ...]:
    """Return the sentences of plain text."""
    return tuple(sentence for part in _SENTENCE_END.split(text) if (sentence := part.strip()))


def step_runs(units: Sequence[Unit]) -> list[list[str]]:
    """Return the numbered instructions of a section, each from its step 1 on, as the steps' texts.

    Code or a paragraph between two steps belongs to the step above it.
    """
    runs: list[list[str]] = []
    between: list[str] = []
    for unit in units:
        if unit.kind == "step" and unit.number == 1:
            runs.append([unit.text])
        elif unit.kind == "step" and runs and unit.number == len(runs[-1]) + 1:
            runs[-1][-1] = "\n".join([runs[-1][-1], *(f"   {line}" for line in between)])
            runs[-1].append(unit.text)
        elif unit.kind != "step":
            between += unit.line.split("\n")
            continue
        between = []
    return runs
