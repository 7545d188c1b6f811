"""Hash the passwords of tests with real argon2, at the least memory and time: a run signs in thousands of times."""

from collections.abc import Iterator

import pytest
from argon2 import PasswordHasher

from bot.services.technician import passwords

OF_THE_PRODUCT = passwords._hasher


@pytest.fixture(scope="session", autouse=True)
def cheap_password_hashes() -> Iterator[None]:
    """Take one millisecond for a hash in place of 180. Programs that a test starts hash as the product does."""
    passwords._hasher = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1)
    yield
    passwords._hasher = OF_THE_PRODUCT
