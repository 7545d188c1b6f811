"""The environment variables of every process that the launcher starts."""

import os
from pathlib import Path

from bot.installation.internal_secret import internal_secret
from bot.installation.places import ROOT
from bot.settings.env.settings import Settings

DATABASE_VARIABLES = ("TECHREF_DATABASE_URL", "TECHREF_DATABASE_URL_FILE")


def process_environment(settings: Settings, threads: int = 1) -> dict[str, str]:
    """Return the launcher's own environment, with this installation's values made explicit and absolute.

    A server keeps to one computing thread: there are three of them, and a turn is short. glibc would keep memory arenas
    for up to eight threads a core, which only adds to a process's memory:
    https://man7.org/linux/man-pages/man3/mallopt.3.html
    """
    return {
        **os.environ,
        "TECHREF_HOME": str(settings.home),
        "TECHREF_LOCAL": str(settings.local),
        "TECHREF_PORT": str(settings.port),
        "TECHREF_RASA_PORT": str(settings.rasa_port),
        "TECHREF_ACTIONS_PORT": str(settings.actions_port),
        "TECHREF_INTERNAL_SECRET": settings.internal_secret or internal_secret(settings.home),
        "PYTHONPATH": str(ROOT),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": str(threads),
        "OPENBLAS_NUM_THREADS": str(threads),
        "MALLOC_ARENA_MAX": "2",
        "RASA_TELEMETRY_ENABLED": "false",
        "RASA_CACHE_DIRECTORY": str(_made(settings.local / "cache" / "rasa")),
        "MPLCONFIGDIR": str(_made(settings.local / "cache" / "matplotlib")),
    }


def engine_environment(settings: Settings, threads: int = 1) -> dict[str, str]:
    """Return the same without the address of the database, which neither the engine nor its actions open."""
    environment = process_environment(settings, threads)
    return {name: value for name, value in environment.items() if name not in DATABASE_VARIABLES}


def _made(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
