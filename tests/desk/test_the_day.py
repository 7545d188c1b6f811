"""A day at the desk in real browsers: two technicians in two, a customer in a third."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from bot.services.hand_off import silence
from tests.support.browser_windows import Window, customer_window, open_the_doors, signed_in
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e
SLOW = 20_000


async def claims(window: Window, reference: str) -> bool:
    """Whether this window won the conversation."""
    await window.page.get_by_role("button", name=f"Claim {reference}").click()
    taken = window.page.get_by_text("has taken this hand-off already")
    mine = window.page.get_by_role("button", name="Resolve", exact=True)
    await expect(taken.or_(mine)).to_be_visible(timeout=SLOW)
    return await mine.is_visible()


async def says(page: Page, text: str) -> None:
    box = page.locator("#text")
    await box.fill(text)
    await box.press("Enter")
    await expect(page.get_by_role("log")).to_contain_text(text)


async def writes(customer: Page, text: str) -> None:
    box = customer.get_by_role("textbox", name="Your message")
    await box.fill(text)
    await box.press("Enter")


async def test_from_the_claim_race_to_the_rating(
    gateway: Gateway, chromium: Browser, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_the_doors(gateway)
    anna, ben = await gateway.hire("Anna"), await gateway.hire("Ben")
    case = await gateway.case(product_version="12.2.1", error_text="QB-2107", impact="Everyone; right now")
    windows = {"Anna": await signed_in(chromium, gateway, anna), "Ben": await signed_in(chromium, gateway, ben)}
    customer = await customer_window(await chromium.new_context(), gateway, case)
    log = customer.get_by_role("log")
    await expect(customer.locator(".header-detail")).to_contain_text("Number 1 in the queue")

    # The claim race: one wins, the other is told.
    for window in windows.values():
        await expect(window.page.get_by_role("button", name=f"Claim {case.reference}")).to_be_visible()
    won = await asyncio.gather(*(claims(window, case.reference) for window in windows.values()))
    assert sorted(won) == [False, True]
    first, second = ("Anna", "Ben") if won[0] else ("Ben", "Anna")
    winner, other = windows[first], windows[second]
    for window in (winner, other):
        window.complaints.clear()  # the browser notes the 409
    await expect(log).to_contain_text(f"{first} has joined the conversation")

    # Talking, and a promise that the customer reads.
    await expect(winner.page.locator("#live")).to_have_text("Live")
    await says(winner.page, "Hello, I am looking at the printer")
    await expect(log).to_contain_text("I am looking at the printer")
    await writes(customer, "Thank you")
    await expect(winner.page.get_by_role("log")).to_contain_text("Thank you")

    # A transfer to the colleague, with a note that the customer never sees.
    await winner.more("Transfer")
    await winner.page.get_by_label("To", exact=True).select_option(label=second)
    await winner.page.get_by_label("Note for them").fill("The driver is old")
    await winner.page.get_by_role("dialog").get_by_role("button", name="Transfer").click()
    await expect(log).to_contain_text(f"You are being passed on to: {second}", timeout=SLOW)
    await other.page.goto(f"{gateway.address}/desk")
    await expect(other.page.get_by_role("heading", name="For you")).to_be_visible()
    assert await claims(other, case.reference)
    await expect(other.page.get_by_text("The driver is old")).to_be_visible()
    await expect(other.page.locator("#live")).to_have_text("Live")

    # Silence: the customer writes, nobody answers, the clock goes on, and the job puts it back.
    await writes(customer, "Are you there?")
    await expect(other.page.get_by_role("log")).to_contain_text("Are you there?")
    # The minutes pass; a clock that was set would excuse the technician.
    monkeypatch.setattr(silence, "clock_was_set", lambda _ctx, _seconds: None)
    gateway.clock.advance(minutes=16)
    await expect(log).to_contain_text(f"{second} has not been able to answer in time", timeout=SLOW * 2)
    await expect(customer.locator(".header-detail")).to_contain_text("Number 1 in the queue")
    await winner.page.goto(f"{gateway.address}/desk")
    assert await claims(winner, case.reference)
    await expect(winner.page.locator("#live")).to_have_text("Live")

    # Given back with a note, which the assistant uses.
    await winner.more("Give back")
    await winner.page.get_by_label("What was done").fill("Your licence has been reset; did that work?")
    await winner.page.get_by_role("dialog").get_by_role("button", name="Give back").click()
    await expect(log).to_contain_text("Your licence has been reset; did that work?", timeout=SLOW * 2)

    # Taken up again, resolved, rated.
    await winner.page.get_by_role("button", name="Take it up").click()
    await expect(winner.page.get_by_role("button", name="Resolve", exact=True)).to_be_visible(timeout=SLOW)
    await winner.page.get_by_role("button", name="Resolve").click()
    await winner.page.get_by_role("dialog").get_by_role("button", name="Resolve").click()
    await expect(customer.get_by_text("How well did we handle it?")).to_be_visible(timeout=SLOW)
    await customer.get_by_label("Very well").check()
    await customer.get_by_label("Anything you want to tell us").fill("Two people, one answer")
    await customer.get_by_role("button", name="Send", exact=True).first.click()
    await expect(customer.get_by_text("Thank you for telling us.")).to_be_visible()
    await winner.page.reload()
    await expect(winner.page.get_by_text("Rated 5 of 5")).to_be_visible()
    assert "driver is old" not in await customer.content()
    assert winner.complaints == [] and other.complaints == []


async def test_the_customers_place_changes_live(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    anna = await gateway.technician("Anna")
    before, case = await gateway.case(), await gateway.case()
    customer = await customer_window(await chromium.new_context(), gateway, case)
    await expect(customer.locator(".header-detail")).to_contain_text("Number 2 in the queue")
    await anna.claim(before)
    await expect(customer.locator(".header-detail")).to_contain_text("Number 1 in the queue")


async def test_a_call_a_canned_reply_and_a_promise_by_keyboard(gateway: Gateway, chromium: Browser) -> None:
    open_the_doors(gateway)
    boss = await gateway.technician("Bo", "supervisor")
    await boss.post("canned", {"title": "Ask for a photo", "text": "Please send a photo, {technician}.", "team": None})
    anna, case = await gateway.hire("Anna"), await gateway.case(contact="0151 23456789")
    window = await signed_in(chromium, gateway, anna)
    await window.open(case)
    page = window.page
    await page.get_by_role("button", name="Claim", exact=True).click()
    await expect(page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()
    await page.locator("h1").click()
    await page.keyboard.press("t")
    await page.get_by_role("button", name="Ask for a photo").click()
    await expect(page.locator("#text")).to_have_value("Please send a photo, Anna.")
    await page.locator("#text").press("Enter")
    await window.more("Call")
    await expect(page.get_by_role("button", name="End the call")).to_be_visible()
    await page.get_by_role("button", name="Resolve").click()  # asks for the minutes first
    await page.get_by_role("dialog").get_by_label("Minutes").fill("7")
    await page.get_by_role("button", name="Keep").click()
    await expect(page.get_by_role("log")).to_contain_text("The call with Anna is over")
    await window.more("I will reply by …")
    by = gateway.clock().strftime("%Y-%m-%dT23:59")
    await page.get_by_label("Day and time").fill(by)
    await page.get_by_role("button", name="Tell the customer").click()
    await expect(page.get_by_role("log")).to_contain_text("Anna will reply")
    assert (await anna.sign_in()).status_code == 200
    details = await anna.about(case)
    assert [call["minutes"] for call in details["calls"]] == [7]
    assert details["state"]["promised_until"]
