"""The desk's pages about the manual in a real browser: usable by everybody, and an upload from end to end."""

import shutil
import zipfile
from pathlib import Path

import pytest
from playwright.async_api import Browser, expect

from bot.installation import manual_index
from tests.desk.test_accessible import NARROW, WIDE, complaints
from tests.desk.test_manual_gaps import record
from tests.support.browser_windows import signed_in
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e


async def test_a_manual_is_uploaded_and_its_result_read(
    gateway: Gateway, chromium: Browser, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shutil, "which", lambda _: None)  # a busy machine starves who is nice
    manual_index.index_manual(gateway.ctx.settings)
    await record(gateway)
    window = await signed_in(chromium, gateway, await gateway.hire("Ada", role="admin"), viewport=WIDE)
    page = window.page
    guide = tmp_path / "guide.zip"
    with zipfile.ZipFile(guide, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("guide/en/colours.md", "# Colours\n\nChoose a colour for each customer.")
        archive.writestr("guide/locked.pdf", b"%PDF-1.4 rubbish", zipfile.ZIP_STORED)
        archive.writestr("guide/look.css", "p { color: red }")
    await page.goto(f"{gateway.address}/desk/manual/sources")
    form = page.locator("#upload-form")
    await form.get_by_label("Name of the manual").fill("Colours")
    await form.get_by_label("Files, or a ZIP archive").set_input_files(guide)
    await form.get_by_role("button", name="Upload and import").click()
    await expect(page.get_by_role("heading", name="Colours")).to_be_visible(timeout=15_000)
    # The page follows the import by itself.
    await expect(page.get_by_text("1 pages, 1 sections")).to_be_visible(timeout=100_000)
    await page.get_by_text("1 not taken").click()
    await expect(page.get_by_role("row", name="locked.pdf")).to_contain_text("broken")
    for size in (WIDE, NARROW):
        await page.set_viewport_size(size)
        for place in ("manual", "manual/sources"):
            await page.goto(f"{gateway.address}/desk/{place}")
            assert await complaints(page) == [], (place, size)
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], (place, size)
