"""An attack that gets through, tries nothing or breaks off is never reported as held."""

from collections.abc import Iterator

import pytest

from tests.attack import __main__ as program
from tests.attack.attacks import ATTACKS, Attack, Named, Try, held
from tests.attack.target import Target


class NoTarget(Target):
    def __init__(self) -> None:
        """Attack nothing."""


def both_held(_target: Target) -> Iterator[Try]:
    yield held("one", unless=False)
    yield held("two", unless=False)


def second_gets_through(_target: Target) -> Iterator[Try]:
    yield held("one", unless=False)
    yield held("two", unless=True, saying="answered 200")


def tries_nothing(_target: Target) -> Iterator[Try]:
    yield from ()


def breaks_off(_target: Target) -> Iterator[Try]:
    yield held("one", unless=False)
    raise ConnectionError("gone")


@pytest.mark.parametrize(
    ("run", "is_held", "said"),
    [
        (both_held, True, "held    an attack: 2 tries"),
        (second_gets_through, False, "two: answered 200"),
        (tries_nothing, False, "nothing was tried"),
        (breaks_off, False, "it could not be run to its end"),
    ],
)
def test_the_line_says_what_happened(run: Attack, is_held: bool, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert program.carry_out(NoTarget(), Named("an attack", run)) is is_held
    assert said in capsys.readouterr().out


def test_the_last_line_counts_attacks() -> None:
    assert program.summary(21, 2) == "attacks: 21 tried, 19 held, 2 broken"


def test_each_attack_has_a_name_of_its_own() -> None:
    assert len(ATTACKS) > 15 and len({one.name for one in ATTACKS}) == len(ATTACKS)
