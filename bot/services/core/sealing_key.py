"""The key that encrypts other companies' secrets: of the environment, else one that is made in the home folder."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet

from bot.settings.env.settings import Settings

KEY_FILE = "sealing_key"


def fernet_of(settings: Settings) -> Fernet:
    """Return what encrypts and decrypts with this installation's key."""
    secret = settings.sealing_key or _own_key(settings.home / KEY_FILE)
    return Fernet(base64.urlsafe_b64encode(hashlib.sha256(secret.encode()).digest()))


def _own_key(file: Path) -> str:
    """Return the key of this installation, made once, for its owner only; of two processes that make it the
    first wins.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        unfinished = file.with_name(f".{file.name}.{os.getpid()}")
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "wb") as new:
            new.write(secrets.token_urlsafe(32).encode())
        try:
            os.link(unfinished, file)
        except FileExistsError:
            pass
        finally:
            unfinished.unlink()
    return file.read_text().strip()
