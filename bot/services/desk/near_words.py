"""Forgive typing errors in a search of issues: a word that no issue has is taken for the nearest one that some have."""

import re
from collections import Counter
from collections.abc import Iterable

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import PROBLEM
from bot.store.tables import Contract, Customer, IntakeAnswer, Issue
from bot.triage.text.plain_text import canonical
from knowledge_base.edit_distance import within_distance

# The newest issues whose words are known, and how much of each problem.
MOST_ISSUES = 20_000
CHARACTERS = 300
SHORTEST_WORD = 4
LONG_WORD = 8
_WORD = re.compile(r"[^\W\d_]{3,}")


async def correct(session: AsyncSession, words: str) -> str | None:
    """Return the words with likely typing errors put right; None when each is known, or one is near to nothing."""
    known = Counter(word for text in await _texts(session) for word in _WORD.findall(canonical(text)))
    meant = [word if _is_known(word, known) else _nearest(word, known) for word in canonical(words).split()]
    right = [word for word in meant if word is not None]
    return " ".join(right) if len(right) == len(meant) and right != canonical(words).split() else None


async def _texts(session: AsyncSession) -> Iterable[str]:
    problem = (IntakeAnswer.intake_id == Issue.intake_id) & (IntakeAnswer.question_id == PROBLEM)
    query = (
        select(Issue.title, func.substr(IntakeAnswer.value, 1, CHARACTERS), Customer.name, Contract.company)
        .join(Customer, Customer.id == Issue.customer_id)
        .outerjoin(Contract, Contract.number == Customer.contract_number)
        .outerjoin(IntakeAnswer, problem)
        .order_by(Issue.id.desc())
        .limit(MOST_ISSUES)
    )
    return [text for row in await session.execute(query) for text in row if text]


def _is_known(word: str, known: Counter[str]) -> bool:
    return not word.isalpha() or len(word) < SHORTEST_WORD or word in known or any(word in other for other in known)


def _nearest(word: str, known: Counter[str]) -> str | None:
    """Return the nearest known word, of equals the most frequent: one edit away, two for a long word."""
    most = 2 if len(word) >= LONG_WORD else 1
    near = [
        (distance, -number, other)
        for other, number in known.items()
        if abs(len(other) - len(word)) <= most and (distance := within_distance(word, other, most)) is not None
    ]
    return min(near)[2] if near else None
