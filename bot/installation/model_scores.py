"""Score a new dialogue model on the held-out sentences, and compare it with the one in use.

The sentences are never trained on (tests/dialogue/held_out_nlu.yml), so the scores predict the accuracy with new
customers.
"""

import json
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.installation.environment import engine_environment
from bot.installation.fingerprint import fingerprint
from bot.installation.places import ENGINE_PYTHON, ROOT, model_file
from bot.services.understanding.learned_examples import HELD_OUT
from bot.settings.env.settings import Settings

LIMIT_SECONDS = 900
# The two intents that decide between the manual and an issue.
WATCHED = ("how_to", "report_issue")
# Smaller losses are chance: twelve of twelve hundred sentences, one or two of an intent's sixty.
ACCURACY_LOSS, F1_LOSS, RECALL_LOSS, REJECTION_GAIN = 0.010, 0.020, 0.030, 0.010

Scores = dict[str, Any]


class NotMeasured(Exception):
    """The model could not be asked; the message is the end of the engine's output."""


@dataclass(frozen=True)
class Comparison:
    """Scores before (None: nothing to compare with) and after; None after when there is no held-out set here."""

    before: Scores | None
    after: Scores

    @property
    def worse(self) -> list[str]:
        """Return the clear losses, a line each."""
        if self.before is None:
            return []
        limits = {
            "accuracy": -ACCURACY_LOSS,
            "out_of_scope_recall": -RECALL_LOSS,
            **dict.fromkeys(WATCHED, -F1_LOSS),
        }
        before, after = _flat(self.before), _flat(self.after)
        lost = [name for name, limit in limits.items() if after[name] - before[name] < limit]
        if after["false_rejections"] - before["false_rejections"] > REJECTION_GAIN:
            lost.append("false_rejections")
        return [_line(name, before, after) for name in lost]

    def lines(self) -> list[str]:
        """Return the change of each score, a line each, for a person."""
        before, after = _flat(self.before or {}), _flat(self.after)
        names = ["accuracy", *WATCHED, "out_of_scope_recall", "false_rejections"]
        moved = sorted(
            (name for name in after if name not in names and abs(after[name] - before.get(name, after[name])) >= 0.02),
            key=lambda name: after[name] - before[name],
        )
        return [_line(name, before, after) for name in [*names, *moved]]


def compare_models(settings: Settings, made: Path, in_use: Path) -> Comparison:
    """Score the new model, and the one in use unless its scores on the same sentences are kept.

    A model in use that can no longer be read, after an upgrade of the engine, counts as none. Raises NotMeasured when
    the new one cannot be asked.
    """
    if not HELD_OUT.exists():
        raise NotMeasured(f"the held-out sentences are missing: {HELD_OUT}. Restore the folder data/held_out.")
    before = _kept(settings.home)
    if before is None and in_use.exists():
        try:
            before = _measured(settings, in_use)
        except NotMeasured:
            before = None
    return Comparison(before, _measured(settings, made))


def store_scores(home: Path, scores: Scores) -> None:
    """Store the scores of the model that has just been put to use."""
    kept = {"held_out": _held_out(), "scores": scores}
    _file(home).write_text(json.dumps(kept, indent=1) + "\n")


def _kept(home: Path) -> Scores | None:
    file = _file(home)
    if not file.exists() or not model_file(home).exists():
        return None
    kept = json.loads(file.read_text())
    return kept["scores"] if kept["held_out"] == _held_out() else None


def _measured(settings: Settings, archive: Path) -> Scores:
    try:
        ended = subprocess.run(
            [str(ENGINE_PYTHON), "-m", "bot.engine.held_out", str(archive), str(HELD_OUT)],
            cwd=ROOT,
            env=engine_environment(settings),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise NotMeasured(f"it did not answer within {LIMIT_SECONDS // 60} minutes") from error
    if ended.returncode:
        raise NotMeasured("\n".join(ended.stderr.splitlines()[-10:]))
    scores: Scores = json.loads(ended.stdout.strip().splitlines()[-1])
    return scores


def _held_out() -> str:
    return fingerprint([HELD_OUT], ROOT)


def _file(home: Path) -> Path:
    return model_file(home).with_suffix("").with_suffix(".scores.json")


def _flat(scores: Scores) -> dict[str, float]:
    plain = {name: value for name, value in scores.items() if name not in ("f1", "sentences")}
    return {**scores.get("f1", {}), **plain}


def _line(name: str, before: dict[str, float], after: dict[str, float]) -> str:
    label = name.replace("_", " ") if name in ("accuracy", "out_of_scope_recall", "false_rejections") else f"F1 {name}"
    now = after[name]
    if name not in before:
        return f"{label}: {now:.3f}"
    return f"{label}: {before[name]:.3f} -> {now:.3f} ({now - before[name]:+.3f})"
