"""Cache what a stack prepares at its first start: the search index and the trained dialogue model.

The cache lies in the checkout (``.test_cache``, which Git ignores and ``make clean`` removes), in a folder named by the
fingerprint of all files that the two are made from. The sentence embedding is that of ``make setup``. ``techref up``
checks what was copied, and rebuilds what does not match its sources.
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path

from bot.installation import training
from bot.installation.fingerprint import fingerprint
from bot.processes.only_one import preparation_lock
from tests.support.running_stack import ROOT, RunningStack, running_stack

CACHE = ROOT / ".test_cache"
CACHED = ("index", "models")
# How many fingerprints are kept: that of this branch, and of those before it.
KEPT = 3
SET_UP_HOME = Path(os.environ.get("TECHREF_HOME", ROOT / "var"))


def lock(cache: Path = CACHE) -> AbstractContextManager[None]:
    """Hold the cache, so that one process prepares what the other waits for."""
    return preparation_lock(cache, lambda: None)


def embedding_of_set_up(home: Path) -> None:
    """Copy the sentence embedding that ``make setup`` built; without one ``techref up`` builds it."""
    source, target = SET_UP_HOME / "embedding", home / "embedding"
    if source.exists() and not target.exists():
        shutil.copytree(source, target)


def fill(home: Path, cache: Path = CACHE) -> bool:
    """Copy index and model into ``home``; return False when the cache has none made from the present files."""
    embedding_of_set_up(home)
    source = cache / key()
    if not source.exists():
        return False
    for name in CACHED:
        shutil.copytree(source / name, home / name)
    os.utime(source)
    return True


@contextmanager
def prepared_stack(home: Path, support: str = "", **environ: str) -> Iterator[RunningStack]:
    """Run a stack on the cached index and model; without them others wait until this one has made them."""
    with ExitStack() as running, ExitStack() as preparing:
        preparing.enter_context(lock())
        if fill(home):
            preparing.close()
        stack = running.enter_context(running_stack(home, support, **environ))
        keep(home)
        preparing.close()
        yield stack


def keep(home: Path, cache: Path = CACHE) -> None:
    """Put the index and model of ``home`` into the cache, whole or not at all; drop the oldest. Call it locked."""
    target = cache / key()
    if target.exists():
        return
    partial = cache / f".partial-{os.getpid()}"
    for name in CACHED:
        shutil.copytree(home / name, partial / name)
    partial.rename(target)
    made = sorted((one for one in cache.iterdir() if len(one.name) == len(target.name)), key=_age)
    for old in made[:-KEPT]:
        shutil.rmtree(old)


def key() -> str:
    files = fingerprint([ROOT / name for name in sources()], ROOT)
    return hashlib.sha256(f"{files} {training.domain_without_responses(training.DOMAIN)}".encode()).hexdigest()


def sources() -> set[str]:
    """Return the files and folders that index and model are made from, and with."""
    return {*training.SOURCES, "knowledge_base", "requirements", "bot/installation"}


def _age(folder: Path) -> float:
    return folder.stat().st_mtime
