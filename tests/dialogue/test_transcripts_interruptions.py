"""Every interruption at every kind of question: answered, never taken for an answer, the same question again."""

from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from tests.dialogue.transcript import Player
from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(600)]
FOLDER = Path(__file__).parent / "transcripts" / "interruptions"
AT_ONCE = 4
Json = dict[str, Any]


def _read(name: str) -> Json:
    read: Json = YAML(typ="safe").load((FOLDER / name).read_text(encoding="utf-8"))
    return read


KINDS, INTERRUPTIONS = _read("kinds.yml"), _read("interruptions.yml")


class Interrupter(Player):
    """Goes to a question, interrupts it in every way, cancels, goes on, and finds it as it was."""

    def interrupts(self, kind: Json) -> None:
        self.play([*self._way_there(kind), {"interrupt": kind["asks"]}])

    def _way_there(self, kind: Json) -> list[Json]:
        steps = [{"say": step["say"]} for step in kind["steps"]]
        steps[-1]["asks"] = kind["asks"]
        return steps

    def _step(self, step: Json) -> None:
        if "interrupt" not in step:
            super()._step(step)
            return
        question, before = step["interrupt"], self._answers()
        for line in INTERRUPTIONS.values():
            super()._step({**line, "asks": question})
            assert self._answers() == before, "an answer changed"
        super()._step({"say": "cancel", "draft": {"state": "kept"}})
        super()._step({"say": "go on", "draft": {"state": "open"}})
        assert self._answers() == before, "an answer was lost"

    def _answers(self) -> Json:
        return {name: answer["value"] for name, answer in self.talker.draft()["answers"].items()}


@pytest.fixture(scope="module")
def interrupted(stack: RunningStack) -> Iterator[dict[str, Future[None]]]:
    with ThreadPoolExecutor(AT_ONCE) as pool:
        yield {
            name: pool.submit(Interrupter(stack.url, stack.home, _no_desk).interrupts, kind)
            for name, kind in KINDS.items()
        }


def _no_desk() -> Any:
    raise AssertionError("no technician is needed here")


@pytest.mark.parametrize("kind", KINDS)
def test_the_very_question_is_asked_again(interrupted: dict[str, Future[None]], kind: str) -> None:
    interrupted[kind].result()
