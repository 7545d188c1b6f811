"""Requests of support.yml are understood in sentences of customers, and what only sounds like one is left alone."""

from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bot.dialogue.evidence import Evidence, LookUpWanted, Nearness, NearnessLookUp
from bot.dialogue.reading import NOT_UNDERSTOOD, Reading
from bot.dialogue.request_reading import request_in
from bot.services.core.manual_search import Manual
from bot.services.understanding.request_nearness import nearness_to_requests
from knowledge_base.index import build_index
from knowledge_base.pages import read_manual
from tests.support.turn_contexts import SUPPORT, written

SENTENCES = YAML(typ="safe").load(Path(__file__).with_name("requests.yml").read_text(encoding="utf-8"))
NONE, THRESHOLD = "none", 0.5


@pytest.fixture(scope="module")
def manual(model_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Manual:
    """The sentence embedding beside an index by words alone."""
    home = tmp_path_factory.mktemp("home")
    (home / "embedding").symlink_to(model_home / "embedding")
    build_index(read_manual(Path("knowledge_base/manual")), home / "index", None)
    return Manual(home)


async def understood(manual: Manual, text: str, reading: Reading) -> str:
    """The id of the request that is understood, or "none"."""
    evidence = Evidence()
    while True:
        try:
            request = request_in(written(text), reading, evidence, SUPPORT)
        except LookUpWanted as wanted:
            assert isinstance(wanted.look_up, NearnessLookUp)
            near = await nearness_to_requests(manual, SUPPORT, wanted.look_up.text, None)
            evidence = evidence.joined(wanted.look_up, Nearness(near))
        else:
            return request.id if request else NONE


@pytest.mark.parametrize(("part", "least_right", "most_swallowed"), [("tuned", 0.95, 0.03), ("held_out", 0.9, 0.05)])
async def test_requests_are_understood_and_near_misses_are_left_alone(
    manual: Manual, part: str, least_right: float, most_swallowed: float
) -> None:
    wrong, requests, others = [], 0, 0
    for meant, sentences in SENTENCES[part].items():
        for text, label, confidence in sentences:
            reading = Reading(label if confidence >= THRESHOLD else NOT_UNDERSTOOD, confidence)
            requests, others = requests + (meant != NONE), others + (meant == NONE)
            found = await understood(manual, text, reading)
            if found != meant:
                wrong.append((meant, found, text))
    swallowed = [one for one in wrong if one[0] == NONE]
    assert len(wrong) - len(swallowed) <= (1 - least_right) * requests, wrong
    assert len(swallowed) <= most_swallowed * others, swallowed


async def test_an_operators_example_is_understood_whatever_the_classifier_says(manual: Manual) -> None:
    examples = [(request.id, text) for request in SUPPORT.requests for text in request.examples]
    sure_of_another = Reading("how_to", 0.99)
    missed = [text for name, text in examples if await understood(manual, text, sure_of_another) != name]
    assert len(missed) <= 0.03 * len(examples), missed
