"""Rasa's own test of the policies, on the model that the stack serves. It runs no action: see the stories' file."""

import json
from pathlib import Path

import pytest

from tests.support.running_stack import RunningStack

pytestmark = [pytest.mark.stack, pytest.mark.timeout(300)]
STORIES = Path(__file__).parent / "stories"


def test_the_policies_choose_what_the_stories_say(stack: RunningStack, tmp_path: Path) -> None:
    model = stack.home / "models" / "techref.tar.gz"
    wanted = ["--stories", str(STORIES), "--out", str(tmp_path), "--no-plot", "--fail-on-prediction-errors"]
    stack.command("rasa", "test", "core", "--model", str(model), *wanted)
    report = json.loads((tmp_path / "story_report.json").read_text())["conversation_accuracy"]
    assert report["total"] >= 8 and report["correct"] == report["total"], report
