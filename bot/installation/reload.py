"""Notice changed files while `make dev` runs."""

import threading
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue

from watchfiles import watch

from bot.installation.places import ROOT
from bot.installation.training import SOURCES

CODE = ("bot", "actions", "knowledge_base")
RASAS_OWN = ("endpoints.yml", "credentials.yml")
WATCHED = [ROOT / name for name in {*CODE, *RASAS_OWN, *SOURCES}]
MANUAL = ("knowledge_base/manual", "knowledge_base/tips_for_faster_service.md")
ENGINE_ONLY = ("bot/engine", "data", "config.yml", *RASAS_OWN)


@dataclass(frozen=True)
class Needs:
    """The actions that a set of changed files requires."""

    training: bool
    engine_restart: bool
    our_restart: bool
    indexing: bool


def required_actions(changed: set[Path]) -> Needs:
    def any_under(names: Iterable[str]) -> bool:
        return any(path.is_relative_to(ROOT / name) for path in changed for name in names)

    def all_under(names: Iterable[str]) -> bool:
        return all(any(path.is_relative_to(ROOT / name) for name in names) for path in changed)

    return Needs(
        training=any_under(SOURCES) or any(path.name == "support.yml" for path in changed),
        engine_restart=any_under(RASAS_OWN),
        our_restart=not all_under((*ENGINE_ONLY, *MANUAL)),
        indexing=any_under(MANUAL),
    )


class ChangedFiles:
    """Watches folders and files in a thread; ``take`` returns and clears the set of changes."""

    def __init__(self, watched: Sequence[Path]) -> None:
        self._watched = [path for path in watched if path.exists()]
        self._changes: SimpleQueue[Path] = SimpleQueue()
        self._end = threading.Event()
        self._thread = threading.Thread(target=self._collect, name="changed-files", daemon=True)

    def __enter__(self) -> "ChangedFiles":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._end.set()
        self._thread.join()

    def take(self) -> set[Path]:
        taken: set[Path] = set()
        while True:
            try:
                taken.add(self._changes.get_nowait())
            except Empty:
                return taken

    def _collect(self) -> None:
        for changes in watch(*self._watched, stop_event=self._end):
            for _, path in changes:
                self._changes.put(Path(path))
