"""Hash and verify technicians' passwords with argon2id, in threads so that a sign-in never blocks the event loop.

https://cheatsheetseries.owasp.org/cheatsheets/Password_Storage_Cheat_Sheet.html
"""

import secrets
import unicodedata
from functools import cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.services.core.errors import WeakPassword
from bot.services.core.worker_threads import PASSWORDS

SHORTEST, LONGEST = 10, 200
_hasher = PasswordHasher()


def check_password(password: str, *, email: str) -> None:
    """Raise Invalid unless this is an acceptable password."""
    password = normal(password)
    if not SHORTEST <= len(password) <= LONGEST:
        raise WeakPassword(
            f"The password must have {SHORTEST} to {LONGEST} characters; nothing was changed.",
        )
    if len(set(password)) < 4 or password.lower() == email.lower():
        raise WeakPassword("The password is too easy to guess; nothing was changed.")
    if not is_text(password):
        raise WeakPassword("The password is not valid text; nothing was changed.")


async def hash_password(password: str) -> str:
    """Return the hash to store."""
    return await PASSWORDS.run(lambda: _hasher.hash(normal(password)))


async def verify_password(password: str, stored: str | None) -> bool:
    """Return True for the right password; takes as long when there is no account (``stored`` is None).

    A hash of the password as typed, from before passwords were normalised, is tried as well.
    """
    return await PASSWORDS.run(lambda: _verify(password, stored))


def is_outdated(stored: str, password: str) -> bool:
    """Return True for a hash of weaker parameters than the present ones, or maybe of the password as typed."""
    return _hasher.check_needs_rehash(stored) or normal(password) != password


def normal(password: str) -> str:
    """Return the one form of a password: keyboards differ in how they compose an accent.

    NFKC, as https://pages.nist.gov/800-63-4/sp800-63b.html#passwordver asks.
    """
    return unicodedata.normalize("NFKC", password)


def is_text(value: str) -> bool:
    """Return True when the value can be encoded: JSON may smuggle in lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _verify(password: str, stored: str | None) -> bool:
    return any(_is_hash_of(written, stored) for written in dict.fromkeys((normal(password), password)))


def _is_hash_of(password: str, stored: str | None) -> bool:
    try:
        return _hasher.verify(stored or _nobody(), password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())
