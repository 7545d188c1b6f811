"""Score a new dialogue model on sentences that it was not trained on, and compare it with the one in use.

Three groups weigh: the shipped sentences, messages about other products, and those of the operator's own sentences that
were held out. What is said about the demo product decides nothing by itself.
"""

import json
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.installation.environment import engine_environment
from bot.installation.fingerprint import fingerprint
from bot.installation.places import ENGINE_PYTHON, ROOT, model_file
from bot.installation.taught_share import write_held_out_share
from bot.services.understanding.learned_examples import HELD_OUT
from bot.settings.env.settings import Settings

LIMIT_SECONDS = 900
SHIPPED, PRODUCTS, OWN = "shipped", "products", "own"
OF_PRODUCTS = HELD_OUT.parent / "products"
# How much a group weighs: the operator's own customers more than anybody else's.
WEIGHTS = {SHIPPED: 1.0, PRODUCTS: 1.0, OWN: 2.0}
# The two intents that decide between the manual and an issue, in messages about other products.
WATCHED = ("how_to", "report_issue")
# Smaller losses are chance: twelve of twelve hundred sentences, two of seventy.
ACCURACY_LOSS, F1_LOSS, RECALL_LOSS, REJECTION_GAIN, OWN_LOSS = 0.010, 0.030, 0.030, 0.010, 0.030
_TOTAL, _RECALL, _REJECTIONS = "accuracy of all groups", "out of scope recall", "false rejections"

# By group, the scores of ``bot.engine.held_out``.
Scores = dict[str, dict[str, Any]]


class NotMeasured(Exception):
    """The model could not be asked; the message is the end of the engine's output."""


@dataclass(frozen=True)
class Comparison:
    """Scores before (None: nothing to compare with) and after."""

    before: Scores | None
    after: Scores

    @property
    def worse(self) -> list[str]:
        """Return the clear losses, a line each."""
        if self.before is None:
            return []
        before, after = _figures(self.before), _figures(self.after)
        limits = {
            _TOTAL: ACCURACY_LOSS,
            _RECALL: RECALL_LOSS,
            _name(OWN): OWN_LOSS,
            **{f"F1 {intent}": F1_LOSS for intent in WATCHED},
        }
        lost = [
            name
            for name, limit in limits.items()
            if name in before and name in after and after[name] - before[name] < -limit
        ]
        if after[_REJECTIONS] - before[_REJECTIONS] > REJECTION_GAIN:
            lost.append(_REJECTIONS)
        return [_line(name, before, after) for name in lost]

    def lines(self) -> list[str]:
        """Return the change of each score, a line each, for a person."""
        before, after = _figures(self.before or {}), _figures(self.after)
        intents = self.after[SHIPPED]["f1"]
        was = self.before[SHIPPED]["f1"] if self.before else {}
        moved = sorted(
            (name for name in intents if abs(intents[name] - was.get(name, intents[name])) >= 0.02),
            key=lambda name: float(intents[name] - was[name]),
        )
        own = f" ({self.after[OWN]['sentences']} sentences)" if OWN in self.after else ""
        return [
            *(_line(name, before, after) + (own if name == _name(OWN) else "") for name in after),
            *(_line(name, was, intents, label=f"F1 {name}, shipped") for name in moved),
        ]


def compare_models(settings: Settings, made: Path, in_use: Path) -> Comparison:
    """Score the new model, and the one in use unless its scores on the same sentences are kept.

    A model in use that can no longer be read, after an upgrade of the engine, counts as none. Raises NotMeasured when
    the new one cannot be asked.
    """
    if not HELD_OUT.exists():
        raise NotMeasured(f"the held-out sentences are missing: {HELD_OUT}. Restore the folder data/held_out.")
    with tempfile.TemporaryDirectory() as folder:
        files = _files(settings.home, Path(folder))
        before = _kept(settings.home, files)
        if before is None and in_use.exists():
            try:
                before = _measured(settings, in_use, files)
            except NotMeasured:
                before = None
        return Comparison(before, _measured(settings, made, files))


def store_scores(home: Path, scores: Scores) -> None:
    """Store the scores of the model that has just been put to use."""
    with tempfile.TemporaryDirectory() as folder:
        kept = {"held_out": _name_of(_files(home, Path(folder))), "scores": scores}
    _file(home).write_text(json.dumps(kept, indent=1) + "\n")


def _files(home: Path, folder: Path) -> list[tuple[str, Path]]:
    """Return the files of each group; those of the operator's own sentences are written into the folder."""
    return [
        (SHIPPED, HELD_OUT),
        *((PRODUCTS, file) for file in sorted(OF_PRODUCTS.glob("*.yml"))),
        *((OWN, file) for file in write_held_out_share(home, folder)),
    ]


def _kept(home: Path, files: list[tuple[str, Path]]) -> Scores | None:
    file = _file(home)
    if not file.exists() or not model_file(home).exists():
        return None
    kept = json.loads(file.read_text())
    scores: Scores | None = kept["scores"] if kept["held_out"] == _name_of(files) else None
    return scores


def _measured(settings: Settings, archive: Path, files: list[tuple[str, Path]]) -> Scores:
    arguments = [f"{group}={file}" for group, file in files]
    try:
        ended = subprocess.run(
            [str(ENGINE_PYTHON), "-m", "bot.engine.held_out", str(archive), *arguments],
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


def _name_of(files: list[tuple[str, Path]]) -> str:
    return fingerprint([file for _, file in files], ROOT)


def _file(home: Path) -> Path:
    return model_file(home).with_suffix("").with_suffix(".scores.json")


def _name(group: str) -> str:
    return f"accuracy, {group} sentences"


def _figures(scores: Scores) -> dict[str, float]:
    """Return the figures that are compared; none of no scores."""
    if not scores:
        return {}
    weighed = [(WEIGHTS[group], found["accuracy"]) for group, found in scores.items()]
    figures = {_TOTAL: sum(weight * value for weight, value in weighed) / sum(weight for weight, _ in weighed)}
    figures |= {_name(group): found["accuracy"] for group, found in scores.items()}
    figures |= {f"F1 {intent}": scores[PRODUCTS]["f1"].get(intent, 0.0) for intent in WATCHED}
    shipped = scores[SHIPPED]
    return {**figures, _RECALL: shipped["out_of_scope_recall"], _REJECTIONS: shipped["false_rejections"]}


def _line(name: str, before: dict[str, float], after: dict[str, float], label: str = "") -> str:
    now, shown = after[name], label or name
    if name not in before:
        return f"{shown}: {now:.3f}"
    return f"{shown}: {before[name]:.3f} -> {now:.3f} ({now - before[name]:+.3f})"
