"""Complete Rasa's command line with TechRef's defaults: the model's path, the address and the port.

``bind_check`` prevents a wider exposure, however the arguments are spelt.
"""

import os
from collections.abc import Sequence

import rasa.cli.run
from rasa.exceptions import ModelNotFound
from rasa.model import get_local_model

from bot.engine.environment import LOOPBACK, Unprepared, home

_SERVES = ("run", "shell")
_READS_A_MODEL = (*_SERVES, "test")
_MODEL = ("-m", "--model")


def install() -> None:
    """Make ``rasa run`` and ``rasa shell`` fail when there is no model.

    Rasa's own exit with status 0, and look in ``models/`` of the working directory first.
    """
    rasa.cli.run._validate_model_path = trained_model


def trained_model(path: str, parameter: str, default: str) -> str:
    """Return the model at this path, or the latest in this directory. Raises Unprepared when there is none."""
    try:
        found: str = get_local_model(path)
    except ModelNotFound:
        raise Unprepared(f"There is no trained model at {path}, so nothing was started. Run `make train`.") from None
    return found


def complete(arguments: Sequence[str]) -> list[str]:
    """Return Rasa's arguments with TechRef's defaults added; explicit ones win.

    Raises Unprepared for ``run actions``: the actions have another environment.
    """
    given = list(arguments)
    command = given[0] if given else ""
    if command == "run" and given[1:2] == ["actions"]:
        raise Unprepared(
            "The actions run in TechRef's own environment, so nothing was started. "
            "Start them with `python -m actions` there, or everything with `techref up`."
        )
    if command in _READS_A_MODEL and not _has(given, *_MODEL):
        given += ["--model", str(home() / "models")]
    if command == "train" and not _has(given, "--out"):
        given += ["--out", str(home() / "models")]
    if command == "run" and not _has(given, "-p", "--port"):
        given += ["--port", os.environ.get("TECHREF_RASA_PORT") or "5005"]
    parses_only = command == "shell" and given[1:2] == ["nlu"]  # opens no port, and takes no address
    if command in _SERVES and not parses_only and not _has(given, "-i", "--interface"):
        given += ["--interface", LOOPBACK]
    return given


def _has(given: Sequence[str], *names: str) -> bool:
    return any(word == name or word.startswith(name + "=") for word in given for name in names)
