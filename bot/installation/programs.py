"""The three processes of an installation, as the process manager starts them."""

import sys

from bot.installation.environment import DATABASE_VARIABLES
from bot.installation.places import ENGINE_PYTHON, model_file
from bot.processes.program import Program
from bot.settings.env.settings import Settings

GATEWAY, RASA, ACTIONS = "gateway", "rasa", "actions"
# The process manager gives all programs one environment; these two open no database.
_WITHOUT_DATABASE = ("/usr/bin/env", *(part for name in DATABASE_VARIABLES for part in ("-u", name)))


def programs_of_stack(settings: Settings) -> list[Program]:
    """Return the programs in order; the gateway starts last and stops first, because it needs the others to answer."""
    return [
        Program(ACTIONS, (*_WITHOUT_DATABASE, sys.executable, "-m", "actions"), priority=10, colour="magenta"),
        Program(RASA, _rasa(settings), priority=20, colour="blue"),
        Program(GATEWAY, (sys.executable, "-m", "bot.gateway"), priority=30, colour="green"),
    ]


def _rasa(settings: Settings) -> tuple[str, ...]:
    return (
        *_WITHOUT_DATABASE, str(ENGINE_PYTHON), "-m", "bot.engine", "run",
        "--model", str(model_file(settings.home)),
        "--interface", "127.0.0.1",
        "--port", str(settings.rasa_port),
        "--endpoints", "endpoints.yml",
        "--credentials", "credentials.yml",
    )  # fmt: skip
