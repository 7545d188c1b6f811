"""An environment of its own for stock Rasa 3.6.21, TensorFlow included. Some minutes and 2.5 GB the first time.

rasa-sdk comes with Rasa; Whoosh is what its actions search the manual with, in the version that ours is locked to.
"""

import os
import subprocess
import sys
from pathlib import Path

# Rasa's pins for these hold on Pythons before 3.11 only; these ran together on 3.11.
PINS = (
    "dask==2022.10.2",
    "jax==0.4.13",
    "matplotlib==3.7.5",
    "ml-dtypes==0.2.0",
    "numpy==1.23.5",
    "scikit-learn==1.1.3",
    "scipy==1.10.1",
    "setuptools==70.3.0",
)
WANTED = ("rasa==3.6.21", "whoosh3==3.54.0")
MADE_FROM = "\n".join((*WANTED, *PINS))


def _stamp(folder: Path) -> Path:
    return folder / "venv" / "prepared.txt"


def installed(folder: Path) -> bool:
    """Return whether the environment in ``folder`` is whole and made from what is wanted now."""
    stamp = _stamp(folder)
    return stamp.exists() and stamp.read_text(encoding="utf-8") == MADE_FROM


def prepare(folder: Path) -> Path:
    """Make the environment in ``folder`` unless it is there; returns its Python."""
    python = folder / "venv" / "bin" / "python"
    if installed(folder):
        return python
    folder.mkdir(parents=True, exist_ok=True)
    wanted, pins, lock = folder / "rasa.in", folder / "pins.txt", folder / "rasa.txt"
    wanted.write_text("\n".join(WANTED), encoding="utf-8")
    pins.write_text("\n".join(PINS), encoding="utf-8")
    uv = Path(sys.executable).with_name("uv")
    # As for Python 3.10, the last that its wheels claim, and then without asking again.
    _run(uv, "pip", "compile", "--python-version=3.10", "--no-annotate", "--override", pins, wanted, "-o", lock)
    lock.write_text("\n".join(line.split(";")[0] for line in lock.read_text().splitlines()), encoding="utf-8")
    _run(uv, "venv", "--clear", "--python", sys.executable, folder / "venv")
    _run(uv, "pip", "install", "--python", python, "--no-deps", "-r", lock)
    _stamp(folder).write_text(MADE_FROM, encoding="utf-8")
    return python


def _run(*command: str | Path) -> None:
    environ = {**os.environ, "UV_PYTHON_DOWNLOADS": "never"}
    subprocess.run([str(part) for part in command], check=True, env=environ, stdout=subprocess.DEVNULL)
