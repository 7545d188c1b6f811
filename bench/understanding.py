"""How well the assistant understands: the held-out sentences, asked of a classifier trained on ``data/nlu``.

The carriers are filled as by ``techref train`` with the demo manual; messages about other products are asked without
their words, and again after 50 sentences of their own were taught.

    .venv-rasa/bin/python bench/understanding.py [--write]

Prints the figures with the sentence embedding and by words alone. ``--write`` renews docs/understanding.md and its
pictures: the table of every intent, the confusion matrix, and what each threshold of confidence would cost. Runs in
the engine's environment and needs the sentence embedding under TECHREF_HOME (``techref embedding``).
"""

import argparse
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
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

from bot.engine.context_shift import Comes  # noqa: E402
from bot.engine.environment import home  # noqa: E402
from bot.engine.held_out import NOT_UNDERSTOOD, is_right  # noqa: E402
from bot.engine.intent_classifier import context_of_example  # noqa: E402
from bot.engine.intent_model import IntentModel  # noqa: E402
from bot.engine.wording import plain  # noqa: E402
from knowledge_base.embedder import Embedder  # noqa: E402

matplotlib.use("svg")
from matplotlib import pyplot  # noqa: E402

HELD_OUT = ROOT / "data" / "held_out" / "nlu.yml"
IN_CONTEXT = ROOT / "data" / "held_out" / "in_context.yml"
PRODUCTS = sorted((ROOT / "data" / "held_out" / "products").glob("*.yml"))
# The carriers are filled in TechRef's own environment, which reads manuals and support.yml.
FILL = """
import sys
from pathlib import Path
from bot.installation.carriers import carriers, filled, trade_words, write_training_data
from bot.installation.own_words import own_words
words = own_words(Path("no-such-home"))
write_training_data(Path(sys.argv[1]), filled([*trade_words(), *words], carriers()))
"""
# And so are those of the operator's own sentences, as ``techref train`` does it.
FILL_TAUGHT = """
import sys
from pathlib import Path
from bot.installation.carriers import carriers, filled, write_training_data
from bot.installation.taught_words import TIMES, words_of_sentences
from bot.services.understanding.learned_examples import examples_of
words = words_of_sentences(examples_of([Path(sys.argv[2])]))
write_training_data(Path(sys.argv[1]), filled(words, carriers(), TIMES))
"""
PAGE = ROOT / "docs" / "understanding.md"
PICTURES = ROOT / "docs" / "pictures"
NOT_OURS = "out_of_scope"
SHOWN_CONFUSIONS = 12
PIPELINE = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
CLASSIFIER = next(one for one in PIPELINE if "intent_classifier" in one["name"])
REGULARISATION = float(CLASSIFIER["regularisation"])
COMES = Comes.of_config(CLASSIFIER["anywhere"], CLASSIFIER["contexts"])


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


@dataclass(frozen=True)
class Sentences:
    """Texts, intents and what was said before, as the classifier is given them."""

    texts: list[str] = field(default_factory=list)
    intents: list[str] = field(default_factory=list)
    contexts: list[str] = field(default_factory=list)

    def __add__(self, other: "Sentences") -> "Sentences":
        return Sentences(self.texts + other.texts, self.intents + other.intents, self.contexts + other.contexts)

    def without_context(self) -> "Sentences":
        """Return the same sentences, as if nothing were known of what was said before."""
        return Sentences(self.texts, self.intents, [""] * len(self.texts))


def sentences(path: Path) -> Sentences:
    """Return the sentences of Rasa's training files at ``path``."""
    examples = load_data(str(path)).intent_examples
    texts, intents = [plain(one.get("text")) for one in examples], [one.get("intent") for one in examples]
    return Sentences(texts, intents, [context_of_example(one) for one in examples])


def carried() -> Sentences:
    """Return the carriers, filled with the words of the trades and of the demo manual."""
    return made_by(FILL)


def taught_about(file: Path) -> Sentences:
    """Return 50 sentences about a product as an operator teaches them, and the carriers with their words."""
    return sentences(file) + made_by(FILL_TAUGHT, file)


