"""Rasa's own command line with TechRef's patches: ``python -m bot.engine train``, ``run``, ``test``, ``shell`` …

Importing this module patches Rasa in this process: nothing of Rasa may be imported before it.
"""

import logging
import os
import sys
from collections.abc import Sequence

# The models that are written here are for this account's eyes only.
os.umask(0o077)
os.environ["RASA_TELEMETRY_ENABLED"] = "false"
os.environ.setdefault("TECHREF_ACTIONS_PORT", "5055")
# Rasa's pinned libraries warn about each other at import, a screenful that no operator can act on.
logging.captureWarnings(True)

from bot.engine import import_stubs  # noqa: E402

import_stubs.install()

from rasa.__main__ import main as rasa_main  # noqa: E402
from rasa.shared.utils.cli import print_error  # noqa: E402

from bot.engine import (  # noqa: E402
    action_endpoint,
    arguments,
    bind_check,
    components,
    fail_on_action_error,
    graph_order,
    model_swap,
    private_server,
)
from bot.engine.environment import Unprepared  # noqa: E402

logging.captureWarnings(False)

for part in (
    arguments,
    components,
    fail_on_action_error,
    action_endpoint,
    model_swap,
    private_server,
    bind_check,
    graph_order,
):
    part.install()


def main(given: Sequence[str] | None = None) -> None:
    """Run Rasa's command line with these arguments, by default the process's own. Exits non-zero on errors."""
    try:
        completed = arguments.complete(sys.argv[1:] if given is None else given)
    except Unprepared as error:
        print_error(str(error))
        sys.exit(1)
    sys.argv = ["rasa", *completed]
    rasa_main()
