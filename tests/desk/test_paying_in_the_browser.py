"""From "no contract" to the queue in a real Chromium: the chat, our page, the partner's page, and back."""

import re

import pytest
from playwright.async_api import Browser, expect

from bot.services.conversation import continue_link, lifecycle
from tests.desk.test_paying import stripe as stripe
from tests.support.fake_stripe import FakeStripe
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e


async def test_a_customer_without_a_contract_pays_and_waits_in_front(
    gateway: Gateway, stripe: FakeStripe, chromium: Browser
) -> None:
    other = await gateway.case()
    context = await chromium.new_context(viewport={"width": 360, "height": 740})
    page = await context.new_page()
    await page.goto(f"{gateway.address}/widget/")
    log = page.get_by_role("log")

    async def writes(text: str) -> None:
        await page.get_by_role("textbox").fill(text)
        await page.get_by_role("textbox").press("Enter")

    # The engine is not there in these tests: the gateway's own path asks for the two essentials.
    await writes("Quillbook crashes when I print an invoice")
    await expect(log).to_contain_text("How can we reach you", timeout=60_000)
    await writes("mia@bakery.example")
    await expect(log).to_contain_text(re.compile(r"TR-\d{3}-\d{3}-\d{3}"), timeout=60_000)
    await page.get_by_role("button", name="No, I pay by the hour").click()
    await expect(log).to_contain_text("120.00 USD an hour", timeout=60_000)
    async with context.expect_page() as opened:
        await log.get_by_role("link", name="Pay ahead by VISA or MasterCard").click()
    paying = await opened.value
    await expect(paying.get_by_role("heading", name="Pay ahead for TR-")).to_be_visible()
    assert await paying.evaluate("document.documentElement.scrollWidth <= innerWidth"), "it fits a telephone"
    await paying.get_by_role("radio", name="1 hour 120.00 USD").check()
    await paying.get_by_role("button", name="Pay with VISA or MasterCard").click()
    await paying.get_by_role("button", name="Pay").click()
    await expect(paying.get_by_text(re.compile("Your payment for TR-.* has arrived"))).to_be_visible()
    await expect(log).to_contain_text("Thank you: 1 hour of support are paid")
    state = await (await gateway.technician("Anna")).get("handoffs")
    waiting = [(one["reference"] == other.reference, one["entitlement"]) for one in state.json()["handoffs"]]
    assert waiting == [(False, "prepaid"), (True, "payment_required")], "paid is served before not yet paid"
    await context.close()


async def test_a_link_from_a_mail_continues_on_another_device(gateway: Gateway, chromium: Browser) -> None:
    case = await gateway.case()
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, case.conversation_id)
        link = await continue_link.link_to(session, gateway.ctx, conversation)
    secret = link.partition("#")[2]
    for told in (case.reference, "used already or is too old"):
        context = await chromium.new_context()
        page = await context.new_page()
        await page.goto(f"{gateway.address}/widget/#{secret}")
        await expect(page.locator("body")).to_contain_text(told)
        assert "continue=" not in page.url, "neither history nor a screenshot keeps it"
        await context.close()
