"""Other companies' secrets in our database: encrypted, so that a copy of the database alone opens nothing."""

import base64
import hashlib
import os
import secrets
from pathlib import Path

from cryptography.fernet import Fernet, InvalidToken

from bot.services.core.context import Context

KEY_FILE = "sealing_key"


class CannotOpen(Exception):
    """Sealed with another key than the present one, or damaged."""


def encrypt(ctx: Context, secret: str) -> str:
    return _fernet(ctx).encrypt(secret.encode()).decode()


def decrypt(ctx: Context, sealed: str, ttl: int | None = None) -> str:
    """Return the secret again; ``ttl``: not older than so many seconds. Raises CannotOpen."""
    try:
        return _fernet(ctx).decrypt(sealed.encode(), ttl=ttl).decode()
    except (InvalidToken, ValueError) as error:
        raise CannotOpen from error


def _fernet(ctx: Context) -> Fernet:
    secret = ctx.settings.sealing_key or _own_key(ctx.home / KEY_FILE)
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
