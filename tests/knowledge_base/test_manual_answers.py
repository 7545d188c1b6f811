"""The manual's answers to questions in customers' words: one half was used to set the weights, the other was not."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from bot.triage.text.print_lines import plain
from knowledge_base.search import Search

pytestmark = pytest.mark.xdist_group("search")
QUESTIONS = Path(__file__).with_name("manual_answers.jsonl")
# The least share of questions whose first answer holds what is asked, and of those where that or a near one does.
FLOORS = {("how_to", False): (0.82, 0.9), ("how_to", True): (0.76, 0.82)} | {
    ("yes_no", False): (0.8, 0.86),
    ("yes_no", True): (0.74, 0.78),
}


def asked(kind: str, held_out: bool) -> list[dict[str, Any]]:
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    return [one for one in map(json.loads, lines) if (one["kind"], one["held_out"]) == (kind, held_out)]


@pytest.mark.parametrize(("kind", "held_out"), FLOORS)
def test_the_answer_is_in_the_words_that_are_shown(whole_manual: Search, kind: str, held_out: bool) -> None:
    first = near = 0
    questions = asked(kind, held_out)
    for one in questions:
        answers = [
            plain("\n".join((found.title, *found.lines))) for found in whole_manual.answer(one["question"]).answers
        ]
        held = [any(re.search(words, answer, re.IGNORECASE) for words in one["holds"]) for answer in answers]
        first += held[0]
        near += any(held)
    print(f"{kind}, {'held out' if held_out else 'tuned'}: {first} and {near} of {len(questions)}")
    floor, floor_with_near = FLOORS[kind, held_out]
    assert first / len(questions) >= floor
    assert near / len(questions) >= floor_with_near
