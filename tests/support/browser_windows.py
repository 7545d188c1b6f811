"""Browser windows on a running gateway: technicians at the desk, customers in the chat."""

import json
from datetime import UTC

from playwright.async_api import Browser, BrowserContext, Page, expect

from tests.support.gateway_fixture import PASSWORD, SUPPORT, Case, Desk, Gateway


class Window:
    """A technician's browser window; ``complaints`` are what its console says."""

    def __init__(self, page: Page, address: str) -> None:
        self.page, self.address, self.complaints = page, address, list[str]()
        page.on("console", lambda said: self.complaints.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    async def sign_in(self, desk: Desk, password: str = PASSWORD) -> None:
        await self.page.goto(f"{self.address}/desk")
        await self.page.get_by_label("E-mail").fill(desk.email)
        await self.page.get_by_label("Password").fill(password)
        await self.page.get_by_role("button", name="Sign in").click()
        await self.page.wait_for_url(lambda url: "/desk/login" not in url)

    async def open(self, case: Case) -> None:
        await self.page.goto(f"{self.address}/desk/conversations/{case.conversation_id}")
        await expect(self.page.locator("#live")).to_have_text("Live")

    async def more(self, action: str) -> None:
        """Choose an action of the menu beside what is done most."""
        await self.page.get_by_role("button", name="More actions").click()
        await self.page.locator(".menu").get_by_role("button", name=action, exact=True).click()


async def customer_window(context: BrowserContext, gateway: Gateway, case: Case) -> Page:
    """The chat as this customer's own browser has it open."""
    page = await context.new_page()
    kept = {"token": case.token, "used_at": 4_000_000_000_000}
    values = {f"token.{case.conversation_id}": json.dumps(kept), "current": json.dumps(case.conversation_id)}
    script = "".join(
        f"localStorage.setItem({json.dumps('techref.v1.guest.' + name)}, {json.dumps(value)});"
        for name, value in values.items()
    )
    await page.add_init_script(script)
    await page.goto(f"{gateway.address}/widget/")
    await page.get_by_role("textbox", name="Your message").wait_for()
    return page


async def signed_in(browser: Browser, gateway: Gateway, desk: Desk, **how: object) -> Window:
    """A window of its own, signed in at the queue."""
    context = await browser.new_context(**how)  # type: ignore[arg-type]
    window = Window(await context.new_page(), gateway.address)
    await window.sign_in(desk)
    return window


def open_the_doors(gateway: Gateway) -> None:
    """Put the office's clock to an hour after the next opening, whatever day the test runs."""
    now = gateway.clock()
    opening = SUPPORT.office_hours.state_at(now).next_opening
    assert opening is not None
    gateway.clock.advance(seconds=(opening.astimezone(UTC) - now).total_seconds() + 3600)
