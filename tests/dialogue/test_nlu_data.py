"""Hygiene of the NLU examples: enough of them, each its own, and a held-out set not copied from training."""

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterator

import pytest
from ruamel.yaml import YAML

from bot.dialogue import said_last
from bot.installation.carriers import carriers, trade_words
from tests.dialogue.nlu_files import (
    HELD_OUT_FILE,
    HELD_OUT_IN_CONTEXT,
    IN_CONTEXT_FILE,
    PRODUCTS,
    ROOT,
    TAUGHT_OF_PRODUCTS,
    TRAINING_FILES,
    read_examples,
    read_in_context,
)

TRAINING = read_examples(*TRAINING_FILES)
HELD_OUT = read_examples(HELD_OUT_FILE)
PAIRS, HELD_OUT_PAIRS = read_in_context(IN_CONTEXT_FILE), read_in_context(HELD_OUT_IN_CONTEXT)
OF_PRODUCTS = {file.stem: read_examples(file) for file in PRODUCTS}
TAUGHT = {file.stem: read_examples(file) for file in sorted(TAUGHT_OF_PRODUCTS.glob("*.yml"))}

MOST_NEEDED = {"how_to": 130, "report_issue": 130, "inform": 80} | dict.fromkeys(
    (
        "out_of_scope", "ask_person", "ask_status", "ask_coverage", "ask_hours",
        "correct_answer", "frustrated", "abusive", "follow_up",
    ),
    60,
)  # fmt: skip
OTHERS_NEED = 40
HELD_OUT_NEEDED = {"how_to": 60, "report_issue": 60, "out_of_scope": 60}
HELD_OUT_OTHERS_NEED = 25
INTENTS = {
    "greet", "goodbye", "thank", "affirm", "deny", "how_to", "report_issue", "follow_up", "give_reference",
    "ask_status", "missing_reference", "ask_hours", "ask_contact", "ask_coverage", "ask_person", "ask_tips",
    "correct_answer", "dont_know", "ask_why", "cancel", "continue_issue", "inform", "solved", "frustrated",
    "abusive", "bot_challenge", "out_of_scope",
}  # fmt: skip

# Above this share of common words two sentences are the same sentence.
SAME_SENTENCE = 0.85
# Nobody writes more openings alike than this share by chance ("how do I …" is how people do begin).
SAME_OPENING_SHARE = 0.15
# Sentences that differ in one word only are one sentence with a gap; a few happen, a series is filler.
SERIES = 4
# Their examples are names, numbers and dates: alike by nature.
NUMBERS_AND_NAMES = {"give_reference", "inform"}


def words(sentence: str) -> tuple[str, ...]:
    """Lower-case words and numbers; a sentence of symbols only stays as it is, so that it still compares."""
    folded = unicodedata.normalize("NFKC", sentence).casefold().replace("’", "'")
    return tuple(re.findall(r"[\w']+", folded)) or (folded,)


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """The share of the two sentences' words that both have (Jaccard), 0 to 1."""
    return len(one & other) / len(one | other)


