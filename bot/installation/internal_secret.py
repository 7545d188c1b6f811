"""The shared secret by which gateway, dialogue engine and action server authenticate each other."""

import os
import secrets
import tempfile
from pathlib import Path

from bot.installation.places import internal_secret_file


def internal_secret(home: Path) -> str:
    """Return the secret of this installation, generated once and readable by its owner only.

    Two launchers may start at the same moment: the file appears whole and the first one wins.
    """
    file = internal_secret_file(home)
    if not file.exists():
        home.mkdir(parents=True, exist_ok=True)
        # Made for its owner only, as everything that mkstemp makes.
        descriptor, unfinished = tempfile.mkstemp(prefix=".internal_secret.", dir=home)
        with os.fdopen(descriptor, "w") as new:
            new.write(secrets.token_hex(32) + "\n")
        try:
            os.link(unfinished, file)
        except FileExistsError:
            return internal_secret(home)  # the other launcher was quicker, and its secret is as good
        finally:
            Path(unfinished).unlink()
    return file.read_text().strip()
