"""The same services on a real PostgreSQL, where one answers: a database of a random name for each test."""

from collections.abc import Iterator

import pytest

from bot.store import schema
from tests.services.conftest import anna, ben, clock, ctx, customer
from tests.support.postgres_server import temporary_database

__all__ = ["anna", "ben", "clock", "ctx", "customer"]


@pytest.fixture(scope="session")
def template() -> Iterator[str]:
    """A migrated database that the tests' own are copied from."""
    with temporary_database() as url:
        schema.upgrade(url)
        yield url.rpartition("/")[2]


@pytest.fixture
def database_url(template: str) -> Iterator[str]:
    with temporary_database(template) as url:
        yield url
