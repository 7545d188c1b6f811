"""The secret that gateway, dialogue engine and action server show each other."""

import os
import secrets
from pathlib import Path

from bot.installation.places import internal_secret_file


def internal_secret(home: Path) -> str:
    """The secret of this installation, made once and readable by its owner only.

    Two launchers may start at the same moment: the file appears whole and the first one wins.
    """
    file = internal_secret_file(home)
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".internal_secret.{os.getpid()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_hex(32) + "\n")
        try:
            os.link(unfinished, file)
        except FileExistsError:
            pass  # the other launcher's secret is as good
        finally:
            unfinished.unlink()
    return file.read_text().strip()
