"""Rasa's command line, with what TechRef settles already: where models live, which port, never another interface."""

import os
from collections.abc import Sequence

from bot.engine.surroundings import LOOPBACK, Unprepared, home

_SERVES = ("run", "shell")
_READS_A_MODEL = (*_SERVES, "test")
_MODEL = ("-m", "--model")


def complete(arguments: Sequence[str]) -> list[str]:
    """Rasa's arguments with TechRef's defaults added; what is given explicitly wins.

    Raises Unprepared when the arguments would open the engine to other machines.
    """
    given = list(arguments)
    command = given[0] if given else ""
    if command == "run" and given[1:2] == ["actions"]:
        raise Unprepared(
            "The actions run in TechRef's own environment, so nothing was started. "
            "Start them with `python -m actions` there, or everything with `techref up`."
        )
    if "--enable-api" in given:
        raise Unprepared(
            "--enable-api would let every program on this machine read all conversations, "
            "so nothing was started. Leave it out: /status, /version and /model/parse are served anyway."
        )
    if command in _READS_A_MODEL and not _has(given, *_MODEL):
        given += ["--model", str(home() / "models")]
    if command == "train" and not _has(given, "--out"):
        given += ["--out", str(home() / "models")]
    if command == "run" and not _has(given, "-p", "--port"):
        given += ["--port", os.environ.get("TECHREF_RASA_PORT") or "5005"]
    if command in _SERVES:
        given += _interface(given)
    return given


def _has(given: Sequence[str], *names: str) -> bool:
    return any(word == name or word.startswith(name + "=") for word in given for name in names)


def _interface(given: Sequence[str]) -> list[str]:
    if not _has(given, "-i", "--interface"):
        return ["--interface", LOOPBACK]
    position = next(index for index, word in enumerate(given) if _has([word], "-i", "--interface"))
    chosen = given[position].partition("=")[2] or "".join(given[position + 1 : position + 2])
    if chosen != LOOPBACK:
        raise Unprepared(
            f"The engine answers on {LOOPBACK} only, so nothing was started. "
            "Leave --interface out; customers reach TechRef through the gateway."
        )
    return []
