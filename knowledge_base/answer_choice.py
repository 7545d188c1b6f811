"""Choose the section and the lines that answer a question, among the sections of the pages that search puts first."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from knowledge_base.answers import Answer, Worth, has_steps, lists_faults, passage_answer, sentence_answer, steps_answer
from knowledge_base.asked import Asked
from knowledge_base.section_store import MarkedSection
from knowledge_base.section_units import Unit

# Weights beside a section's likeness, set on the tuned half of tests/knowledge_base/manual_answers.jsonl.
SENTENCE, WORDS, WORDS_OF_HEADING = 0.4, 0.3, 0.25
STEPS, FIRST_STEPS, ASKS_THE_PAGE, INTRODUCTION, LATER_PAGE = 0.1, 0.05, 0.1, 0.8, 0.1
FAULTS = 0.15
# The same for the sentence that decides a question.
SECTION_OF_A_FACT, FACT, FACT_WORDS, FACT_HEADING, STEP_IS_NO_FACT, SHAPE = 0.6, 1.65, 0.4, 0.1, 0.45, 0.2
WORDS_AROUND_A_FACT, INTRODUCTION_OF_FACTS = 0.1, 0.05
# A second section is named beside the answer when its score is at most this much lower.
NEAR = 0.15
MOST_ANSWERS = 3


@dataclass(frozen=True)
class Candidate:
    """A section that may answer, with its score and its best unit; for a fact also the sentence that decides."""

    score: float
    section: MarkedSection
    unit: Unit | None
    sentence: int | None = None


def choose_answers(asked: Asked, rows: Sequence[int], *, fact: bool, trouble: bool) -> list[Answer]:
    """Return the answer of the best section, then those of near ones, at most three in all.

    ``rows`` are the best sections of the best pages in their order. ``fact``: a sentence is wanted, not a way to do it.
    ``trouble``: the question says that something does not go as it should.
    """
    pages = [(place, asked.sections_of_page(row)) for place, row in enumerate(rows)]
    found = [one for place, page in pages for one in (_facts(page, asked) if fact else _ways(page, place, asked))]
    if not fact and not trouble:
        found = [replace(one, score=one.score - FAULTS * lists_faults(one.section)) for one in found]
    found.sort(key=lambda one: -one.score)
    return [_answer(one, asked.worth) for one in found[:MOST_ANSWERS] if one.score >= found[0].score - NEAR]


def _answer(one: Candidate, worth: Worth) -> Answer:
    section = one.section
    if one.unit is not None and one.sentence is not None:
        answer = sentence_answer(section, one.unit, one.sentence)
    else:
        answer = steps_answer(section, worth) or passage_answer(section, one.unit)
    return replace(answer, picture=section.picture, picture_text=section.picture_text)


def _ways(page: Sequence[tuple[MarkedSection, float]], place: int, asked: Asked) -> Iterator[Candidate]:
    """Yield a page's sections as ways to do what is asked."""
    worth = asked.worth
    first = next((one.anchor for one, _ in page if one.anchor and has_steps(one)), None)
    best = max(page, key=lambda one: one[1])[0].anchor
    for section, alike in page:
        near, unit = _best_unit(section, asked)
        score = alike + SENTENCE * near
        score += WORDS * worth(f"{section.title}\n{section.marked}") + WORDS_OF_HEADING * worth(section.heading)
        score += STEPS * has_steps(section) + FIRST_STEPS * (section.anchor == first)
        # A question that the introduction fits best is about the page's first instructions.
        score += ASKS_THE_PAGE * (not best and section.anchor == first)
        score -= INTRODUCTION * (not section.anchor and first is not None) + LATER_PAGE * (place > 0)
        yield Candidate(score, section, unit)


def _best_unit(section: MarkedSection, asked: Asked) -> tuple[float, Unit | None]:
    """Return how near the section's nearest sentence is, and its unit; none of a section without words."""
    near = iter(asked.nearness(section))
    rated = [(next(near), unit) for unit in section.units for _ in unit.sentences]
    return max(rated, key=lambda one: one[0], default=(0.0, None))


def _facts(page: Sequence[tuple[MarkedSection, float]], asked: Asked) -> Iterator[Candidate]:
    """Yield of each section of a page the sentence that decides best."""
    for section, alike in page:
        near = iter(asked.nearness(section))
        about = SECTION_OF_A_FACT * alike + FACT_HEADING * asked.worth(section.heading)
        about += WORDS_AROUND_A_FACT * asked.worth(f"{section.title}\n{section.marked}")
        about -= INTRODUCTION_OF_FACTS * (not section.anchor)
        facts = [
            Candidate(about + FACT * next(near) + worth + SHAPE * asked.wants(sentence), section, unit, at)
            for unit, worth in ((unit, _worth_of_unit(section, unit, asked)) for unit in section.units)
            for at, sentence in enumerate(unit.sentences)
        ]
        best = max(facts, key=lambda one: one.score, default=None)
        if best is not None:
            yield best


def _worth_of_unit(section: MarkedSection, unit: Unit, asked: Asked) -> float:
    """Return the worth of a unit's words behind its section's title; a step says what to do, seldom what is so."""
    return FACT_WORDS * asked.worth(f"{section.title}\n{unit.text}") - STEP_IS_NO_FACT * (unit.kind == "step")