def made_by(program: str, *files: Path) -> Sentences:
    """Return the sentences that a program of TechRef's own environment writes."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "made.yml"
        command = [str(ROOT / ".venv" / "bin" / "python"), "-c", program, str(file), *map(str, files)]
        subprocess.run(command, cwd=ROOT, env={"PYTHONPATH": str(ROOT)}, check=True)
        return sentences(file)


def thresholds() -> tuple[float, float]:
    """Threshold and ambiguity threshold of config.yml."""
    return float(CLASSIFIER["threshold"]), float(CLASSIFIER["ambiguity_threshold"])


def trained(on: Sentences, embedder: Embedder | None) -> IntentModel:
    vectors = embedder.embed(on.texts) if embedder else None
    return IntentModel.train(on.texts, on.intents, vectors, REGULARISATION, on.contexts, COMES)


def judge(model: IntentModel, asked: Sentences, embedder: Embedder | None) -> Judged:
    ranked = model.rank(asked.texts, embedder.embed(asked.texts) if embedder else None, asked.contexts)
    return Judged(
        true=np.array(asked.intents),
        first=np.array([row[0][0] for row in ranked]),
        confidence=np.array([row[0][1] for row in ranked]),
        lead=np.array([row[0][1] - row[1][1] for row in ranked]),
    )


def understood_rightly(judged: Judged) -> list[bool]:
    """Return which messages about another product are understood, those below the threshold not counted."""
    sure = judged.understood(*thresholds())
    taken = [str(first) if known else NOT_UNDERSTOOD for first, known in zip(judged.first, sure, strict=True)]
    return [is_right(str(meant), one) for meant, one in zip(judged.true, taken, strict=True)]


def by_context(model: IntentModel, embedder: Embedder) -> list[list[str]]:
    """Return a row per context: pairs, right without it, right with it."""
    pairs = sentences(IN_CONTEXT)
    without, within = judge(model, pairs.without_context(), embedder), judge(model, pairs, embedder)
    contexts = np.array(pairs.contexts)
    rows = []
    for name in [*dict.fromkeys(pairs.contexts), ""]:
        of_it = contexts == name if name else np.ones(len(contexts), bool)
        shares = [f"{(judged.first == judged.true)[of_it].mean():.3f}" for judged in (without, within)]
        rows.append([f"`{name}`" if name else "all", str(int(of_it.sum())), *shares])
    return rows


def by_product(model: IntentModel, taught_to: Sentences, embedder: Embedder) -> list[list[str]]:
    """Return a row per product: messages, right before teaching by kind and in all, right after 50 sentences."""
    rows, all_before, all_after = [], list[bool](), list[bool]()
    for file in PRODUCTS:
        asked = sentences(file)
        before = understood_rightly(judge(model, asked, embedder))
        more = taught_about(file.parent / "taught" / file.name)
        print(f"training with 50 sentences about {file.stem} …", flush=True)
        after = understood_rightly(judge(trained(taught_to + more, embedder), asked, embedder))
        kinds = [np.mean([ok for ok, kind in zip(before, asked.intents, strict=True) if kind == one]) for one in KINDS]
        shares = [*kinds, np.mean(before), np.mean(after)]
        rows.append([file.stem.replace("_", " "), str(len(before)), *(f"{share:.3f}" for share in shares)])
        all_before, all_after = all_before + before, all_after + after
    whole = [f"{np.mean(all_before):.3f}", f"{np.mean(all_after):.3f}"]
    return [*rows, ["all", str(len(all_before)), *([""] * len(KINDS)), *whole]]


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


KINDS = ("report_issue", "how_to", "question", "request")
HEADINGS = ("features", "accuracy", "F1 how_to", "F1 report_issue", "out-of-scope recall", "false rejections")

CONTEXT_HEADINGS = ("what we said last", "pairs", "right without it", "right with it")
PRODUCT_HEADINGS = ("product", "messages", *KINDS, "all", "after 50 sentences")


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


def page(
    rows: Sequence[Sequence[str]],
    judged: Judged,
    contexts: Sequence[Sequence[str]],
    products: Sequence[Sequence[str]],
) -> str:
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

Made by `make understanding` from `data/nlu`, `data/carriers` (training) and `data/held_out/nlu.yml` ({len(judged.true)}
sentences that no training example was copied from). A test holds the running engine to an accuracy of 0.93, an F1 of
0.90 for `how_to` and `report_issue`, an out-of-scope recall of 0.80 at no more than 4 % false rejections, 0.90 of the
pairs in context, and 0.85 of the messages about other products.

{markdown(HEADINGS, rows)}

The last two columns are at the threshold of {threshold} (ambiguity {ambiguity}) in `config.yml`; a sentence counts as
refused when it is understood as `{NOT_OURS}` or not understood at all.

![What each threshold would refuse](pictures/understanding-threshold.svg)

The threshold is where hardly a customer is refused and the curve of misunderstandings caught has begun to rise; further
right it is customers who pay.

## In context

The classifier is told what we said last (`bot/dialogue/said_last.py`). Pairs of that and a short message, held out in
`data/held_out/in_context.yml`; the other figures of this page are without it, save those about other products.

{markdown(CONTEXT_HEADINGS, contexts)}

## Other products

Messages about products that nothing was trained on (`data/held_out/products`), first of a conversation, understood
with enough confidence; then the same after 50 sentences of that product were taught, as its maker would. The carriers
hold no word of these trades. A question is right as `how_to`; a request ("send me the invoice again") is read by
support.yml's own examples, so its label has only to turn nobody away and end nothing.

{markdown(PRODUCT_HEADINGS, products)}

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
    taught, asked = sentences(ROOT / "data" / "nlu") + carried(), sentences(HELD_OUT)
    print(f"training on {len(taught.texts)} sentences by words alone …", flush=True)
    by_words = judge(trained(taught, None), asked, None)
    print("training with the sentence embedding …", flush=True)
    model = trained(taught, embedder)
    both = judge(model, asked, embedder)
    rows = [figures("words and letters", by_words), figures("and the sentence embedding", both)]
    print(markdown(HEADINGS, rows))
    contexts = by_context(model, embedder)
    print(markdown(CONTEXT_HEADINGS, contexts), flush=True)
    products = by_product(model, taught, embedder)
    print(markdown(PRODUCT_HEADINGS, products))
    if write:
        draw_thresholds(both, PICTURES / "understanding-threshold.svg")
        draw_confusions(both, PICTURES / "understanding-confusions.svg")
        PAGE.write_text(page(rows, both, contexts, products), encoding="utf-8")
        print(f"written: {PAGE.relative_to(ROOT)}")


if __name__ == "__main__":
    main()
