"""The command bar and the keys in a real Chromium: anything is found and done from one field."""

import pytest
from playwright.async_api import Browser, ViewportSize, expect

from tests.support.browser_windows import open_the_doors, signed_in
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e
WIDE = ViewportSize(width=1280, height=800)


async def test_an_issue_is_opened_an_action_done_and_a_reply_put_in(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    boss, anna = await gateway.technician("Bo", "supervisor"), await gateway.technician("Anna")
    await boss.post("canned", {"title": "Ask for a photo", "text": "Please send a photo.", "team": None})
    case = await gateway.case("The VAT report is empty", contact="212-555-0193")
    await gateway.case("Another matter")
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page = window.page
    await page.evaluate("window.kept = true")
    bar = page.get_by_role("combobox", name="Find an issue")
    await page.keyboard.press("Control+k")
    await bar.fill("2125550193")
    await expect(page.get_by_role("option", name="The VAT report is empty")).to_be_visible()
    await page.keyboard.press("Enter")
    await expect(page.locator("h1")).to_have_text("The VAT report is empty")
    await page.keyboard.press("Control+k")
    await bar.fill("claim it")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    await page.keyboard.press("Control+k")
    await bar.fill("photo")
    await page.get_by_role("option", name="Ask for a photo").click()
    await expect(page.locator("#text")).to_have_value("Please send a photo.")
    await page.keyboard.press("Control+k")
    await bar.fill("vat repot")
    await expect(page.locator("#command-state")).to_have_text("Nothing has these words. 1 issue with “vat report”.")
    await page.keyboard.press("Escape")
    await expect(page.locator("#commands")).to_be_hidden()
    assert await page.evaluate("window.kept"), "no page was loaded"
    assert (await case.reads())["owner"] == "technician"
    assert window.complaints == []


async def test_people_pages_and_colleagues_are_found_on_every_page(gateway: Gateway, chromium: Browser) -> None:
    anna = await gateway.technician("Anna Meyer")
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page = window.page
    await page.goto(f"{gateway.address}/desk/replies")
    await page.get_by_role("button", name="Find or do").click()
    await page.get_by_role("combobox", name="Find an issue").fill("meyer")
    await expect(page.get_by_role("option", name="Anna Meyer")).to_be_visible()
    await page.get_by_role("combobox", name="Find an issue").fill("new call")
    await page.get_by_role("option", name="New call", exact=True).click()
    await page.wait_for_url("**/desk/call")


async def test_the_sheet_is_made_of_the_keys_that_act(gateway: Gateway, chromium: Browser) -> None:
    case = await gateway.case()
    window = await signed_in(chromium, gateway, await gateway.technician("Anna"), viewport=WIDE)
    page = window.page
    await window.open(case)
    await page.locator("h1").click()
    await page.keyboard.press("?")
    sheet = page.get_by_role("dialog", name="Keyboard shortcuts")
    for words in ("Reply", "Resolve it", "Transfer it", "Set the status, or snooze", "Next in the list"):
        await expect(sheet.get_by_text(words, exact=True)).to_be_visible()
    await page.keyboard.press("e")
    await page.keyboard.press("Control+k")
    await expect(page.locator("dialog[open]")).to_have_count(1)
    await page.keyboard.press("Escape")
    await expect(page.locator("dialog[open]")).to_have_count(0)
    await page.keyboard.press("s")
    await expect(page.locator("#dialog-status")).to_be_visible()


async def test_canned_replies_are_chosen_by_the_keyboard(gateway: Gateway, chromium: Browser) -> None:
    boss, anna = await gateway.technician("Bo", "supervisor"), await gateway.technician("Anna")
    case = await gateway.case()
    await anna.claim(case)
    window = await signed_in(chromium, gateway, anna, viewport=WIDE)
    page = window.page
    await window.open(case)
    await page.locator("h1").click()
    await page.keyboard.press("t")
    await expect(page.get_by_text("There are none yet.")).to_be_visible()
    await page.keyboard.press("Escape")
    for title in ("Ask for a photo", "Ask for the version"):
        await boss.post("canned", {"title": title, "text": f"{title}.", "team": None})
    await page.keyboard.press("t")
    await expect(page.get_by_role("button", name="Ask for the version")).to_be_visible()
    await page.get_by_label("Find", exact=True).fill("ask")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(page.locator("#text")).to_have_value("Ask for the version.")
