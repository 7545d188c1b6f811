"""Read the engine's environment: TECHREF_HOME and the internal secret.

``bot.settings`` reads settings elsewhere; it needs packages that the engine's environment does not have.
"""

import os
from pathlib import Path

from rasa.shared.exceptions import RasaException

SECRET_HEADER = "X-TechRef-Secret"  # noqa: S105 - the header's name, not its value
LOOPBACK = "127.0.0.1"


class Unprepared(RasaException):
    """The engine's environment lacks something; the message says what, and who provides it."""


def home() -> Path:
    """Return TECHREF_HOME, by default ``var/`` of the working directory."""
    return Path(os.environ.get("TECHREF_HOME") or "var")


def internal_secret() -> str:
    """Return the secret that gateway, engine and action server share.

    From TECHREF_INTERNAL_SECRET, else from the file ``internal_secret`` that ``techref up`` keeps in TECHREF_HOME.
    Raises Unprepared when neither exists: the engine never serves without it.
    """
    given = os.environ.get("TECHREF_INTERNAL_SECRET", "").strip()
    if given:
        return given
    try:
        kept = (home() / "internal_secret").read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        kept = ""
    if not kept:
        raise Unprepared(
            "The internal secret is missing, so nothing was started. `techref up` makes it; "
            "to start the engine alone, set TECHREF_INTERNAL_SECRET to the value the gateway has."
        )
    return kept
