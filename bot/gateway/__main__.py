"""``python -m bot.gateway``: serve until told to stop."""

import logging
import os
import resource
import sys

from bot.gateway.app import create_app
from bot.services.core import log_format
from bot.services.core.context import CannotStart
from bot.services.core.private_files import keep_files_private, prepare_folder
from bot.settings.env.settings import load_settings

# Each open chat is one; many systems begin with 1,024, which lies below what one gateway carries.
OPEN_FILES = 10_000


def main() -> None:
    keep_files_private()
    allow_many_streams()
    log_format.write_to_stderr()
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = load_settings(os.environ)
        log_format.write_to_stderr(settings.log_level, settings.log_form)
        prepare_folder(settings.home)
        app = create_app(settings)
    except CannotStart as error:
        sys.exit(f"The gateway cannot start: {error}")
    app.run(
        host=settings.host,
        port=settings.port,
        single_process=True,
        access_log=False,
        motd=False,
    )


def allow_many_streams() -> None:
    """Raise what this process asks for, as far as the system's own limit allows."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = OPEN_FILES if hard == resource.RLIM_INFINITY else min(OPEN_FILES, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


if __name__ == "__main__":
    main()
