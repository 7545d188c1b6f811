"""The list of attacks. Each tries one way in many times, and says which of the tries got through."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from tests.attack.target import Target

# Each try: what it was, and None when it was held, else what got through.
Try = tuple[str, str | None]
Attack = Callable[[Target], Iterator[Try]]


@dataclass(frozen=True)
class Named:
    """An attack as it is listed."""

    name: str
    run: Attack


ATTACKS: list[Named] = []


def attack(name: str) -> Callable[[Attack], Attack]:
    """Put an attack on the list."""

    def listed(run: Attack) -> Attack:
        ATTACKS.append(Named(name, run))
        return run

    return listed


def held(what: str, *, unless: bool, saying: str = "it got through") -> Try:
    """Return a try that was held ``unless`` the condition is true."""
    return (what, saying if unless else None)
