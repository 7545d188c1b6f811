"""A payment and a proof recorded in a real browser: the forms among the facts, and the facts after them."""

import pytest
from playwright.async_api import Browser, expect

from bot.services.billing import contracts
from tests.support.browser_windows import Window
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e


async def test_a_payment_and_a_contract_are_recorded_beside_the_chat(gateway: Gateway, chromium: Browser) -> None:
    fields = {"number": "C-1", "company": "Bakery", "status": "active", "starts_on": "2020-01-01"}
    await contracts.save_contract(gateway.ctx, fields, actor="operator")
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await anna.claim(case)
    window = Window(await chromium.new_page(), gateway.address)
    await window.sign_in(anna)
    await window.open(case)
    page, facts = window.page, window.page.locator("#facts")
    await facts.get_by_text("Record a payment taken by phone").click()
    await facts.get_by_label("Authorisation of the terminal").fill("4111 1111 1111 1111")
    await facts.get_by_role("button", name="Record the payment").click()
    await expect(facts.get_by_role("alert").filter(has_text="may be a card number")).to_be_visible()
    await facts.get_by_label("Authorisation of the terminal").fill("A-1001")
    await facts.get_by_role("button", name="Record the payment").click()
    await expect(facts).to_contain_text("30 min left of what was paid")
    await expect(page.get_by_role("log")).to_contain_text("Thank you: 30 minutes of support are paid")
    await facts.get_by_text("Check the contract, verify the caller").click()
    await facts.get_by_label("Contract number", exact=True).fill("C-1")
    await facts.get_by_role("button", name="I know it is theirs").click()
    await expect(facts).to_contain_text("confirmed by a technician")
    window.complaints = [one for one in window.complaints if "422" not in one]
    assert window.complaints == []
