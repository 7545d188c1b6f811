"""The running engine understands the held-out sentences as well as it promises (docs/understanding.md)."""

from dataclasses import dataclass

import httpx
import pytest

from tests.dialogue.nlu_files import HELD_OUT_FILE, read_examples
from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]

NOT_UNDERSTOOD = "nlu_fallback"
NOT_OURS = "out_of_scope"


@dataclass(frozen=True)
class RecordedTurn:
    """A held-out sentence: what it means, what the engine makes of it, and its first guess below the threshold."""

    meant: str
    understood: str
    guess: str

    @property
    def refused(self) -> bool:
        return self.understood in (NOT_UNDERSTOOD, NOT_OURS)


@pytest.fixture(scope="module")
def recorded(stack: RunningStack) -> list[RecordedTurn]:
    secret = (stack.home / "internal_secret").read_text().strip()
    found = []
    address = f"http://127.0.0.1:{stack.rasa_port}"
    with httpx.Client(base_url=address, headers={"X-TechRef-Secret": secret}, timeout=60, trust_env=False) as rasa:
        for meant, sentences in read_examples(HELD_OUT_FILE).items():
            for sentence in sentences:
                answer = rasa.post("/model/parse", json={"text": sentence})
                assert answer.status_code == 200, answer.text
                parsed = answer.json()
                names = [one["name"] for one in parsed["intent_ranking"] if one["name"] != NOT_UNDERSTOOD]
                found.append(RecordedTurn(meant, parsed["intent"]["name"], names[0]))
    return found


def f1(recorded: list[RecordedTurn], intent: str) -> float:
    right = sum(one.meant == one.guess == intent for one in recorded)
    return 2 * right / (sum(one.meant == intent for one in recorded) + sum(one.guess == intent for one in recorded))


def test_nine_of_ten_sentences_are_understood(recorded: list[RecordedTurn]) -> None:
    assert sum(one.meant == one.guess for one in recorded) / len(recorded) >= 0.90


@pytest.mark.parametrize("intent", ["how_to", "report_issue"])
def test_questions_and_problems_are_distinguished(recorded: list[RecordedTurn], intent: str) -> None:
    assert f1(recorded, intent) >= 0.90


def test_what_is_not_ours_is_recognised_and_customers_are_not_refused(recorded: list[RecordedTurn]) -> None:
    strangers = [one for one in recorded if one.meant == NOT_OURS]
    customers = [one for one in recorded if one.meant != NOT_OURS]
    assert sum(one.refused for one in strangers) / len(strangers) >= 0.80
    assert sum(one.refused for one in customers) / len(customers) <= 0.05
