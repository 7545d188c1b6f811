"""Keys, webhooks, trackers and the escalation of an issue in a real Chromium; readable by everybody, at any width."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.browser_windows import signed_in
from tests.support.gateway_fixture import Desk, Gateway

pytestmark = pytest.mark.e2e
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
PAGES = ("api-keys", "webhooks", "trackers")


async def complaints(page: Page) -> list[str]:
    found = (await Axe().run(page)).response["violations"]
    return [one["id"] for one in found if one["impact"] in ("serious", "critical")]


async def filled(gateway: Gateway) -> Desk:
    """An administrator with a key, a webhook whose deliveries fail, and a tracker."""
    ada = await gateway.technician("Ada", "admin")
    await ada.post("api-keys", {"name": "Billing", "scopes": ["issues:read"]})
    await ada.post("webhooks", {"name": "Dashboard", "url": "http://127.0.0.1:9/", "events": ["issue.logged"]})
    await ada.post("trackers", {"kind": "github", "name": "Core", "project": "hartley/quillbook", "token": "t"})
    return ada


async def test_a_key_is_made_in_a_form_and_shown_once(gateway: Gateway, chromium: Browser) -> None:
    ada = await gateway.hire("Ada", "admin")
    page = (await signed_in(chromium, gateway, ada, viewport=WIDE)).page
    await page.goto(f"{gateway.address}/desk/administration/api-keys")
    await page.get_by_label("Name of the program").fill("Billing")
    await page.get_by_label("List and read issues").check()
    await page.get_by_role("button", name="Make the key").click()
    shown = page.get_by_label("The key", exact=True)
    await expect(shown).to_be_visible()
    key = await shown.input_value()
    asked = await gateway.browser().get("/api/v1/issues", headers={"Authorization": f"Bearer {key}"})
    assert asked.status_code == 200
    await page.get_by_role("button", name="I have stored it").click()
    await expect(page.get_by_text("Billing", exact=True)).to_be_visible()
    assert key not in await page.content()


async def test_the_pages_are_readable_by_everybody(gateway: Gateway, chromium: Browser) -> None:
    ada = await filled(gateway)
    await gateway.case()
    page = (await signed_in(chromium, gateway, ada, viewport=WIDE)).page
    for size in (WIDE, NARROW):
        await page.set_viewport_size(size)
        for place in PAGES:
            await page.goto(f"{gateway.address}/desk/administration/{place}")
            for closed in await page.locator("details summary").all():
                await closed.click()
            assert await page.evaluate("document.documentElement.scrollWidth") <= size["width"], place
            assert await complaints(page) == [], (place, size)


async def test_an_issue_is_escalated_in_a_dialog_that_shows_what_leaves(gateway: Gateway, chromium: Browser) -> None:
    ada, case = await filled(gateway), await gateway.case(problem="It crashes, my name is Mia Jones")
    page = (await signed_in(chromium, gateway, ada, viewport=NARROW)).page
    await page.goto(f"{gateway.address}/desk/issues/{case.reference}")
    await page.get_by_role("button", name="Escalate to…").click()
    text = page.get_by_label("Text", exact=True)
    await expect(text).to_have_value("It crashes, my name is [name]")
    assert await complaints(page) == []
    await text.fill("Write to mia@bakery.example")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("dialog[open]")).to_contain_text("take that out")
    await text.fill("It crashes.")
    await page.get_by_role("button", name="Send", exact=True).click()
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await expect(page.locator("#issue-escalations")).to_contain_text("Core")
