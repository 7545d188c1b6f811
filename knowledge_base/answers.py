"""Make an answer of a section: its numbered steps, the lines that decide a question, or a passage."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge_base.error_codes import code_pattern
from knowledge_base.section_store import MarkedSection
from knowledge_base.section_units import Unit, step_runs

MOST_STEPS = 7
# Characters in our notation.
LONGEST_PASSAGE, LONGEST_SENTENCE, SHORT_SECTION = 600, 320, 420

# An item that begins with a sentence in bold is a case of its own, not one of the things listed.
_ITS_OWN_SUBJECT = re.compile(r"\*\*[^*]+[.?!]\*\*")

# A plain text's worth as an answer to the question, which can be compared between texts.
Worth = Callable[[str], float]


@dataclass(frozen=True)
class Answer:
    """The answer of one section; ``page`` is the slug of its page.

    ``lines`` are in our notation; those of steps stand without their numbers, of which ``first`` is the first.
    ``more_url`` is where the steps go on when not all are here. ``decides`` is the plain text from the sentence on
    that answers best; empty for steps.
    """

    kind: Literal["steps", "sentence", "passage"]
    page: str
    title: str
    url: str
    lines: tuple[str, ...]
    first: int = 1
    more_url: str | None = None
    decides: str = ""
    picture: str = ""
    picture_text: str = ""


def has_steps(section: MarkedSection) -> bool:
    """Return whether the section has numbered instructions that begin with step 1."""
    return bool(step_runs(section.units))


def lists_faults(section: MarkedSection) -> bool:
    """Return whether the section is a list of cases, each with a subject of its own: what can go wrong."""
    own = sum(bool(_ITS_OWN_SUBJECT.match(unit.text)) for unit in section.units)
    return 2 * own > len(section.units)


def steps_answer(section: MarkedSection, worth: Worth) -> Answer | None:
    """Return the section's numbered steps, of several lists the one worth most; None when it has none."""
    runs = step_runs(section.units)
    if not runs:
        return None
    steps = max(runs, key=lambda run: worth(" ".join(run)))
    more = section.url if len(steps) > MOST_STEPS else None
    return Answer("steps", section.page_slug, section.title, section.url, tuple(steps[:MOST_STEPS]), more_url=more)


def passage_answer(section: MarkedSection, best: Unit | None = None) -> Answer:
    """Return the whole section when it is short, else the stretch from its best unit on; an instruction stays whole.

    A best unit that is a case of its own is returned alone.
    """
    units = section.units
    place = next((place for place, unit in enumerate(units) if unit is best), 0)
    if best is not None and _ITS_OWN_SUBJECT.match(best.text):
        units = [best]
    elif sum(len(unit.line) for unit in units) > LONGEST_PASSAGE:
        units = _stretch(units, place)
    lines = tuple(_numbered(units)) or (section.heading,)
    decides = _from(section.units, best, 0) if best is not None else ""
    return Answer("passage", section.page_slug, section.title, section.url, lines, decides=decides)


def sentence_answer(section: MarkedSection, unit: Unit, sentence: int) -> Answer:
    """Return the unit that decides, or of a long one the sentence at this place with what fits beside it.

    A short section is shown whole. An item of a list begins with the section's heading, without which it may say the
    opposite of what it means.
    """
    units = section.units
    decides = _from(units, unit, 0 if _ITS_OWN_SUBJECT.match(unit.text) else sentence)
    stands_alone = unit.kind == "step" or _ITS_OWN_SUBJECT.match(unit.text)
    if not stands_alone and sum(len(one.line) for one in units) <= SHORT_SECTION:
        lines = tuple(_numbered(units))
        return Answer("sentence", section.page_slug, section.title, section.url, lines, decides=decides)
    text = unit.text if len(unit.text) <= LONGEST_SENTENCE else _beside(unit.sentences, sentence)
    if unit.kind in ("item", "step") and section.heading != section.page_title:
        text = f"**{section.heading}{'' if section.heading.endswith('?') else ':'}** {text}"
    return Answer("sentence", section.page_slug, section.title, section.url, (text,), decides=decides)


def code_answer(code: str, section: MarkedSection) -> Answer:
    """Return the section of an error code; of one that lists several codes, the lines of this one."""
    wanted, units = code_pattern(code), section.units
    if wanted is not None and not wanted.search(section.heading):
        units = [unit for unit in units if unit.sentences and wanted.match(unit.sentences[0])] or units
    lines: list[Unit] = []
    length = 0
    for unit in units:
        length += len(unit.line)
        if lines and length > LONGEST_PASSAGE:
            break
        lines.append(unit)
    return Answer("passage", section.page_slug, section.title, section.url, tuple(_numbered(lines)))


def _from(units: Sequence[Unit], unit: Unit, sentence: int) -> str:
    """Return the plain text from a sentence of a unit on, as far as it is shown."""
    place = units.index(unit)
    later = (words for one in units[place + 1 :] for words in one.sentences)
    return " ".join([*unit.sentences[sentence:], *later])[:LONGEST_PASSAGE]


def _beside(sentences: Sequence[str], place: int) -> str:
    shown = sentences[place]
    for further in sentences[place + 1 :]:
        if len(shown) + len(further) > LONGEST_SENTENCE:
            break
        shown = f"{shown} {further}"
    return shown if len(shown) <= LONGEST_PASSAGE else f"{shown[:LONGEST_PASSAGE].rsplit(None, 1)[0]} …"


def _stretch(units: Sequence[Unit], best: int) -> list[Unit]:
    """Return the units from the best one on that fit; from the first step when it is a later one."""
    start = best - (units[best].number - 1) if units[best].kind == "step" else best
    kept, length = [units[max(start, 0)]], len(units[max(start, 0)].line)
    for unit in units[max(start, 0) + 1 :]:
        length += len(unit.line)
        if length > LONGEST_PASSAGE:
            break
        kept.append(unit)
    return kept


def _numbered(units: Sequence[Unit]) -> list[str]:
    return [f"{unit.number}. {unit.text}" if unit.kind == "step" else unit.line for unit in units]
