"""Other companies' secrets in our database: encrypted, so that a copy of the database alone opens nothing."""

from cryptography.fernet import InvalidToken

from bot.services.core.context import Context
from bot.services.core.sealing_key import fernet_of


class CannotOpen(Exception):
    """Sealed with another key than the present one, or damaged."""


def encrypt(ctx: Context, secret: str) -> str:
    return fernet_of(ctx.settings).encrypt(secret.encode()).decode()


def decrypt(ctx: Context, sealed: str, ttl: int | None = None) -> str:
    """Return the secret again; ``ttl``: not older than so many seconds. Raises CannotOpen."""
    try:
        return fernet_of(ctx.settings).decrypt(sealed.encode(), ttl=ttl).decode()
    except (InvalidToken, ValueError) as error:
        raise CannotOpen from error
