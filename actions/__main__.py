"""``python -m actions``: the action server, on loopback, for whoever has the secret."""

import os
import sys

from actions.server import create_server
from actions.wiring import Wiring
from bot.services.core import log_format
from bot.services.core.private_files import keep_files_private
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError


def main() -> None:
    keep_files_private()
    log_format.write_to_stderr()
    try:
        settings = load_settings(os.environ)
        log_format.write_to_stderr(settings.log_level, settings.log_form)
        server = create_server(settings.internal_secret, Wiring.of(settings))
    except SettingsError as error:
        sys.exit(f"The action server cannot start: {error}")
    server.run(host="127.0.0.1", port=settings.actions_port, single_process=True, access_log=False, motd=False)


if __name__ == "__main__":
    main()
