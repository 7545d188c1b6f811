"""No complaint ends anything when it is mistyped, shouted or whispered, joined to another, or in another language."""

from pathlib import Path
from random import Random

import pytest

from tests.dialogue.outcomes.sentences import lines
from tests.dialogue.outcomes.test_never_solved import CONTEXTS, ends_something
from tests.support.turn_contexts import FOUND, decided, written

SEED, VARIANTS = 20261130, 340
CRUCIAL = ("given back", "queue", "asked whether to close", "asked whether to leave")
ABROAD = [
    tuple(part.strip() for part in line.split("|", 1))
    for line in (Path(__file__).parent / "never_solved_abroad.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]
OPENINGS = ("", "", "sorry but ", "hi, ", "listen. ", "look, ", "hello??? ", "again: ", "ok so ", "for the third time ")
ENDINGS = ("", "", "!!!", " :(", " please", "...", " do something", " asap", " - what now", " thanks for nothing")


def _mistyped(word: str, random: Random) -> str:
    """Swap, drop or double a letter inside a longer word; words that deny or name success stay as they are."""
    if len(word) < 6 or not word.isalpha() or random.random() > 0.35:
        return word
    at = random.randrange(1, len(word) - 2)
    return random.choice(
        (
            word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            word[:at] + word[at + 1 :],
            word[:at] + word[at] + word[at:],
        )
    )


def variants() -> list[str]:
    """Return complaints as people type them in a hurry, the same in every run."""
    random, complaints = Random(SEED), lines("never_solved.txt")
    found: dict[str, None] = {}
    while len(found) < VARIANTS:
        text = random.choice(complaints)
        if random.random() < 0.25:
            text = f"{text}{random.choice((', ', '. ', ' and '))}{random.choice(complaints)}"
        text = " ".join(_mistyped(word, random) for word in text.split(" "))
        text = f"{random.choice(OPENINGS)}{text}{random.choice(ENDINGS)}"
        case = random.choice((str.lower, str.upper, str, str))
        found[case(text if random.random() < 0.5 else text.replace("'", ""))] = None
    return list(found)


@pytest.mark.parametrize("name", CRUCIAL)
def test_no_mistyped_complaint_ends_anything(name: str) -> None:
    wrong = []
    for place, text in enumerate(variants()):
        label = ("solved", "thank", "goodbye", "cancel")[place % 4]
        plan = decided(written(text, **CONTEXTS[name]), label, confidence=0.99, manual=FOUND)
        wrong += [f"{text} ({label}): {plan.rule}: {ends}" for ends in ends_something(plan)]
    assert not wrong, "\n".join(wrong)


@pytest.mark.parametrize("name", [*CRUCIAL, "how-to", "first message"])
def test_no_complaint_in_another_language_ends_anything(name: str) -> None:
    wrong = []
    for language, text in ABROAD:
        for label in ("solved", "thank"):
            plan = decided(written(text, language=language, **CONTEXTS[name]), label, confidence=0.99, manual=FOUND)
            wrong += [f"{text} ({label}): {plan.rule}: {ends}" for ends in ends_something(plan)]
    assert not wrong, "\n".join(wrong)


def test_the_variants_are_many() -> None:
    assert len(set(variants())) == VARIANTS and len(ABROAD) >= 50
