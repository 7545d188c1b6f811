"""Measure a search on questions whose right pages are known (docs/search.md explains the metrics)."""

import math
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from knowledge_base.corpus import Question

DEPTH = 10


@dataclass(frozen=True)
class Answered:
    """The result of one question: pages best first, confidence, and milliseconds."""

    pages: Sequence[str]
    confident: bool
    milliseconds: float


Answer = Callable[[str], tuple[Sequence[str], bool]]
"""A search under test: a question in, up to DEPTH pages (best first) and whether it is confident out."""


def run_questions(answer: Answer, questions: Iterable[Question]) -> list[Answered]:
    """Put every question to the search, one after the other, and time each."""
    answered = []
    for question in questions:
        start = time.perf_counter()
        pages, confident = answer(question.text)
        answered.append(Answered(pages[:DEPTH], confident, (time.perf_counter() - start) * 1000))
    return answered


def evaluation_metrics(questions: Sequence[Question], answered: Sequence[Answered]) -> dict[str, float]:
    """Return the metrics of the contract in docs/search.md, rounded to four places.

    Ranking metrics are means over the questions that the corpus can answer, whether or not the search was confident;
    the abstention metrics are shares of those it can and those it cannot answer.
    """
    pairs = list(zip(questions, answered, strict=True))
    answerable = [(question, reply) for question, reply in pairs if question.doc_ids]
    unanswerable = [reply for question, reply in pairs if not question.doc_ids]
    times = sorted(reply.milliseconds for reply in answered)
    values = {
        "recall@1": _mean(_is_hit(question, reply, 1) for question, reply in answerable),
        "recall@3": _mean(_is_hit(question, reply, 3) for question, reply in answerable),
        "mrr@10": _mean(_reciprocal_rank(question, reply) for question, reply in answerable),
        "ndcg@10": _mean(_ndcg(question, reply) for question, reply in answerable),
        "p50_ms": percentile(times, 50),
        "p95_ms": percentile(times, 95),
        "questions": len(questions),
        "abstained_answerable": _mean(not reply.confident for _, reply in answerable),
        "abstained_unanswerable": _mean(not reply.confident for reply in unanswerable),
    }
    return {name: round(value, 4) for name, value in values.items()}


def percentile(ordered: Sequence[float], percent: int) -> float:
    """Return the nearest-rank percentile of values in ascending order; 0 of none."""
    return ordered[max(0, math.ceil(len(ordered) * percent / 100) - 1)] if ordered else 0.0


def _is_hit(question: Question, reply: Answered, depth: int) -> bool:
    """Return True when a right page is among the first ``depth``: one right answer is all a customer needs."""
    return any(page in question.doc_ids for page in reply.pages[:depth])


def _reciprocal_rank(question: Question, reply: Answered) -> float:
    ranks = (rank for rank, page in enumerate(reply.pages, 1) if page in question.doc_ids)
    return 1 / next(ranks, math.inf)


def _ndcg(question: Question, reply: Answered) -> float:
    gain = sum(_discount(rank) for rank, page in enumerate(reply.pages, 1) if page in question.doc_ids)
    best = sum(_discount(rank) for rank in range(1, min(len(question.doc_ids), DEPTH) + 1))
    return gain / best


def _discount(rank: int) -> float:
    return 1 / math.log2(rank + 1)


def _mean(values: Iterable[float]) -> float:
    collected = list(values)
    return sum(collected) / len(collected) if collected else 0.0
