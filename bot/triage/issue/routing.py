"""Classify a problem by its category, and select the category's routing questions.

The vendor's page: "We will need to route your call to the correct person so we may need to ask you a series of
questions." Categories and questions come from support.yml; the Tips page shows the same questions' ``tip`` lines.
"""

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.triage.text.plain_text import fold


@dataclass(frozen=True)
class Question:
    """One routing question; ``label`` names its line in the summary, ``tip`` is its line on the Tips page.

    ``detail`` names the field of ``details.Details`` that answers it unasked, ``words`` the things that it asks
    for, where the detail is found by their names. ``private_offer``: the customer may tell only the technician.
    ``even_in_a_hurry``: also asked of a customer who is short of patience.
    """

    id: str
    label: str
    ask: str
    why: str
    help: str | None = None
    choices: tuple[str, ...] = ()
    skippable: bool = True
    detail: str | None = None
    words: tuple[str, ...] = ()
    private_offer: bool = False
    even_in_a_hurry: bool = False
    tip: str = ""


@dataclass(frozen=True)
class Category:
    """A kind of problem, the team it goes to, and its questions in the order of asking."""

    id: str
    title: str
    team: str
    keywords: tuple[str, ...]
    questions: tuple[Question, ...]
    free_of_charge: bool = False


def categorise(text: str, categories: Iterable[Category]) -> Category | None:
    """Return the category whose keywords occur most often in the text; None when none occurs.

    A keyword of several words weighs as many. ``print*`` matches every word with that beginning. Of equals the first in
    support.yml wins, so list the particular above the general.
    """
    folded = fold(text)
    scored = [(_score(folded, category.keywords), category) for category in categories]
    best = max((score for score, _ in scored), default=0)
    return next((category for score, category in scored if score == best), None) if best else None


def open_questions(category: Category, answered: Collection[str], *, brief: bool = False) -> list[Question]:
    """Return the category's unanswered questions; when ``brief`` only those asked even in a hurry."""
    return [
        question
        for question in category.questions
        if question.id not in answered and (question.even_in_a_hurry or not brief)
    ]


def next_question(category: Category, answered: Collection[str], *, brief: bool = False) -> Question | None:
    """Return the first of the category's open questions; None when there is none."""
    return next(iter(open_questions(category, answered, brief=brief)), None)


def _score(folded: str, keywords: tuple[str, ...]) -> int:
    return sum(len(keyword.split()) for keyword in keywords if keyword_pattern(keyword).search(folded))


@lru_cache(maxsize=2048)
def keyword_pattern(keyword: str) -> re.Pattern[str]:
    """Return the pattern of a keyword in folded text: ``print*`` stands for every word that begins so."""
    words = (
        re.escape(word.removesuffix("*")) + (r"\w*" if word.endswith("*") else "") for word in fold(keyword).split()
    )
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(words) + r"(?!\w)")
