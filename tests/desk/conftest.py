"""A gateway for each module, started on an empty home for each test, with technicians and customers."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from bot.browser import find_chromium
from tests.support.database import new_home
from tests.support.gateway_fixture import Gateway, GatewayServer


@pytest_asyncio.fixture(scope="module")
async def gateway_server(tmp_path_factory: pytest.TempPathFactory, migrated: Path) -> AsyncIterator[GatewayServer]:
    """The module's gateway: its routes and templates are made once, and it listens until the module ends."""
    home = tmp_path_factory.mktemp("gateway") / "home"
    new_home(home, migrated)
    server = GatewayServer(home)
    async with server.listening():
        yield server


@pytest.fixture
def home(gateway_server: GatewayServer, migrated: Path) -> Path:
    """A TECHREF_HOME with an empty, migrated database and a manual of one page."""
    new_home(gateway_server.home, migrated)
    return gateway_server.home


@pytest_asyncio.fixture
async def gateway(gateway_server: GatewayServer, home: Path) -> AsyncIterator[Gateway]:
    """The module's gateway, started for this test on an empty home."""
    async with gateway_server.running() as running:
        yield running


@pytest_asyncio.fixture(scope="module")
async def chromium() -> AsyncIterator[Browser]:
    """One Chromium for the module; each test opens contexts of its own."""
    path = find_chromium()
    assert path, "There is no Chromium on this machine; `make setup` says how to install it."
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        await browser.close()
