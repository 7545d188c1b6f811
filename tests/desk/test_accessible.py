"""Everybody can use the desk: axe-core finds nothing serious, light and dark, wide and at 360 pixels."""

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Page, ViewportSize, expect

from tests.support.browser_windows import Window, signed_in
from tests.support.decided_turn import decided
from tests.support.gateway_fixture import Case, Gateway

pytestmark = pytest.mark.e2e
WIDE, NARROW = ViewportSize(width=1280, height=800), ViewportSize(width=360, height=740)
GRAVE = ("serious", "critical")


async def complaints(page: Page) -> list[str]:
    """What axe-core holds against the page as it is now: the rule, and the elements it means."""
    found = (await Axe().run(page)).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes']]}" for one in found if one["impact"] in GRAVE]


async def busy(gateway: Gateway) -> Case:
    """Fill the desk so that every page has something to show."""
    boss, ben = await gateway.technician("Bo", "supervisor"), await gateway.technician("Ben")
    await boss.post("canned", {"title": "Greeting", "text": "Hello, {technician} here.", "team": None})
    case = await gateway.case(
        product_version="12.2.1",
        error_text="QB-2107: the printer layout could not be read",
        what_changed="An update last night",
        impact="Everyone; right now",
        contact="Mia, 0151 23456789, mia@bakery.example",
    )
    other = await gateway.case("a second one")
    await ben.claim(other)
    await ben.post(f"issues/{other.reference}/link", {"other": case.reference, "kind": "related"})
    return case


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.slow)])
async def test_axe_finds_nothing_serious(gateway: Gateway, chromium: Browser, scheme: str) -> None:
    anna, case = await gateway.hire("Anna"), await busy(gateway)
    await decided(gateway, case, "Choose File, then Print.")
    window = await signed_in(chromium, gateway, anna, viewport=WIDE, color_scheme=scheme)
    page = window.page
    assert await complaints(page) == [], "queue"
    await window.open(case)
    await page.get_by_role("button", name="Claim", exact=True).click()
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    assert await complaints(page) == [], "conversation"
    await explained(page)
    for dialog in ("Edit", "Status or snooze", "I will reply by …"):
        await window.more(dialog)
        assert await complaints(page) == [], dialog
        await page.keyboard.press("Escape")
    for dialog in ("Canned", "Manual", "Sound and notifications", "Keyboard shortcuts", "Find or do"):
        await page.get_by_role("button", name=dialog).first.click()
        await expect(page.locator("dialog[open]")).to_be_visible()
        assert await complaints(page) == [], dialog
        await page.keyboard.press("Escape")
    for place in ("issues", f"issues/{case.reference}", "day", "call", "replies"):
        await page.goto(f"{gateway.address}/desk/{place}")
        assert await complaints(page) == [], place
    await page.set_viewport_size(NARROW)
    for place in ("", f"conversations/{case.conversation_id}", "issues", "day", "call", "replies"):
        await page.goto(f"{gateway.address}/desk/{place}")
        assert await page.evaluate("document.documentElement.scrollWidth") <= NARROW["width"], place
        assert await complaints(page) == [], f"{place} at 360 pixels"
    await window.open(case)
    await explained(page)


async def explained(page: Page) -> None:
    """Open why the assistant said its reply, and hold that against the page too."""
    why = page.locator("details.why")
    await why.locator("summary").click()
    await expect(why.locator("dl")).to_be_visible()
    assert await complaints(page) == [], "a reply explained"
    width = await page.evaluate("[document.documentElement.scrollWidth, innerWidth]")
    assert width[0] <= width[1]


KNOWN_AT_A_GLANCE = (
    "Quillbook crashes when I print an invoice",
    "Everyone; right now",
    "12.2.1",
    "QB-2107: the printer layout could not be read",
    "An update last night",
    "0151 23456789",
    "No contract: payment ahead",
)


@pytest.mark.parametrize("size", [WIDE, NARROW], ids=["desktop", "360 pixels"])
async def test_the_first_ten_seconds_need_no_scrolling(
    gateway: Gateway, chromium: Browser, size: dict[str, int]
) -> None:
    anna, case = await gateway.hire("Anna"), await busy(gateway)
    window = await signed_in(chromium, gateway, anna, viewport=size)
    await window.open(case)
    head, glance = window.page.locator(".head"), window.page.locator(".at-a-glance")
    await expect(head.get_by_role("heading")).to_contain_text(KNOWN_AT_A_GLANCE[0])
    for words in KNOWN_AT_A_GLANCE[1:]:
        await expect(glance.get_by_text(words).first).to_be_in_viewport(ratio=0.9)
    await expect(head.get_by_text("Customer is away")).to_be_in_viewport()


async def test_a_colleagues_reply_holds_back_what_was_being_written(gateway: Gateway, chromium: Browser) -> None:
    anna, ben, case = await gateway.technician("Anna"), await gateway.technician("Ben"), await gateway.case()
    window: Window = await signed_in(chromium, gateway, anna)
    await anna.claim(case)
    await window.open(case)
    page = window.page
    await page.locator("#text").fill("What I was writing")
    await anna.post(f"conversations/{case.conversation_id}/transfer", {"technician": ben.id})
    for desk, text in ((ben, "Ben has an answer"), (anna, "")):
        (row,) = (await desk.get("handoffs")).json()["handoffs"]
        await desk.post(f"handoffs/{row['id']}/claim")
        if text:
            await desk.say(case, text)
            await desk.post(f"conversations/{case.conversation_id}/transfer", {"technician": anna.id})
    await expect(page.get_by_text("Ben has replied while you were writing")).to_be_visible()
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    await page.get_by_label("Reply", exact=True).check()
    await page.locator("#text").press("Enter")
    await expect(page.locator("#text")).to_have_value("What I was writing")
    await page.locator("#text").press("Enter")
    await expect(page.locator(".technician:not(.pending)", has_text="What I was writing")).to_be_visible()
    assert (await case.reads())["messages"][-1]["text"] == "What I was writing"
