"""The database of a test: SQLite, or PostgreSQL with ``--database postgresql``.

A test that takes ``database_url`` runs on either. One that is about PostgreSQL itself is marked ``postgresql`` and runs
in that pass alone. The pass runs nothing else, and ends at once where no server answers.
"""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import schema
from tests.support.postgres_server import NoServer, empty, run_on_server, temporary_database

POSTGRESQL, SQLITE = "postgresql", "sqlite"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--database", choices=(SQLITE, POSTGRESQL), default=SQLITE, help="what database_url is on")


def pytest_sessionstart(session: pytest.Session) -> None:
    if _on_postgresql(session.config):
        try:
            run_on_server("SELECT 1")
        except NoServer as error:
            pytest.exit(f"{error}. Nothing was tested on PostgreSQL. Start one with: make services", returncode=1)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave the tests to this pass that belong to it."""
    kept: list[pytest.Item] = []
    left_out: list[pytest.Item] = []
    for item in items:
        (kept if _belongs(item, _on_postgresql(config)) else left_out).append(item)
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = kept


def _on_postgresql(config: pytest.Config) -> bool:
    return bool(config.getoption("database") == POSTGRESQL)


def _belongs(item: pytest.Item, on_postgresql: bool) -> bool:
    if item.get_closest_marker(POSTGRESQL) is not None:
        return on_postgresql
    return not on_postgresql or "database_url" in getattr(item, "fixturenames", ())


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty SQLite database as Alembic leaves it, made once and copied for each test."""
    file = tmp_path_factory.mktemp("migrated") / "techref.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def postgresql_template() -> Iterator[str]:
    """The URL of a migrated PostgreSQL database that nothing is written to."""
    with temporary_database() as url:
        schema.upgrade(url)
        yield url


@pytest.fixture(scope="session")
def postgresql_of_the_process(postgresql_template: str) -> Iterator[str]:
    with temporary_database(template=postgresql_template) as url:
        yield url


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """An empty, migrated database: a file of the test's own, or the process's PostgreSQL database, emptied."""
    if _on_postgresql(request.config):
        url: str = request.getfixturevalue("postgresql_of_the_process")
        empty(url)
        return url
    shutil.copy(request.getfixturevalue("migrated"), tmp_path / "techref.db")
    return f"sqlite:///{tmp_path / 'techref.db'}"


@pytest.fixture
def home(tmp_path: Path, migrated: Path) -> Path:
    """A TECHREF_HOME for a gateway's first start."""
    new_home(tmp_path / "home", migrated)
    return tmp_path / "home"


def new_home(home: Path, migrated: Path) -> None:
    """Make ``home`` what it is before the first start: an empty, migrated database and a manual of one page."""
    shutil.rmtree(home, ignore_errors=True)
    (home / "manual").mkdir(parents=True)
    shutil.copy(migrated, home / "techref.db")
    (home / "manual" / "start.md").write_text("---\ntitle: Start\nchapter: All\norder: 1\n---\n\nStart here.\n")
