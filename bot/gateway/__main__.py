"""``python -m bot.gateway``: serve until told to stop."""

import logging
import os
import sys

from bot.gateway.app import create_app
from bot.services.context import CannotStart
from bot.settings import load_settings


def main() -> None:
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    try:
        settings = load_settings(os.environ)
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


if __name__ == "__main__":
    main()
