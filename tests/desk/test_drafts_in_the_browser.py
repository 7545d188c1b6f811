"""Drafts in a real Chromium: a private note stays one, and a reply with its files too, however the page was left."""

import asyncio
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.support.browser_windows import Window, signed_in
from tests.support.gateway_fixture import PASSWORD, Case, Desk, Gateway

pytestmark = pytest.mark.e2e
INTERNAL = "INTERNAL: this customer has not paid, stall him"


@dataclass
class Shift:
    """Anna has a case; Ben is a colleague."""

    gateway: Gateway
    anna: Desk
    ben: Desk
    case: Case
    window: Window

    @property
    def page(self) -> Page:
        return self.window.page

    @property
    def address(self) -> str:
        return f"conversations/{self.case.conversation_id}"

    async def customer_read(self, text: str) -> bool:
        return text in str(await self.case.reads())


@pytest_asyncio.fixture
async def shift(gateway: Gateway, chromium: Browser) -> AsyncIterator[Shift]:
    anna, ben, case = await gateway.technician("Anna"), await gateway.technician("Ben"), await gateway.case()
    await anna.claim(case)
    window = await signed_in(chromium, gateway, anna)
    await window.open(case)
    yield Shift(gateway, anna, ben, case, window)


async def reload(shift: Shift) -> None:
    await shift.page.reload()


async def look_at_the_queue(shift: Shift) -> None:
    await shift.page.get_by_role("link", name="Queue").click()
    await shift.page.wait_for_url("**/desk")
    await shift.window.open(shift.case)


async def sign_in_again(shift: Shift) -> None:
    await shift.page.get_by_role("button", name="Sign out").click()
    await shift.page.wait_for_url("**/desk/login")
    await shift.window.sign_in(shift.anna)
    await shift.window.open(shift.case)


async def session_ends(shift: Shift) -> None:
    shift.gateway.clock.advance(hours=25)
    await shift.page.reload()
    await shift.page.get_by_label("E-mail").fill(shift.anna.email)
    await shift.page.get_by_label("Password").fill(PASSWORD)
    await shift.page.get_by_role("button", name="Sign in").click()
    await shift.page.wait_for_url("**/desk/conversations/*")


async def transferred_and_back(shift: Shift) -> None:
    answer = await shift.anna.post(f"{shift.address}/transfer", {"technician": shift.ben.id})
    assert answer.status_code == 200
    await expect(shift.page.get_by_role("button", name="Claim", exact=True)).to_be_visible()
    await shift.page.get_by_role("button", name="Claim", exact=True).click()
    await expect(shift.page.get_by_role("button", name="Resolve", exact=True)).to_be_visible()


async def claimed_by_another(shift: Shift) -> None:
    await shift.anna.post(f"{shift.address}/transfer", {"technician": shift.ben.id})
    waiting = (await shift.ben.get("handoffs", state="waiting")).json()["handoffs"]
    await shift.ben.post(f"handoffs/{waiting[0]['id']}/claim")
    await expect(shift.page.locator(".holder")).to_have_text("with Ben")
    await shift.page.reload()


WAYS = [reload, look_at_the_queue, sign_in_again, session_ends, transferred_and_back, claimed_by_another]


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
async def test_a_private_note_is_still_one(shift: Shift, leave: Callable[[Shift], Awaitable[None]]) -> None:
    await shift.page.locator("h1").click()
    await shift.page.keyboard.press("n")
    await shift.page.keyboard.type(INTERNAL)
    await leave(shift)
    await expect(shift.page.locator("#live")).to_have_text("Live")
    await expect(shift.page.get_by_label("Private note for technicians")).to_have_value(INTERNAL)
    await expect(shift.page.get_by_role("radio", name="Private note")).to_be_checked()
    await shift.page.locator("#text").press("Enter")
    await expect(shift.page.locator(".entry.note", has_text=INTERNAL)).to_be_visible()
    assert not await shift.customer_read(INTERNAL)


@pytest.mark.parametrize("leave", WAYS, ids=lambda way: way.__name__)
async def test_a_reply_waits_as_a_reply_with_its_file(
    shift: Shift, leave: Callable[[Shift], Awaitable[None]], tmp_path: Path
) -> None:
    (tmp_path / "driver.log").write_text("driver 4.1 failed")
    await shift.page.get_by_label("Reply to the customer").fill("Please install this driver")
    await shift.page.locator("#file").set_input_files(tmp_path / "driver.log")
    await expect(shift.page.locator("#files li")).to_contain_text("driver.log")
    await leave(shift)
    await expect(shift.page.locator("#live")).to_have_text("Live")
    await expect(shift.page.get_by_label("Reply to the customer")).to_have_value("Please install this driver")
    await expect(shift.page.locator("#files li")).to_contain_text("driver.log")
    await shift.page.locator("#text").press("Enter")
    if leave is claimed_by_another:
        await expect(shift.page.locator("#hint")).to_contain_text("Claim the conversation to reply")
        assert not await shift.customer_read("Please install this driver")
        return
    await expect(shift.page.locator(".technician:not(.pending)", has_text="driver.log")).to_be_visible()
    messages = (await shift.case.reads())["messages"]
    assert [file["name"] for file in messages[-1]["attachments"]] == ["driver.log"]


async def test_each_mode_has_its_own_draft(shift: Shift) -> None:
    await shift.page.get_by_label("Reply to the customer").fill("half a reply")
    await shift.page.get_by_label("Private note", exact=True).check()
    await expect(shift.page.locator("#text")).to_have_value("")
    await expect(shift.page.locator(".modes label", has_text="Reply")).to_have_class(re.compile("has-draft"))
    await shift.page.locator("#text").fill("half a note")
    await shift.page.locator("#text").press("Enter")
    await expect(shift.page.locator(".entry.note")).to_contain_text("half a note")
    await shift.page.get_by_label("Reply", exact=True).check()
    await expect(shift.page.locator("#text")).to_have_value("half a reply")
    assert not await shift.customer_read("half a")


async def test_a_passage_goes_into_what_is_being_written(shift: Shift) -> None:
    boss = await shift.gateway.technician("Bo", "supervisor")
    await boss.post("canned", {"title": "Ask for a photo", "text": "Please send a photo.", "team": None})
    await shift.page.locator("h1").click()
    await shift.page.keyboard.press("n")
    await shift.page.keyboard.type("He will not like it: ")
    await shift.page.get_by_role("button", name="Canned").click()
    await shift.page.get_by_role("button", name="Ask for a photo").click()
    await expect(shift.page.get_by_label("Private note for technicians")).to_have_value(
        "He will not like it: Please send a photo."
    )
    await shift.page.locator("#text").press("Enter")
    await expect(shift.page.locator(".entry.note")).to_contain_text("He will not like it")
    assert not await shift.customer_read("He will not like it")


async def test_a_mode_chosen_while_the_page_loads_is_kept(shift: Shift) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    async def late(route: Route) -> None:
        asked.set()
        await answer.wait()
        await route.continue_()

    await shift.page.route("**/conversations/*/events?*", late)
    await shift.page.reload(wait_until="domcontentloaded")
    await asked.wait()
    await shift.page.keyboard.press("n")
    answer.set()
    await expect(shift.page.locator("#live")).to_have_text("Live")
    await expect(shift.page.get_by_role("radio", name="Private note")).to_be_checked()
