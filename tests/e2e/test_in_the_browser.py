"""The whole journey in a real browser: the customer in the widget, the technician at the desk, live both ways.

With TECHREF_PICTURES set to a folder, the pictures of the README are taken on the way.
"""

import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, expect, sync_playwright

from bot.browser import find_chromium
from tests.support.running_stack import RunningStack, TechnicianAccount, eventually
from tests.widget.browsing import CHROMIUM_ARGUMENTS

pytestmark = [pytest.mark.stack, pytest.mark.e2e, pytest.mark.timeout(600)]
PICTURES = os.environ.get("TECHREF_PICTURES")
REFERENCE = re.compile(r"TR-\d{3}-\d{3}-\d{3}")
PATIENCE_MS = 60_000


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    chromium = find_chromium()
    assert chromium, "These tests drive a Chromium: install the Debian package chromium, or set CHROMIUM to its path."
    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        yield started
        started.close()


def page_of(browser: Browser, width: int = 1280) -> Page:
    page = browser.new_context(viewport={"width": width, "height": 800}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    return page


def open_chat(page: Page, url: str) -> Frame:
    page.goto(url)
    page.get_by_role("button", name=re.compile("chat", re.IGNORECASE)).first.click()
    # The launcher keeps its frame in a shadow tree, out of reach of the host page's selectors.
    eventually(lambda: bool(_chat_frames(page)), what="the chat's opening")
    frame = _chat_frames(page)[0]
    frame.get_by_role("textbox").wait_for()
    return frame


def _chat_frames(page: Page) -> list[Frame]:
    page.wait_for_timeout(50)
    return [frame for frame in page.frames if frame.url.endswith("/widget/")]


def writes(chat: Frame, text: str) -> None:
    box = chat.get_by_role("textbox")
    box.fill(text)
    box.press("Enter")


def sees(where: Frame | Page, text: str | re.Pattern[str]) -> None:
    expect(where.get_by_role("log").get_by_text(text).last).to_be_visible(timeout=PATIENCE_MS)


def sign_in(page: Page, url: str, account: TechnicianAccount) -> None:
    page.goto(f"{url}/desk")
    page.get_by_label("E-mail").fill(account.email)
    page.get_by_label("Password").fill(account.password)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("/desk/?$"))


def picture(page: Page, name: str) -> None:
    if PICTURES:
        page.screenshot(path=str(Path(PICTURES) / f"{name}.png"))


def test_from_the_first_question_to_the_technicians_answer_and_back(browser: Browser, stack: RunningStack) -> None:
    account = stack.add_technician("Anna Meyer")
    customer, desk = page_of(browser), page_of(browser)
    chat = open_chat(customer, stack.url)
    writes(chat, "how do I reprint an invoice?")
    sees(chat, re.compile("Reprint"))
    writes(chat, "no, it crashes when I print")
    sees(chat, re.compile("e-mail address"))
    writes(chat, "kim@brightsons.example")
    sees(chat, REFERENCE)
    found = REFERENCE.search(chat.get_by_role("log").inner_text())
    assert found
    expect(chat.get_by_text(found[0]).first).to_be_visible()
    sees(chat, re.compile("support contract"))
    chat.get_by_role("button", name="No, I pay by the hour").click()
    sees(chat, re.compile("Which version"))
    writes(chat, "12.2.1")
    sees(chat, re.compile("error say"))
    picture(customer, "widget")

    sign_in(desk, stack.url, account)
    row = desk.get_by_role("button", name=f"Claim {found[0]}")
    expect(row).to_be_visible(timeout=PATIENCE_MS)
    picture(desk, "desk-queue")
    row.click()
    desk.wait_for_url(re.compile("/desk/conversations/"))
    expect(desk.get_by_text("kim@brightsons.example").first).to_be_visible()
    # The page is there before its script: until then Enter begins a new line.
    expect(desk.locator("#live")).to_have_text("Live", timeout=PATIENCE_MS)
    reply = desk.get_by_label("Reply to the customer")
    reply.fill("Hello, this is Anna. Please switch the printer off and on.")
    reply.press("Enter")
    sees(chat, "Hello, this is Anna. Please switch the printer off and on.")
    writes(chat, "That did it, thank you!")
    sees(desk, "That did it, thank you!")
    picture(desk, "desk")

    desk.get_by_role("button", name="More actions").click()
    desk.locator(".menu").get_by_role("button", name="Give back").click()
    desk.get_by_role("dialog").get_by_role("textbox").fill("The printer was restarted.")
    desk.get_by_role("dialog").get_by_role("button", name="Give back").click()
    sees(chat, re.compile("The printer was restarted"))
    chat.get_by_role("button", name="Yes, solved").last.click()
    sees(chat, re.compile("marked .* as resolved|Good to hear"))
    customer.context.close()
    desk.context.close()


def test_a_reload_brings_the_conversation_back(browser: Browser, stack: RunningStack) -> None:
    customer = page_of(browser)
    chat = open_chat(customer, stack.url)
    writes(chat, "what are your opening hours?")
    sees(chat, re.compile("Eastern"))
    customer.reload()
    again = open_chat(customer, stack.url)
    sees(again, "what are your opening hours?")
    sees(again, re.compile("Eastern"))
    customer.context.close()


def test_on_a_phone_the_chat_fills_the_screen_and_nothing_is_cut_off(browser: Browser, stack: RunningStack) -> None:
    customer = page_of(browser, width=360)
    chat = open_chat(customer, stack.url)
    writes(chat, "how do I add a user?")
    sees(chat, re.compile("Add a user"))
    assert chat.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    picture(customer, "widget-phone")
    customer.context.close()
