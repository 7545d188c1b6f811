"""A gateway with a database, technicians and customers of its own."""

import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from playwright.async_api import Browser, async_playwright

from bot.browser import find_chromium
from bot.services.technician import passwords
from bot.store import schema
from tests.support.gateway_fixture import Gateway, open_gateway


@pytest.fixture(scope="session")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database as Alembic leaves it, made once and copied for each test."""
    file = tmp_path_factory.mktemp("migrated") / "techref.db"
    schema.upgrade(f"sqlite:///{file}")
    return file


@pytest.fixture(autouse=True)
def cheap_hashes(monkeypatch: pytest.MonkeyPatch) -> None:
    """Real argon2, with less memory and time: dozens of sign-ins would take minutes."""
    monkeypatch.setattr(passwords, "_hasher", PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1))
    passwords._nobody.cache_clear()


@pytest.fixture
def home(tmp_path: Path, migrated: Path) -> Path:
    """A TECHREF_HOME with an empty, migrated database and a manual of one page."""
    shutil.copy(migrated, tmp_path / "techref.db")
    (tmp_path / "manual").mkdir()
    (tmp_path / "manual" / "start.md").write_text("---\ntitle: Start\nchapter: All\norder: 1\n---\n\nStart here.\n")
    return tmp_path


@pytest_asyncio.fixture
async def gateway(home: Path) -> AsyncIterator[Gateway]:
    async with open_gateway(home) as opened:
        yield opened


@pytest_asyncio.fixture
async def chromium() -> AsyncIterator[Browser]:
    path = find_chromium()
    assert path, "There is no Chromium on this machine; `make setup` says how to install it."
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()
