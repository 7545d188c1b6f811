"""An empty database of each kind."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres_server import temporary_database


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
