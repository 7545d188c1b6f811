"""`make attack`: the attacks of docs/security.md, run against a gateway of their own on a temporary home.

One line for each attack, and a last one `attacks: N tried, N held, 0 broken`; the status is 1 when one got through.
ATTACK=word runs those whose name holds the word.
"""

import os
import sys
import tempfile
import time
from pathlib import Path

from tests.attack import on_channels, on_http, on_people, on_the_api, on_the_desk, on_the_import
from tests.attack.attacks import ATTACKS, Named
from tests.attack.target import Target, target

# In this order: the floods use up what the others are allowed.
MODULES = [module.__name__ for module in (on_people, on_channels, on_the_desk, on_the_api, on_the_import, on_http)]
MOST_SHOWN = 5


def main() -> int:
    """The status to end with."""
    wanted = os.environ.get("ATTACK", "").lower()
    in_order = sorted(ATTACKS, key=lambda one: MODULES.index(one.run.__module__))
    chosen = [one for one in in_order if wanted in one.name]
    with tempfile.TemporaryDirectory(prefix="techref-attack-") as folder, target(Path(folder) / "home") as attacked:
        broken = [one.name for one in chosen if not carry_out(attacked, one)]
    print(summary(len(chosen), len(broken)))
    return 1 if broken or not chosen else 0


def carry_out(attacked: Target, one: Named) -> bool:
    """Run one attack and print its line; whether it was held. An attack that cannot be run is not held."""
    began, tried, through = time.monotonic(), 0, []
    try:
        for what, got_through in one.run(attacked):
            tried += 1
            if got_through is not None:
                through.append(f"{what}: {got_through}")
    except Exception as error:  # noqa: BLE001 - the other attacks are run all the same
        through.append(f"it could not be run to its end ({type(error).__name__}: {error})")
    if not tried:
        through.append("nothing was tried")
    word = "BROKEN" if through else "held  "
    print(f"{word}  {one.name}: {tried} tries in {time.monotonic() - began:.0f} s", flush=True)
    for line in through[:MOST_SHOWN]:
        print(f"          {line}", flush=True)
    if len(through) > MOST_SHOWN:
        print(f"          and {len(through) - MOST_SHOWN} more", flush=True)
    return not through


def summary(tried: int, broken: int) -> str:
    return f"attacks: {tried} tried, {tried - broken} held, {broken} broken"


if __name__ == "__main__":
    sys.exit(main())
