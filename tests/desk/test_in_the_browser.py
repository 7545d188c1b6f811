"""The desk in a real Chromium: the keyboard, two technicians, a network that goes away, a telephone's width."""

import re
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, BrowserContext, Route, expect

from tests.support.browser_windows import Window
from tests.support.gateway_fixture import PASSWORD, Gateway

pytestmark = pytest.mark.e2e
MESSAGES = "**/desk/api/conversations/*/messages"


@pytest_asyncio.fixture
async def window(chromium: Browser, gateway: Gateway) -> AsyncIterator[Window]:
    opened = Window(await chromium.new_page(), gateway.address)
    yield opened
    assert opened.complaints == []


async def test_a_customer_is_claimed_and_answered_by_keyboard_alone(gateway: Gateway, window: Window) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    page = window.page
    await window.sign_in(anna)
    await expect(page.locator("#live")).to_have_text("Live")
    await expect(page).to_have_title(re.compile(r"^\(1\) Queue"))
    await page.keyboard.press("j")
    await page.keyboard.press("c")
    await page.wait_for_url("**/desk/conversations/*")
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    await expect(page.locator("#live")).to_have_text("Live")
    await page.keyboard.press("r")
    await page.keyboard.type("Hello <b>Mia</b>")
    await page.keyboard.press("Shift+Enter")
    await page.keyboard.type("Anna here")
    await page.keyboard.press("Enter")
    log = page.get_by_role("log")
    await expect(log.locator(".technician:not(.pending)")).to_contain_text("Hello <b>Mia</b>")
    assert (await case.reads())["messages"][-1]["text"] == "Hello <b>Mia</b>\nAnna here"
    await case.write("It works, thank you")
    await expect(log).to_contain_text("It works, thank you")
    await page.keyboard.press("Escape")
    await page.keyboard.press("?")
    await expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()


async def test_who_comes_second_is_informed_and_the_list_is_corrected(gateway: Gateway, window: Window) -> None:
    anna, ben = await gateway.hire("Anna"), await gateway.technician("Ben")
    case = await gateway.case()
    page = window.page
    await page.route("**/desk/api/events", lambda route: route.abort())  # the page does not hear of Ben's claim
    await window.sign_in(anna)
    button = page.get_by_role("button", name=f"Claim {case.reference}")
    await expect(button).to_be_visible()
    await ben.claim(case)
    await button.click()
    await expect(page.get_by_text("Ben has taken this hand-off already")).to_be_visible()
    await expect(page.get_by_text("Nobody is waiting")).to_be_visible()
    window.complaints.clear()  # the browser notes the 409 and the calls that were cut off


async def test_what_is_sent_without_a_network_arrives_once_after_a_reload(gateway: Gateway, window: Window) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    page = window.page
    await window.sign_in(anna)
    await page.wait_for_url("**/desk")
    await window.open(case)
    await page.get_by_role("button", name="Claim", exact=True).click()
    reply = page.get_by_label("Reply to the customer")
    await expect(reply).to_be_visible()
    lost = 0

    async def answer_lost(route: Route) -> None:
        nonlocal lost
        lost += 1
        await route.fetch()
        await route.abort()

    await page.route(MESSAGES, answer_lost)
    await reply.fill("Written without a network")
    await reply.press("Enter")
    await expect(page.get_by_text("kept here and tried again")).to_be_visible()
    await reply.fill("half written")
    await page.unroute(MESSAGES)
    await page.reload()
    shown = page.locator(".technician:not(.pending)", has_text="Written without a network")
    await expect(shown).to_have_count(1)
    await expect(page.locator(".pending")).to_have_count(0)
    await expect(page.locator("#text")).to_have_value("half written")
    assert lost >= 1, "the server stored it, and the browser never heard"
    texts = [message["text"] for message in (await case.reads())["messages"]]
    assert texts.count("Written without a network") == 1
    window.complaints.clear()  # the browser notes the calls that were cut off


async def test_a_refused_message_is_kept_with_the_reason_and_can_be_retried(gateway: Gateway, window: Window) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    page = window.page
    await window.sign_in(anna)
    await page.wait_for_url("**/desk")
    await window.open(case)
    await page.get_by_role("button", name="Claim", exact=True).click()
    reply = page.get_by_label("Reply to the customer")
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    refusal = '{"error": {"code": "not_owner", "message": "You do not have this conversation now."}}'
    await page.route(MESSAGES, lambda route: route.fulfill(status=409, body=refusal))
    await reply.fill("Refused at first")
    await reply.press("Enter")
    failed = page.locator(".failed")
    await expect(failed).to_contain_text("Not sent. You do not have this conversation now.")
    await page.unroute(MESSAGES)
    await failed.get_by_role("button", name="Retry").click()
    await expect(page.locator(".technician:not(.pending)")).to_contain_text("Refused at first")
    window.complaints.clear()  # the browser notes the 409


async def test_a_private_note_looks_different_and_stays_at_the_desk(gateway: Gateway, window: Window) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    page = window.page
    await window.sign_in(anna)
    await page.wait_for_url("**/desk")
    await window.open(case)
    await page.get_by_label("Private note for technicians").fill("check the server first")
    await page.keyboard.press("Enter")
    await expect(page.locator(".note")).to_contain_text("Private note by Anna")
    assert "check the server" not in str(await case.reads())


async def test_an_ended_session_is_informed_and_leads_back_to_the_same_page(gateway: Gateway, window: Window) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    page = window.page
    await window.sign_in(anna)
    await page.wait_for_url("**/desk")
    await window.open(case)
    await page.get_by_label("Private note for technicians").fill("half a note")
    gateway.clock.advance(hours=25)
    await page.keyboard.press("Enter")
    await page.get_by_role("link", name="Sign in again").click()
    await page.get_by_label("E-mail").fill(anna.email)
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await page.wait_for_url(f"**/desk/conversations/{case.conversation_id}")
    await expect(page.locator("#text")).to_have_value("half a note")
    window.complaints.clear()  # the browser notes the 401


async def narrow(chromium: Browser) -> BrowserContext:
    return await chromium.new_context(viewport={"width": 360, "height": 740})


async def test_a_telephones_width_is_enough(gateway: Gateway, chromium: Browser) -> None:
    anna = await gateway.hire("Anna")
    case = await gateway.case("W" * 300, contact="a-rather-long-address@a-rather-long-host.example", tried="x" * 200)
    context = await narrow(chromium)
    window = Window(await context.new_page(), gateway.address)
    page = window.page
    await window.sign_in(anna)
    await page.wait_for_url("**/desk")
    for address in (
        "/desk",
        f"/desk/conversations/{case.conversation_id}",
        "/desk/issues",
        f"/desk/issues/{case.reference}",
    ):
        await page.goto(gateway.address + address)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360, address
    await window.open(case)
    await expect(page.get_by_role("link", name="a-rather-long-address")).to_be_visible()
    await page.get_by_role("tab", name="Chat").click()
    await expect(page.get_by_role("log")).to_be_visible()
    await expect(page.locator("#send")).to_be_in_viewport()
    assert window.complaints == []
