"""An empty database of each kind."""

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from bot.services.core.context import Context, wire
from bot.settings.env.settings import load_settings
from tests.support.postgres_server import temporary_database
from tests.upgrade.old_databases import NOW


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgresql)])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty database that `techref` commands use in a home of its own."""
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'home' / 'techref.db'}"
    else:
        with temporary_database() as server_url:
            monkeypatch.setenv("TECHREF_DATABASE_URL", server_url)
            yield server_url


@pytest.fixture
async def upgraded(upgraded_url: str) -> AsyncIterator[Context]:
    """The present code on the database that the module's ``upgraded_url`` has upgraded."""
    context = wire(load_settings(os.environ))
    context.clock = lambda: NOW
    yield context
    await context.db.close()
