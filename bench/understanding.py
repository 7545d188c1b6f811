"""How well the assistant understands: the held-out sentences, asked of a classifier trained on ``data/nlu``.

    .venv-rasa/bin/python bench/understanding.py [--write]

Prints the figures with the sentence embedding and by words alone. ``--write`` renews docs/understanding.md and its
pictures: the table of every intent, the confusion matrix, and what each threshold of confidence would cost. Runs in
the engine's environment and needs the sentence embedding under TECHREF_HOME (``techref embedding``).
"""

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

from bot.engine import launcher  # noqa: E402, F401 - prepares Rasa, and must come before anything imports it

# isort: split
import matplotlib  # noqa: E402
import numpy as np  # noqa: E402
from numpy.typing import NDArray  # noqa: E402
from rasa.shared.nlu.training_data.loading import load_data  # noqa: E402
from ruamel.yaml import YAML  # noqa: E402

from bot.engine.environment import home  # noqa: E402
from bot.engine.intent_model import IntentModel  # noqa: E402
from bot.engine.wording import plain  # noqa: E402
from knowledge_base.embedder import Embedder  # noqa: E402

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

HELD_OUT = ROOT / "data" / "held_out" / "nlu.yml"
PAGE = ROOT / "docs" / "understanding.md"
PICTURES = ROOT / "docs" / "pictures"
NOT_OURS = "out_of_scope"
SHOWN_CONFUSIONS = 12
PIPELINE = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
CLASSIFIER = next(one for one in PIPELINE if "intent_classifier" in one["name"])
REGULARISATION = float(CLASSIFIER["regularisation"])


@dataclass(frozen=True)
class Judged:
    """What the classifier made of the held-out sentences; one row each."""

    true: NDArray[np.str_]
    first: NDArray[np.str_]
    confidence: NDArray[np.float64]
    lead: NDArray[np.float64]

    def understood(self, threshold: float, ambiguity: float) -> NDArray[np.bool_]:
        """Return which sentences the classifier takes as understood at these thresholds."""
        return (self.confidence >= threshold) & (self.lead >= ambiguity)

    def refused(self, threshold: float, ambiguity: float) -> NDArray[np.bool_]:
        """Return which sentences are treated as none of our business, by intent or for want of confidence."""
        return (self.first == NOT_OURS) | ~self.understood(threshold, ambiguity)

    def accuracy(self) -> float:
        return float((self.first == self.true).mean())

    def out_of_scope_recall(self, threshold: float, ambiguity: float) -> float:
        return float(self.refused(threshold, ambiguity)[self.true == NOT_OURS].mean())

    def false_rejections(self, threshold: float, ambiguity: float) -> float:
        return float(self.refused(threshold, ambiguity)[self.true != NOT_OURS].mean())

    def of_intent(self, intent: str) -> tuple[float, float, float, int]:
        """Precision, recall, F1 and the number of held-out sentences."""
        right = float(((self.true == intent) & (self.first == intent)).sum())
        precision = right / max(1, int((self.first == intent).sum()))
        recall = right / max(1, int((self.true == intent).sum()))
        f1 = 2 * precision * recall / (precision + recall) if right else 0.0
        return precision, recall, f1, int((self.true == intent).sum())

    def intents(self) -> list[str]:
        return [str(intent) for intent in np.unique(self.true)]


def sentences(path: Path) -> tuple[list[str], list[str]]:
    """Texts and intents of Rasa's training files at ``path``, as the classifier is given them."""
    examples = load_data(str(path)).intent_examples
    return [plain(one.get("text")) for one in examples], [one.get("intent") for one in examples]


def thresholds() -> tuple[float, float]:
    """Threshold and ambiguity threshold of config.yml."""
    return float(CLASSIFIER["threshold"]), float(CLASSIFIER["ambiguity_threshold"])


def judge(model: IntentModel, texts: Sequence[str], intents: Sequence[str], embedder: Embedder | None) -> Judged:
    ranked = model.rank(texts, embedder.embed(texts) if embedder else None)
    return Judged(
        true=np.array(intents),
        first=np.array([row[0][0] for row in ranked]),
        confidence=np.array([row[0][1] for row in ranked]),
        lead=np.array([row[0][1] - row[1][1] for row in ranked]),
    )


def figures(name: str, judged: Judged) -> list[str]:
    threshold, ambiguity = thresholds()
    f1 = {intent: judged.of_intent(intent)[2] for intent in ("how_to", "report_issue")}
    return [
        name,
        f"{judged.accuracy():.3f}",
        f"{f1['how_to']:.3f}",
        f"{f1['report_issue']:.3f}",
        f"{judged.out_of_scope_recall(threshold, ambiguity):.3f}",
        f"{judged.false_rejections(threshold, ambiguity):.3f}",
    ]


HEADINGS = ("features", "accuracy", "F1 how_to", "F1 report_issue", "out-of-scope recall", "false rejections")


