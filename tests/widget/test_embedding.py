"""The script tag on other people's pages: it works there, and leaves them alone."""

import json
from typing import Any
from urllib.parse import quote

import pytest
from playwright.async_api import Page, Request, Route, expect

from tests.widget.browsing import open_widget

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

LAUNCHER = "Open support chat"
ANNOUNCER = "[data-techref-widget] .announcer"
# {"sub": "anna"}, unsigned: the widget only reads the subject, the gateway verifies.
IDENTITY_TOKEN = "e30.eyJzdWIiOiJhbm5hIn0.c2ln"


async def focused(page: Page) -> str:
    """The accessible name of what has the focus, through shadow roots."""
    name: str = await page.evaluate(
        """() => {
            let element = document.activeElement;
            while (element?.shadowRoot?.activeElement) element = element.shadowRoot.activeElement;
            return element?.getAttribute("aria-label") ?? element?.getAttribute("title") ?? element?.id ?? "";
        }"""
    )
    return name


async def test_the_keyboard_opens_and_escape_closes_and_gives_the_focus_back(page: Page, site: str) -> None:
    await page.goto(f"{site}/host/plain")
    await expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    await page.locator("#theirs").focus()
    await page.keyboard.press("Tab")
    assert await focused(page) == LAUNCHER
    await page.keyboard.press("Enter")
    text_area = page.frame_locator("iframe").get_by_role("textbox")
    await expect(text_area).to_be_focused()
    await expect(page.get_by_role("button", name="Close support chat")).to_have_attribute("aria-expanded", "true")
    await page.keyboard.press("Escape")
    await expect(page.locator("iframe")).to_be_hidden()
    assert await focused(page) == LAUNCHER


async def test_a_first_visitor_loads_the_script_and_nothing_more(page: Page, site: str) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url.removeprefix(site)))
    await page.goto(f"{site}/host/plain")
    await page.get_by_role("button", name=LAUNCHER).wait_for()
    await page.wait_for_load_state("networkidle")
    assert set(asked) <= {"/host/plain", "/widget/embed.js", "/favicon.ico"}


async def test_included_twice_there_is_one_launcher(page: Page, site: str) -> None:
    await page.goto(f"{site}/host/twice")
    await page.get_by_role("button", name=LAUNCHER).wait_for()
    await page.wait_for_load_state("networkidle")
    assert await page.locator("[data-techref-widget]").count() == 1


async def test_a_page_that_swaps_its_body_gets_the_launcher_back_with_the_next_tag(page: Page, site: str) -> None:
    await page.goto(f"{site}/host/plain")
    await page.get_by_role("button", name=LAUNCHER).wait_for()
    await page.evaluate("document.body.replaceChildren()")
    assert await page.locator("[data-techref-widget]").count() == 0
    await page.add_script_tag(url="/widget/embed.js")
    await expect(page.get_by_role("button", name=LAUNCHER)).to_be_visible()
    assert await page.locator("[data-techref-widget]").count() == 1


async def test_style_sheets_of_the_host_do_not_reach_in(page: Page, site: str) -> None:
    await page.goto(f"{site}/host/hostile")
    launcher = page.get_by_role("button", name=LAUNCHER)
    await expect(launcher).to_be_visible()
    box = await launcher.bounding_box()
    assert box is not None
    assert (round(box["width"]), round(box["height"])) == (60, 60)
    assert (round(box["x"]), round(box["y"])) == (1280 - 80, 800 - 80)


async def test_a_strict_policy_of_the_host_is_enough(page: Page, site: str, other_site: str) -> None:
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    await open_widget(page, f"{other_site}/host/strict?gateway={site}")
    assert [text for text in complaints if "Content Security Policy" in text] == []
    width = await page.locator("[data-techref-widget] .launcher").evaluate("(button) => getComputedStyle(button).width")
    assert width == "60px"


async def test_another_sites_identity_token_reaches_the_gateway_and_nobody_else(
    page: Page, site: str, other_site: str
) -> None:
    bodies: list[Any] = []

    async def opening(route: Route, request: Request) -> None:
        bodies.append(request.post_data_json)
        await route.fulfill(status=503, headers={"Retry-After": "60"}, body="{}")

    await page.route("**/api/conversations", opening)
    await page.add_init_script(
        "window.overheard = []; addEventListener('message', (event) => overheard.push(JSON.stringify(event.data)));"
    )
    attributes = quote(f'data-identity-token="{IDENTITY_TOKEN}" data-colour="#804000"')
    chat = await open_widget(page, f"{other_site}/host/plain?gateway={site}&attributes={attributes}")
    await chat.write("hello")
    await expect(chat.inside.get_by_text("Not sent yet")).to_be_visible()
    assert bodies[0]["identity_token"] == IDENTITY_TOKEN
    assert bodies[0]["page_url"].startswith(other_site)
    assert not [said for said in await page.evaluate("overheard") if IDENTITY_TOKEN in said]
    # The colour of the tag paints the launcher at once and the chat by its own style sheet.
    colour = await page.locator(".launcher").evaluate("(button) => getComputedStyle(button).backgroundColor")
    assert colour == "rgb(128, 64, 0)"
    await expect(chat.inside.locator("#accent")).to_have_attribute("href", "/widget/accent.css?colour=804000")


