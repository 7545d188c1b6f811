"""A browser, and a site that serves the widget without its gateway."""

import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager

import httpx
import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, async_playwright, expect

from bot.browser import find_chromium
from tests.support.running_stack import ROOT, free_ports
from tests.widget.browsing import CHROMIUM_ARGUMENTS

SECONDS_TO_START = 30
# How long a page may take to show something, beside another browser and two stacks on two cores.
PATIENCE_MS = 15_000
expect.set_options(timeout=PATIENCE_MS)


@pytest.fixture(scope="session")
def site() -> Iterator[str]:
    """The address of a server that has the widget's blueprint and no API: every call to /api fails."""
    with _tiny_site() as address:
        yield address


@pytest.fixture(scope="session")
def other_site() -> Iterator[str]:
    """A second such server: another origin, whose pages embed the widget of the first."""
    with _tiny_site() as address:
        yield address


@contextmanager
def _tiny_site() -> Iterator[str]:
    (port,) = free_ports(1)
    server = subprocess.Popen([sys.executable, "-m", "tests.widget.tiny_site", str(port)], cwd=ROOT)
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.terminate()
        server.wait(timeout=10)


def _wait_for(address: str, server: subprocess.Popen[bytes]) -> None:
    deadline = time.monotonic() + SECONDS_TO_START
    while time.monotonic() < deadline and server.poll() is None:
        try:
            httpx.get(f"{address}/widget/").raise_for_status()
            return
        except httpx.TransportError:
            time.sleep(0.1)
    raise AssertionError(f"the tiny site did not start (exit code {server.poll()})")


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    chromium = find_chromium()
    assert chromium, "These tests drive a Chromium: install the Debian package chromium, or set CHROMIUM to its path."
    async with async_playwright() as playwright:
        started = await playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield started
        await started.close()


@pytest_asyncio.fixture(loop_scope="session")
async def page(browser: Browser) -> AsyncIterator[Page]:
    """A fresh page with storage of its own. An exception that nobody caught in the page fails the test."""
    context = await browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    opened = await context.new_page()
    opened.set_default_timeout(PATIENCE_MS)
    uncaught: list[str] = []
    opened.on("pageerror", lambda error: uncaught.append(str(error)))
    yield opened
    await context.close()
    assert uncaught == []