def labelled(examples: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    return ((intent, sentence) for intent, sentences in examples.items() for sentence in sentences)


def test_every_intent_is_trained_and_held_out() -> None:
    assert set(TRAINING) == INTENTS
    assert set(HELD_OUT) == INTENTS


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_an_intent_has_enough_examples(intent: str) -> None:
    assert len(TRAINING[intent]) >= MOST_NEEDED.get(intent, OTHERS_NEED)
    assert len(HELD_OUT[intent]) >= HELD_OUT_NEEDED.get(intent, HELD_OUT_OTHERS_NEED)


@pytest.mark.parametrize("examples", [TRAINING, HELD_OUT], ids=["training", "held-out"])
def test_no_sentence_is_written_twice_within_or_across_intents(examples: dict[str, list[str]]) -> None:
    seen: dict[tuple[str, ...], list[str]] = defaultdict(list)
    for intent, sentence in labelled(examples):
        seen[words(sentence)].append(f"{intent}: {sentence}")
    assert [twice for twice in seen.values() if len(twice) > 1] == []


def test_no_held_out_sentence_is_or_nearly_is_a_training_sentence() -> None:
    training = [(frozenset(words(sentence)), f"{intent}: {sentence}") for intent, sentence in labelled(TRAINING)]
    held_out = [(frozenset(words(sentence)), f"{intent}: {sentence}") for intent, sentence in labelled(HELD_OUT)]
    copied = [
        (sentence, trained)
        for tokens, sentence in held_out
        for trained_tokens, trained in training
        if overlap(tokens, trained_tokens) > SAME_SENTENCE
    ]
    assert copied == []


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_no_opening_is_used_over_and_over(intent: str) -> None:
    openings = Counter(words(sentence)[:3] for sentence in TRAINING[intent] if len(words(sentence)) > 3)
    allowed = max(4, SAME_OPENING_SHARE * len(TRAINING[intent]))
    assert {" ".join(opening): n for opening, n in openings.items() if n > allowed} == {}


@pytest.mark.parametrize("intent", sorted(INTENTS))
def test_neighbours_do_not_run_on_with_one_beginning(intent: str) -> None:
    beginnings = [words(sentence)[:2] if len(words(sentence)) > 2 else None for sentence in TRAINING[intent]]
    runs = zip(beginnings, beginnings[1:], beginnings[2:], beginnings[3:], strict=False)
    assert [" ".join(run[0]) for run in runs if run[0] is not None and len(set(run)) == 1] == []


@pytest.mark.parametrize("intent", sorted(INTENTS - NUMBERS_AND_NAMES))
def test_examples_are_no_sentence_with_a_gap_filled_in(intent: str) -> None:
    gaps: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for sentence in TRAINING[intent]:
        tokens = words(sentence)
        if len(tokens) > 3:
            for gap in range(len(tokens)):
                gaps[(*tokens[:gap], "…", *tokens[gap + 1 :])].add(sentence)
    assert [sorted(series) for series in gaps.values() if len(series) >= SERIES] == []


def test_the_same_words_never_teach_two_intents() -> None:
    """Order and punctuation aside: "done, thanks" must not be `solved` here and `thank` there."""
    intents: dict[frozenset[str], set[str]] = defaultdict(set)
    for intent, sentence in labelled(TRAINING):
        intents[frozenset(words(sentence))].add(intent)
    assert {" ".join(sorted(tokens)): taught for tokens, taught in intents.items() if len(taught) > 1} == {}


def test_contexts_have_one_list_of_names() -> None:
    pipeline = YAML(typ="safe").load((ROOT / "config.yml").read_text(encoding="utf-8"))["pipeline"]
    classifier = next(one for one in pipeline if "contexts" in one)
    configured = classifier["contexts"]
    assert set(configured) == set(said_last.NAMES) == set(PAIRS) == set(HELD_OUT_PAIRS)
    assert {*classifier["anywhere"], *(name for lists in configured.values() for name in lists["comes"])} == INTENTS


@pytest.mark.parametrize("context", said_last.NAMES)
def test_after_one_question_the_same_words_teach_one_intent(context: str) -> None:
    intents: dict[frozenset[str], list[str]] = defaultdict(list)
    for intent, sentence in labelled(PAIRS[context]):
        intents[frozenset(words(sentence))].append(intent)
    assert {" ".join(sorted(tokens)): taught for tokens, taught in intents.items() if len(taught) > 1} == {}


@pytest.mark.parametrize("context", said_last.NAMES)
def test_no_held_out_pair_is_or_nearly_is_a_training_pair(context: str) -> None:
    taught = [frozenset(words(sentence)) for _, sentence in labelled(PAIRS[context])]
    assert [
        sentence
        for _, sentence in labelled(HELD_OUT_PAIRS[context])
        if any(overlap(frozenset(words(sentence)), tokens) > SAME_SENTENCE for tokens in taught)
    ] == []


def test_other_products_are_measured_with_enough_messages_of_each_kind() -> None:
    assert len(OF_PRODUCTS) >= 3 and set(OF_PRODUCTS) == set(TAUGHT)
    for product, examples in OF_PRODUCTS.items():
        assert set(examples) == {"report_issue", "how_to", "question", "request"}, product
        assert sum(map(len, examples.values())) >= 40 and len(list(labelled(TAUGHT[product]))) == 50


def test_what_measures_another_product_is_nowhere_taught() -> None:
    carried = [(intent, carrier) for intent, kinds in carriers().items() for one in kinds.values() for carrier in one]
    taught = [*labelled(TRAINING), *carried, *((word.kind, word.text) for word in trade_words())]
    taught += [pair for examples in TAUGHT.values() for pair in labelled(examples)]
    known = [frozenset(words(sentence)) for _, sentence in taught]
    assert [
        sentence
        for examples in OF_PRODUCTS.values()
        for _, sentence in labelled(examples)
        if any(overlap(frozenset(words(sentence)), tokens) > SAME_SENTENCE for tokens in known)
    ] == []
