"""A manager makes the lists of the settings their own in a real Chromium, and loses nothing when something is wrong."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from tests.support.browser_windows import Window
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e


@pytest_asyncio.fixture
async def window(chromium: Browser, gateway: Gateway) -> AsyncIterator[Window]:
    opened = Window(await chromium.new_page(), gateway.address)
    await opened.sign_in(await gateway.hire("Ada", role="admin"))
    yield opened
    assert opened.complaints == []


async def test_categories_are_added_ordered_and_removed(gateway: Gateway, window: Window) -> None:
    page = window.page
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Start empty").click()
    await expect(page.get_by_role("heading", name="Teams and categories")).to_be_visible()
    teams, categories = page.get_by_role("region", name="Teams"), page.get_by_role("region", name="Categories")
    await teams.get_by_role("button", name="Add a team").click()
    await teams.get_by_label("Title").last.fill("Server team")
    for title in ("Signing in", "Ausfälle"):
        await categories.get_by_role("button", name="Add a category").click()
        entry = categories.locator("details[data-new]").last
        await entry.get_by_label("Title").fill(title)
        await entry.get_by_label("Team").select_option(label="Server team")
        await entry.get_by_label("Keywords").fill("sso\n502")
    await page.get_by_role("button", name=re.compile("Up ?: Ausfälle")).click()
    await expect(categories.locator(".entry-title")).to_have_text(["Ausfälle", "Signing in", re.compile(".+")])
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved, and in use")).to_be_visible()
    found = gateway.ctx.support
    assert [(one.id, one.team) for one in found.categories][:2] == [
        ("ausfalle", "server_team"),
        ("signing_in", "server_team"),
    ]
    await categories.get_by_text("Signing in", exact=True).click()
    await page.get_by_role("button", name=re.compile("Remove ?: Signing in")).click()
    async with page.expect_navigation():
        await page.get_by_role("button", name="Save").click()
    assert [one.id for one in gateway.ctx.support.categories] == ["ausfalle", "other"]


async def test_what_is_wrong_stands_at_its_field_and_nothing_is_lost(gateway: Gateway, window: Window) -> None:
    page = window.page
    await page.goto(f"{gateway.address}/desk/administration/settings/requests")
    await page.get_by_role("button", name="Add a request").click()
    entry = page.locator("details[data-new]")
    await entry.get_by_label("Title").fill("Training course")
    await entry.get_by_label("Sentence").fill("Thank you, {who}")
    await entry.get_by_label("Examples").fill("Do you train us?")
    await page.get_by_role("button", name="Save").click()
    await expect(entry.locator(".field-problem")).to_contain_text("{who} is not a placeholder")
    window.complaints.clear()  # the browser notes the 422
    await expect(entry.get_by_label("Title")).to_have_value("Training course")
    assert (await Axe().run(page)).response["violations"] == []
    await entry.get_by_label("Sentence").fill("{team} call you by {day}.")
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved, and in use")).to_be_visible()
    assert gateway.ctx.support.requests[-1].id == "training_course"


async def test_the_questions_of_a_category_are_chosen_by_name(gateway: Gateway, window: Window) -> None:
    page = window.page
    await page.goto(f"{gateway.address}/desk/administration/settings/teams")
    await page.get_by_text("Printing", exact=True).click()
    entry = page.locator('[data-entry="printing"]')
    chosen = entry.locator(".picks").get_by_role("checkbox", checked=True)
    while await chosen.count():
        await chosen.first.uncheck()
    for label in ("Version", "Error"):
        await entry.get_by_role("checkbox", name=label, exact=True).check()
    await expect(entry.get_by_text("Asked in this order: Version, Error")).to_be_visible()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved, and in use")).to_be_visible()
    asked = gateway.ctx.support.category("printing").questions
    assert [one.id for one in asked] == ["product_version", "error_text"]
