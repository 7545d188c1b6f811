"""Keep the dialogue model true to what it is made from."""

import os
import shutil
import subprocess
from pathlib import Path

from bot.installation.environment import process_environment
from bot.installation.fingerprint import fingerprint
from bot.installation.places import ENGINE_PYTHON, MODEL_NAME, ROOT, model
from bot.settings import Settings

# Rasa's own cache sees the first three only, hence this list and --force.
SOURCES = (
    "data",
    "config.yml",
    "domain.yml",
    "support.yml",
    "bot/engine",
    "bot/triage",
    "knowledge_base/embedder.py",
    "requirements/rasa.txt",
    "requirements/model.txt",
)
LINES_SHOWN_ON_FAILURE = 25


class TrainingFailed(Exception):
    """Rasa could not train; the message carries the end of its output and where the rest is."""


def is_up_to_date(settings: Settings) -> bool:
    stamp = _stamp(settings.home)
    return model(settings.home).exists() and stamp.exists() and stamp.read_text() == _wanted(settings.home)


def train(settings: Settings) -> Path:
    """Train and put the new model in place of the old one, which stays in use until then; returns its path.

    Takes some tens of seconds. Raises TrainingFailed.
    """
    wanted, target = _wanted(settings.home), model(settings.home)
    workshop = target.parent / f".training-{os.getpid()}"
    log = settings.home / "logs" / "train.log"
    log.parent.mkdir(parents=True, exist_ok=True)
    command = [str(ENGINE_PYTHON), "-m", "bot.engine", "train", "--force"]
    command += ["--fixed-model-name", MODEL_NAME, "--out", str(workshop)]
    try:
        with log.open("wb") as output:
            ended = subprocess.run(
                command,
                cwd=ROOT,
                env=process_environment(settings, threads=os.cpu_count() or 1),
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                check=False,
            )
        made = workshop / target.name
        if ended.returncode or not made.exists():
            raise TrainingFailed(_explain(log))
        made.replace(target)
        _stamp(settings.home).write_text(wanted)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return target


def _explain(log: Path) -> str:
    end = "\n".join(log.read_text(errors="replace").splitlines()[-LINES_SHOWN_ON_FAILURE:])
    return f"{end}\n\nThe dialogue model could not be trained; the one before is kept. All output: {log}"


def _wanted(home: Path) -> str:
    sources = [
        *(ROOT / name for name in SOURCES),
        home / "support.yml",
        home / "embedding" / "embedding.json",
    ]
    return fingerprint(sources, ROOT)


def _stamp(home: Path) -> Path:
    return model(home).with_suffix("").with_suffix(".fingerprint")
