"""A manager's first day in a real Chromium: the checklist, a known problem, a colleague; readable by everybody."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, expect

from bot.services.administration import setup_checklist
from bot.services.demo import fill
from bot.settings.support.own_file import text_of
from tests.support.browser_windows import Window
from tests.support.gateway_fixture import PASSWORD, Desk, Gateway

pytestmark = pytest.mark.e2e
GRAVE = ("serious", "critical")
PAGES = (
    "administration",
    "administration/settings/hours",
    "administration/settings/company",
    "administration/settings/history",
    "administration/people",
    "administration/backups",
    "administration/learning",
    "known-problems",
    "reports?days=90",
)


@pytest_asyncio.fixture
async def window(chromium: Browser, gateway: Gateway) -> AsyncIterator[Window]:
    opened = Window(await chromium.new_page(), gateway.address)
    yield opened
    assert opened.complaints == []


async def grave_faults(page: Page) -> list[str]:
    """What axe-core finds that keeps somebody out."""
    found = await Axe().run(page)
    return [
        f"{fault['id']}: {[node['html'][:120] for node in fault['nodes'][:3]]}"
        for fault in found.response["violations"]
        if fault["impact"] in GRAVE
    ]


async def test_the_first_sign_in_leads_through_the_checklist(gateway: Gateway, window: Window) -> None:
    ada = await gateway.hire("Ada", role="admin")
    page = window.page
    await window.sign_in(ada)
    await expect(page.get_by_role("heading", name="Set up your support department")).to_be_visible()
    await page.get_by_role("link", name=re.compile("Open ?: Office hours")).click()
    await page.get_by_label("Monday").fill("18:00-09:00")
    await page.get_by_role("button", name="Save").click()
    await expect(page.locator(".field-problem")).to_contain_text("the end must be after the beginning")
    await expect(page.get_by_role("alert").filter(has_text="stands at its field")).to_be_visible()
    window.complaints.clear()  # the browser notes the 422
    assert text_of(gateway.ctx.home) == ""
    await page.get_by_label("Monday").fill("09:00-16:00")
    year = gateway.clock().year
    await page.get_by_label("Own closing dates").fill(f"{year}-12-24 Christmas Eve\n{year}-12-31 New Year's Eve")
    await page.get_by_role("button", name="Preview").click()
    await expect(page.get_by_role("dialog", name="What would change")).to_contain_text("Christmas Eve")
    await page.get_by_role("button", name="Close").click()
    await page.get_by_role("button", name="Save").click()
    await expect(page.get_by_text("Saved, and in use")).to_be_visible()
    assert "monday: 09:00-16:00" in text_of(gateway.ctx.home)
    await page.get_by_role("link", name="Set up").click()
    await page.get_by_role("button", name=re.compile("Is done ?: The chat on your web site")).click()
    await expect(page.get_by_role("button", name=re.compile("Not done ?: The chat on your web site"))).to_be_visible()
    done = {item.id for item in await setup_checklist.list_items(gateway.ctx) if item.done}
    assert {"hours", "closings", "embed"} <= done
    await page.get_by_role("link", name="Settings").click()
    await page.get_by_role("link", name="History and undo").click()
    page.on("dialog", lambda dialog: dialog.accept())
    await page.get_by_role("button", name="Go back to this").first.click()
    await expect(page.get_by_role("button", name="Go back to this")).to_have_count(2)
    assert text_of(gateway.ctx.home) == ""


async def test_a_known_problem_is_published_shown_in_the_chat_and_informed_to_whom_it_affects(
    gateway: Gateway,
    window: Window,
    chromium: Browser,
) -> None:
    eva = await gateway.hire("Eva", role="supervisor")
    cases = [await gateway.case(f"Quillbook crashes when I print an invoice {copy}") for copy in ("", "again", "now")]
    page = window.page
    await window.sign_in(eva)
    await page.get_by_text("1 group of similar issues within an hour").click()
    await expect(page.get_by_text("3 similar issues:")).to_be_visible()
    await page.get_by_role("link", name="Make it a known problem?").click()
    await page.get_by_role("button", name="Make it a known problem").click()
    await page.get_by_label("Title").fill("Invoices crash when printed")
    await page.get_by_label("What customers should know").fill("We are working on it.")
    await page.get_by_role("button", name="Publish").click()
    await expect(page.get_by_text("3 open of 3 issues")).to_be_visible()
    chat = await chromium.new_page()
    await chat.goto(f"{gateway.address}/widget/")
    await expect(chat.get_by_text("We are working on it.")).to_be_visible()
    await expect(chat.get_by_role("button", name="That's mine too: Invoices crash when printed")).to_be_visible()
    await page.get_by_text("Link an issue, tell news, resolve").click()
    await page.get_by_label("News for everyone affected").fill("A fix is on its way.")
    await page.get_by_role("button", name="Tell everyone affected").click()
    await expect(page.get_by_role("listitem").filter(has_text="A fix is on its way.")).to_be_visible()
    gateway.clock.advance(seconds=15)
    for case in cases:
        for _ in range(100):
            texts = [message["text"] for message in (await case.reads())["messages"]]
            if any("A fix is on its way." in text for text in texts):
                break
            await page.wait_for_timeout(200)
        assert sum("A fix is on its way." in text for text in texts) == 1


async def test_a_colleague_is_invited_and_signs_in(
    gateway: Gateway,
    window: Window,
    chromium: Browser,
) -> None:
    ada = await gateway.hire("Ada", role="admin")
    page = window.page
    await window.sign_in(ada)
    await page.get_by_role("link", name="People").click()
    await page.get_by_label("Name, as customers see it").fill("Newt Newman")
    await page.get_by_label("E-mail").fill("newt@desk.example")
    await page.get_by_role("button", name="Make the link").click()
    shown = page.get_by_label("Link", exact=True)
    await expect(shown).not_to_have_value("")
    link = await shown.input_value()
    theirs = Window(await chromium.new_page(), gateway.address)
    await theirs.page.goto(link)
    await theirs.page.get_by_label("New password").fill(PASSWORD)
    await theirs.page.get_by_label("The same again").fill(PASSWORD)
    await theirs.page.get_by_role("button", name="Set the password").click()
    await expect(theirs.page.get_by_text("Welcome, Newt Newman")).to_be_visible()
    assert "#" not in theirs.page.url
    await theirs.sign_in(Desk(gateway.browser(), "Newt", "newt@desk.example", 0))
    await expect(theirs.page.get_by_role("heading", name="Queue")).to_be_visible()
    await theirs.page.get_by_label("Whether I am there").select_option("lunch")
    await expect(theirs.page.get_by_text("Your colleagues see it")).to_be_visible()
    assert theirs.complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_every_page_is_readable_by_everybody_and_fits_a_telephone(
    gateway: Gateway,
    chromium: Browser,
    scheme: str,
) -> None:
    ada = await gateway.hire("Ada", role="admin")
    await fill.fill_demo(gateway.ctx, issues=20)
    context = await chromium.new_context(color_scheme="dark" if scheme == "dark" else "light")
    opened = Window(await context.new_page(), gateway.address)
    await opened.sign_in(ada)
    await expect(opened.page).to_have_url(re.compile("/desk/administration"))
    faults = {}
    for address in PAGES:
        await opened.page.set_viewport_size({"width": 1280, "height": 800})
        await opened.page.goto(f"{gateway.address}/desk/{address}")
        if found := await grave_faults(opened.page):
            faults[address] = found
        await opened.page.set_viewport_size({"width": 360, "height": 740})
        wide = await opened.page.evaluate("document.documentElement.scrollWidth")
        assert wide <= 360, f"{address} is {wide} wide"
    assert faults == {}
    assert opened.complaints == []
    await context.close()
