"""`make fuzz`: tens of thousands of requests made from our own OpenAPI description against the running stack.

As a customer with a token, as a stranger without one, and as a technician of each role; valid and invalid by turns,
with real ids among the made-up ones. Any answer of 5xx is a fault of ours and fails the run.
"""

import os
import random
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

from tests.fuzz.requests_made import Fuzzer
from tests.fuzz.visitors import visitors_of
from tests.support.prepared import prepared_stack
from tests.support.running_stack import UNLIMITED

MOST_SHOWN = 20


def main() -> int:
    """The status to end with."""
    wanted = int(os.environ.get("FUZZ_REQUESTS", "50000"))
    seed = int(os.environ.get("FUZZ_SEED", "20260401"))
    bound_s = float(os.environ.get("FUZZ_SECONDS", "3600"))
    print(f"fuzz: {wanted:,} requests, seed {seed} (FUZZ_REQUESTS, FUZZ_SEED)", flush=True)
    with (
        tempfile.TemporaryDirectory(prefix="techref-fuzz-") as folder,
        prepared_stack(Path(folder) / "home", UNLIMITED, TECHREF_TRUSTED_PROXIES="127.0.0.1") as stack,
    ):
        fuzzer = Fuzzer(stack.url, visitors_of(stack), random.Random(seed))
        began = time.monotonic()
        fuzzer.run(wanted, began + bound_s)
        seconds = time.monotonic() - began
        stack.wait_until_ready()
    return report(fuzzer, wanted, seed, seconds)


def report(fuzzer: Fuzzer, wanted: int, seed: int, seconds: float) -> int:
    sent = sum(fuzzer.answers.values())
    classes = Counter[str]()
    for (_, status), count in fuzzer.answers.items():
        classes[f"{status // 100}xx" if status else "no answer"] += count
    for fault in fuzzer.faults[:MOST_SHOWN]:
        print(fault)
    for visitor in sorted({who for who, _ in fuzzer.answers}):
        codes = {status: count for (who, status), count in fuzzer.answers.items() if who == visitor}
        print(f"{visitor:11}", "  ".join(f"{status}: {count}" for status, count in sorted(codes.items())))
    print(f"operations reached: {len(fuzzer.reached)} of {fuzzer.operations}")
    print("requests by class:", "  ".join(f"{name}: {count:,}" for name, count in sorted(classes.items())))
    print(f"{sent:,} requests in {seconds:.0f} s, seed {seed}, {len(fuzzer.faults)} faults")
    if sent < wanted:
        print(f"only {sent:,} of {wanted:,} were sent in time")
    return 1 if fuzzer.faults or sent < wanted else 0


if __name__ == "__main__":
    sys.exit(main())
