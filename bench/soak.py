"""Hold conversations for an hour and measure what grows: memory, open files and the files of the home.

    python bench/soak.py [--home HOME] [--minutes 60] [--customers 10] [--pause 3]

``--customers`` at a time hold the conversation of turns.py, each pausing ``--pause`` seconds before a message, give or
take half; who is done is followed by the next. Once a minute the memory of each process, its open files, and the sizes
of database and logs are read. A process grows when the least-squares line through the second half of its samples rises
by more than ``--most`` per cent of its memory in an hour; the run then ends with status 1. A stack of its own is
started; with ``--home`` it is kept.
"""

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import psutil
from rich.progress import Progress
from turns import PROCESSES, Measured, customer

from tests.support.running_stack import UNLIMITED, RunningStack, running_stack

SAMPLE_SECONDS = 60.0
FEWEST_SAMPLES = 4


@dataclass(frozen=True)
class Sample:
    """Memory and database in megabytes, ``minute`` minutes after the start."""

    minute: float
    megabytes: dict[str, float]
    open_files: dict[str, int]
    database: float
    logs: float


def memory(process: psutil.Process) -> float:
    """Return the memory that the process has allocated, in MB, swapped out or not.

    Pages of files are left out: the system takes them back when it needs them, and how many of them the process has to
    itself depends on which other programs use the same libraries and the same sentence embedding.
    """
    full = process.memory_full_info()
    return float(full.rss - full.shared + full.swap if psutil.LINUX else full.uss) / 1e6


def megabytes(files: Iterable[Path]) -> float:
    """Return the size of the files that exist, in MB."""
    return sum(one.stat().st_size for one in files if one.is_file()) / 1e6


def sample(stack: RunningStack, began: float) -> Sample:
    """Read every process and the home of the stack."""
    running = {name: psutil.Process(stack.pid_of(name)) for name in PROCESSES}
    return Sample(
        minute=(time.monotonic() - began) / 60,
        megabytes={name: memory(one) for name, one in running.items()},
        open_files={name: one.num_fds() for name, one in running.items()},
        database=megabytes(stack.home.glob("techref.db*")),
        logs=megabytes((stack.home / "logs").iterdir()),
    )


def growth(samples: list[Sample], process: str) -> float:
    """Return how many per cent of its memory a process grows by in an hour, from the second half of the samples."""
    half = samples[len(samples) // 2 :]
    slope, _ = statistics.linear_regression([one.minute for one in half], [one.megabytes[process] for one in half])
    return slope * 60 / half[0].megabytes[process] * 100


async def soak(stack: RunningStack, minutes: float, customers: int, pause: float) -> tuple[list[Sample], Measured]:
    """Hold conversations for so many minutes and return the samples; the last conversations are held to their end."""
    began = time.monotonic()
    end = began + minutes * 60
    measured = Measured()
    samples = [sample(stack, began)]
    limits = httpx.Limits(max_connections=None)
    async with httpx.AsyncClient(base_url=stack.url, timeout=60, limits=limits, trust_env=False) as client:

        async def one_after_the_other() -> None:
            while time.monotonic() < end:
                await customer(client, measured, pause=pause)

        with Progress() as progress:
            shown = progress.add_task("Minutes", total=minutes)
            talking = asyncio.gather(*(one_after_the_other() for _ in range(customers)))
            while not talking.done():
                await asyncio.wait([talking], timeout=SAMPLE_SECONDS)
                samples.append(await asyncio.to_thread(partial(sample, stack, began)))
                progress.update(shown, completed=samples[-1].minute)
            await talking
    measured.seconds = time.monotonic() - began
    return samples, measured


def report(samples: list[Sample], measured: Measured) -> dict[str, object]:
    """Return the figures of the run by name."""
    first, last = samples[0], samples[-1]
    by_process = {
        name: {
            "mb": [round(one.megabytes[name]) for one in (first, samples[len(samples) // 2], last)],
            "grows_percent_an_hour": round(growth(samples, name), 1),
            "open_files": [first.open_files[name], max(one.open_files[name] for one in samples), last.open_files[name]],
        }
        for name in PROCESSES
    }
    conversations = len(measured.turns) / len({place for place, _ in measured.turns})
    return {
        "minutes": round(last.minute),
        **measured.summary(),
        **by_process,
        "database_kb_a_conversation": round((last.database - first.database) * 1000 / conversations, 1),
        "logs_mb": [round(first.logs, 1), round(last.logs, 1)],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--customers", type=int, default=10)
    parser.add_argument("--pause", type=float, default=3.0)
    parser.add_argument("--most", type=float, default=5.0, help="per cent that a process may grow in an hour")
    arguments = parser.parse_args()
    if arguments.minutes * 60 < FEWEST_SAMPLES * SAMPLE_SECONDS:
        parser.error(f"--minutes must be at least {FEWEST_SAMPLES * SAMPLE_SECONDS / 60:.0f}: growth needs samples")
    with tempfile.TemporaryDirectory() as folder, running_stack(arguments.home or Path(folder), UNLIMITED) as stack:
        samples, measured = asyncio.run(soak(stack, arguments.minutes, arguments.customers, arguments.pause))
    print(json.dumps(report(samples, measured)))
    growing = [name for name in PROCESSES if growth(samples, name) > arguments.most]
    if growing:
        sys.exit(f"Grows by more than {arguments.most:g} % an hour: {', '.join(growing)}.")


if __name__ == "__main__":
    main()