def draw_thresholds(judged: Judged, file: Path) -> None:
    """What each threshold of confidence would refuse, of strangers' sentences and of our customers'."""
    threshold, ambiguity = thresholds()
    steps = np.linspace(0, 0.95, 96)
    figure, axes = pyplot.subplots(figsize=(8, 4.5))
    axes.plot(steps, [judged.out_of_scope_recall(step, ambiguity) for step in steps], label="out of scope, recognised")
    axes.plot(steps, [judged.false_rejections(step, ambiguity) for step in steps], "--", label="in scope, refused")
    wrong = judged.first != judged.true
    caught = [float((~judged.understood(step, ambiguity))[wrong].mean()) for step in steps]
    axes.plot(steps, caught, ":", label="misunderstood, caught")
    axes.axvline(threshold, color="grey", linewidth=1)
    axes.annotate(f"config.yml: {threshold}", (threshold, 0.5), xytext=(5, 0), textcoords="offset points")
    axes.set(xlabel="threshold of confidence", ylabel="share of sentences", ylim=(0, 1), xlim=(0, 0.95))
    axes.legend(loc="upper left")
    axes.grid(alpha=0.3)
    save(figure, file)


def draw_confusions(judged: Judged, file: Path) -> None:
    intents = judged.intents()
    counts = np.array([[((judged.true == a) & (judged.first == b)).sum() for b in intents] for a in intents])
    figure, axes = pyplot.subplots(figsize=(10, 9))
    axes.imshow(counts / counts.sum(axis=1, keepdims=True), cmap="Blues", vmin=0, vmax=1)
    axes.set(xlabel="understood as", ylabel="meant")
    axes.set_xticks(range(len(intents)), intents, rotation=90)
    axes.set_yticks(range(len(intents)), intents)
    for row, column in zip(*np.nonzero(counts), strict=True):
        colour = "white" if row == column else "black"
        axes.text(column, row, str(counts[row, column]), ha="center", va="center", fontsize=7, color=colour)
    save(figure, file)


def save(figure: "pyplot.Figure", file: Path) -> None:
    """The same figure gives the same file: no date, no random names in it."""
    with matplotlib.rc_context({"svg.hashsalt": "techref"}):
        figure.tight_layout()
        figure.savefig(file, metadata={"Date": None, "Creator": None})
    pyplot.close(figure)
    # Matplotlib leaves blanks at the ends of lines.
    lines = file.read_text(encoding="utf-8").splitlines()
    file.write_text("\n".join(line.rstrip() for line in lines) + "\n", encoding="utf-8")


def markdown(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)


def page(rows: Sequence[Sequence[str]], judged: Judged) -> str:
    """docs/understanding.md."""
    threshold, ambiguity = thresholds()
    by_intent = [
        [f"`{intent}`", *(f"{value:.2f}" for value in judged.of_intent(intent)[:3]), str(judged.of_intent(intent)[3])]
        for intent in judged.intents()
    ]
    pairs, counts = np.unique(
        [f"`{a}` | `{b}`" for a, b in zip(judged.true, judged.first, strict=True) if a != b], return_counts=True
    )
    often = [[str(pairs[at]), str(counts[at])] for at in np.argsort(-counts, kind="stable")[:SHOWN_CONFUSIONS]]
    return f"""# How well the assistant understands

Made by `make understanding` from `data/nlu` (training) and `data/held_out/nlu.yml` ({len(judged.true)}
sentences that no training example was copied from). A test holds the running engine to an accuracy of 0.90, an F1 of
0.90 for `how_to` and `report_issue`, and an out-of-scope recall of 0.80 at no more than 5 % false rejections.

{markdown(HEADINGS, rows)}

The last two columns are at the threshold of {threshold} (ambiguity {ambiguity}) in `config.yml`; a sentence counts as
refused when it is understood as `{NOT_OURS}` or not understood at all.

![What each threshold would refuse](pictures/understanding-threshold.svg)

The threshold is where hardly a customer is refused and the curve of misunderstandings caught has begun to rise; further
right it is customers who pay.

## Every intent

{markdown(("intent", "precision", "recall", "F1", "sentences"), by_intent)}

## What is taken for what

![The confusion matrix](pictures/understanding-confusions.svg)

The most frequent confusions:

{markdown(("meant", "understood as", "times"), often)}
"""


def main() -> None:
    arguments = argparse.ArgumentParser(description="Measure how well the assistant understands.")
    arguments.add_argument("--write", action="store_true", help="renew docs/understanding.md and its pictures")
    write = arguments.parse_args().write
    embedder = Embedder.load(home())
    if embedder is None:
        raise SystemExit("The sentence embedding is not built. Run: techref embedding")
    texts, intents = sentences(ROOT / "data" / "nlu")
    asked, meant = sentences(HELD_OUT)
    print(f"training on {len(texts)} sentences by words alone …", flush=True)
    by_words = judge(IntentModel.train(texts, intents, None, REGULARISATION), asked, meant, None)
    print("training with the sentence embedding …", flush=True)
    both = judge(IntentModel.train(texts, intents, embedder.embed(texts), REGULARISATION), asked, meant, embedder)
    rows = [figures("words and letters", by_words), figures("and the sentence embedding", both)]
    print(markdown(HEADINGS, rows))
    if write:
        draw_thresholds(both, PICTURES / "understanding-threshold.svg")
        draw_confusions(both, PICTURES / "understanding-confusions.svg")
        PAGE.write_text(page(rows, both), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
