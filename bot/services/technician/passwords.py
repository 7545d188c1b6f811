"""Technicians' passwords: hashed with argon2id, in threads so that a sign-in never stops the event loop."""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from bot.services.core.errors import Invalid

Result = TypeVar("Result")

SHORTEST, LONGEST = 10, 200
_hasher = PasswordHasher()
# Each hash takes 64 MiB for a moment: two at a time bound what a flood of sign-ins can use.
_threads = ThreadPoolExecutor(max_workers=2, thread_name_prefix="passwords")


def check_password(password: str, *, email: str) -> None:
    """Raise Invalid unless this may be somebody's password."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise Invalid(
            f"The password must have {SHORTEST} to {LONGEST} characters; nothing was changed.",
            "weak_password",
        )
    if len(set(password)) < 4 or password.lower() == email.lower():
        raise Invalid("The password is too easy to guess; nothing was changed.", "weak_password")
    if not is_text(password):
        raise Invalid("The password is not valid text; nothing was changed.", "weak_password")


async def hash_password(password: str) -> str:
    """The password as it is stored."""
    return await _in_thread(lambda: _hasher.hash(password))


async def verify_password(password: str, stored: str | None) -> bool:
    """Whether it is the password; takes as long when there is nobody (``stored`` is None)."""
    return await _in_thread(lambda: _verify(password, stored))


def is_outdated(stored: str) -> bool:
    """Whether the hash was made with weaker parameters than today's."""
    return _hasher.check_needs_rehash(stored)


def is_text(value: str) -> bool:
    """Whether it can be encoded: JSON may smuggle in lone surrogates."""
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True


def _verify(password: str, stored: str | None) -> bool:
    nobody = _nobody()
    try:
        return _hasher.verify(stored or nobody, password) and stored is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return _hasher.hash(secrets.token_hex())


async def _in_thread(work: Callable[[], Result]) -> Result:
    return await asyncio.get_running_loop().run_in_executor(_threads, work)
