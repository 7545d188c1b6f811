"""``python -m bot.engine.held_out MODEL GROUP=FILE …``: score a model on sentences that it was not trained on.

Prints one line of JSON: by group the scores of its files. ``accuracy``: of all sentences, the share understood rightly;
"not understood" is right for one that is out of scope. ``f1``: by intent. ``out_of_scope_recall`` and
``false_rejections``: the shares of out-of-scope sentences, and of the others, that were rejected. A sentence is asked
in the context that its metadata names.
"""

import asyncio
import json
import sys
from collections import Counter, defaultdict
from pathlib import Path
from typing import Any

from bot.engine import launcher  # noqa: F401 - prepares Rasa, and must come before it is imported

# isort: split
import logging

from rasa.core.agent import Agent
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.loading import load_data
from rasa.utils.log_utils import configure_structlog

from bot.engine.intent_classifier import SAID_LAST, context_of_example
from bot.engine.turn_request import classify

OUT_OF_SCOPE, NOT_UNDERSTOOD = "out_of_scope", "nlu_fallback"
TURNED_AWAY = (OUT_OF_SCOPE, NOT_UNDERSTOOD)
# Labels of data/held_out/products that are no intents. A yes/no question about a product is looked up as how_to is. A
# request is read by support.yml's own examples; its label must only turn nobody away, end nothing and be no small talk.
QUESTION, REQUEST = "question", "request"
WRONG_FOR_A_REQUEST = (
    *TURNED_AWAY,
    *("cancel", "goodbye", "solved", "thank", "greet", "affirm", "deny", "abusive", "bot_challenge"),
)


async def understood(agent: Agent, sentences: Path) -> list[tuple[str, str]]:
    """Return (expected, predicted) for every sentence."""
    found = []
    for example in load_data(str(sentences)).intent_examples:
        metadata = {SAID_LAST: context_of_example(example)}
        parsed = await classify(example.get(TEXT), agent.processor, metadata)
        found.append((example.get(INTENT), parsed[INTENT]["name"]))
    return found


def scores(pairs: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the scores of the module's docstring, rounded to four places."""
    right = [is_right(meant, taken) for meant, taken in pairs]
    outside = [taken in TURNED_AWAY for meant, taken in pairs if meant == OUT_OF_SCOPE]
    inside = [taken in TURNED_AWAY for meant, taken in pairs if meant != OUT_OF_SCOPE]
    return {
        "sentences": len(pairs),
        "accuracy": _share(right),
        "out_of_scope_recall": _share(outside),
        "false_rejections": _share(inside),
        "f1": _f1(pairs),
    }


def is_right(meant: str, taken: str) -> bool:
    """Return whether an intent is right for the label of a held-out sentence."""
    if meant == QUESTION:
        return taken == "how_to"
    if meant == REQUEST:
        return taken not in WRONG_FOR_A_REQUEST
    return meant == taken or (meant == OUT_OF_SCOPE and taken == NOT_UNDERSTOOD)


def _share(flags: list[bool]) -> float:
    return round(sum(flags) / len(flags), 4) if flags else 0.0


def _f1(pairs: list[tuple[str, str]]) -> dict[str, float]:
    meant, taken, both = Counter[str](), Counter[str](), Counter[str]()
    for wanted, given in pairs:
        given = wanted if is_right(wanted, given) else given
        meant[wanted] += 1
        taken[given] += 1
        both[wanted] += wanted == given
    return {intent: round(2 * both[intent] / (meant[intent] + taken[intent]), 4) for intent in sorted(meant)}


async def _scores_by_group(model: Path, files: list[str]) -> dict[str, dict[str, Any]]:
    agent = Agent.load(model_path=str(model))
    pairs = defaultdict[str, list[tuple[str, str]]](list)
    for argument in files:
        group, _, file = argument.partition("=")
        pairs[group] += await understood(agent, Path(file))
    return {group: scores(found) for group, found in pairs.items()}


if __name__ == "__main__":
    # Rasa would log every sentence.
    configure_structlog(logging.WARNING)
    print(json.dumps(asyncio.run(_scores_by_group(Path(sys.argv[1]), sys.argv[2:]))))
