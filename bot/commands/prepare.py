"""Prepare what a program needs before its start: each step is skipped when it was done, here or by another stack."""

from collections.abc import Callable
from functools import partial

from bot.commands.embedding import build_embedding
from bot.commands.index import index_if_needed
from bot.commands.migrate import upgrade_if_needed
from bot.commands.reporting import console
from bot.commands.train import train_if_needed
from bot.installation.places import MODEL_LOCK
from bot.installation.programs import ACTIONS, GATEWAY, RASA
from bot.processes.only_one import preparation_lock
from bot.settings.env.settings import Settings

Step = Callable[[Settings], None]
# The lock's file, the description of the step for whoever waits, and the step.
EMBEDDING = ("embedding", "the sentence embedding", build_embedding)
SCHEMA = ("schema", "the database's schema", upgrade_if_needed)
INDEX = ("index", "the manual's index", index_if_needed)
MODEL = (MODEL_LOCK, "the dialogue model", train_if_needed)
# The gateway need not wait for a model: until the engine is there it issues references without it.
STEPS = {
    GATEWAY: (EMBEDDING, SCHEMA, INDEX),
    RASA: (EMBEDDING, MODEL),
    ACTIONS: (EMBEDDING, SCHEMA),
}


def prepare_programs(settings: Settings, *names: str) -> None:
    """Prepare what the programs of these names need, one process at a time among all that share TECHREF_HOME."""
    wanted = dict.fromkeys(step for name in names for step in STEPS[name])
    for lock, what, step in wanted:
        with preparation_lock(settings.home, partial(_say_that_it_waits, what), lock):
            step(settings)


def _say_that_it_waits(what: str) -> None:
    waits = f"another process is preparing {what} in this home folder; waiting for it"
    console.print(waits, style="yellow", markup=False)