async def test_another_person_at_the_same_computer_sees_nothing_of_the_first(page: Page, site: str) -> None:
    chat = await open_widget(page, f"{site}/host/plain")
    await chat.text_area.fill("a guest's words")
    await page.evaluate("(token) => techRefWidget.identify(token)", IDENTITY_TOKEN)
    await expect(chat.text_area).to_have_value("")
    await chat.text_area.fill("Anna's words")
    await page.evaluate("techRefWidget.identify(null)")
    await expect(chat.text_area).to_have_value("a guest's words")
    await page.evaluate("(token) => techRefWidget.identify(token)", IDENTITY_TOKEN)
    await expect(chat.text_area).to_have_value("Anna's words")


async def test_messages_from_anywhere_but_the_frame_are_ignored(page: Page, site: str) -> None:
    chat = await open_widget(page, f"{site}/host/plain")
    await page.keyboard.press("Escape")
    await page.evaluate("postMessage({ channel: 'techref-widget', type: 'unread', count: 5 }, '*')")
    await page.evaluate("postMessage({ channel: 'techref-widget', type: 'close' }, '*')")
    await expect(page.get_by_role("button", name=LAUNCHER, exact=True)).to_be_visible()
    await expect(page.locator(".badge")).to_be_hidden()
    await expect(chat.text_area).to_be_hidden()


async def test_unread_messages_are_counted_on_the_launcher_and_announced(page: Page, site: str) -> None:
    await open_widget(page, f"{site}/host/plain")
    await page.keyboard.press("Escape")
    for count, badge in ((1, "1"), (12, "9+")):
        await page.frames[1].evaluate(
            "(count) => parent.postMessage({ channel: 'techref-widget', type: 'unread', count }, location.origin)",
            count,
        )
        await expect(page.locator(".badge")).to_have_text(badge)
    await expect(page.get_by_role("button", name=f"{LAUNCHER}, 12 new messages in the support chat")).to_be_visible()
    await expect(page.locator(ANNOUNCER)).to_have_text("12 new messages in the support chat")
    assert await page.locator(ANNOUNCER).get_attribute("role") == "status"
    await page.locator(".launcher").click()
    await expect(page.locator(".badge")).to_be_hidden()


async def test_on_a_phone_the_chat_is_a_dialog_that_fills_the_screen_and_keeps_the_focus(page: Page, site: str) -> None:
    await page.set_viewport_size({"width": 360, "height": 700})
    chat = await open_widget(page, f"{site}/host/plain")
    dialog = page.get_by_role("dialog", name="Support chat")
    assert await dialog.bounding_box() == {"x": 0, "y": 0, "width": 360, "height": 700}
    await expect(page.locator(".launcher")).to_be_hidden()
    assert await page.evaluate("document.documentElement.style.overflow") == "hidden"
    close = chat.button("Close chat")
    await close.focus()
    await page.keyboard.press("Shift+Tab")
    await expect(chat.button("Send")).to_be_focused()
    await page.keyboard.press("Tab")
    await expect(close).to_be_focused()
    # The key is pressed in the frame, which tells the page by a message.
    await page.keyboard.press("Escape")
    await expect(page.locator("iframe")).to_be_hidden()
    assert await focused(page) == LAUNCHER
    assert await page.evaluate("document.documentElement.style.overflow") == ""


async def test_an_address_that_is_no_host_of_ours_is_waited_for_in_vain(page: Page, site: str) -> None:
    """The chat in a frame without our script: it starts as a guest's after a moment, without a launcher to talk to."""
    await page.goto(f"{site}/widget/accent.css")
    await page.evaluate("document.body.append(Object.assign(document.createElement('iframe'), { src: '/widget/' }))")
    await expect(page.frame_locator("iframe").get_by_role("textbox")).to_be_visible(timeout=10_000)
    stored = await page.evaluate("JSON.stringify(Object.keys(localStorage))")
    assert all(key.startswith("techref.v1.guest.") for key in json.loads(stored))
