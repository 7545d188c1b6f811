"""Paths in the checkout and under TECHREF_HOME."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ENGINE_PYTHON = ROOT / ".venv-rasa" / "bin" / "python"
MODEL_NAME = "techref"
# Held by the one process that trains in a home folder.
MODEL_LOCK = "model"


def model_file(home: Path) -> Path:
    """Return the path of the trained dialogue model that the engine loads."""
    return home / "models" / f"{MODEL_NAME}.tar.gz"


def internal_secret_file(home: Path) -> Path:
    return home / "internal_secret"
