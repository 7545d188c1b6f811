"""A home for a gateway with a channel switched on."""

import shutil
from pathlib import Path

import pytest

from bot.store import schema


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as Alembic leaves it, made once and copied for each test."""
    file = tmp_path_factory.mktemp("migrated") / "techref.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture
def home(tmp_path: Path, migrated: Path) -> Path:
    shutil.copy(migrated, tmp_path / "techref.db")
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "start.md").write_text("---\ntitle: Start\nchapter: All\norder: 1\n---\n\nStart here.\n")
    return tmp_path
