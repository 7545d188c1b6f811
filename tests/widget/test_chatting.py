"""The chat against the running stack: what a customer does when all is well."""

import asyncio
import re
from base64 import b64decode
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest
from playwright.async_api import FilePayload, Page, Route, expect

from tests.support.running_stack import RunningStack
from tests.widget.browsing import Chat, open_widget

pytestmark = [pytest.mark.stack, pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

HOW_TO = "How do I reprint an invoice?"
PROBLEM = "Quillbook crashes whenever I print. My e-mail is anna@example.com"
REFERENCE = re.compile(r"TR-\d{3}-\d{3}-\d{3}")
PICTURE = b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAgAAAAICAIAAABLbSncAAAAFElEQVR4nGNk+M+AFTBhFx6iEgC0XgEPsBVZJgAAAABJRU5ErkJggg=="
)
ANSWER_MS = 30_000
MESSAGES = "**/api/conversations/*/messages"
# A second press within three seconds is taken for a double click.
PERSON_PAUSE_SECONDS = 3.2


async def open_chat(page: Page, stack: RunningStack) -> Chat:
    chat = await open_widget(page, stack.url)
    await expect(chat.inside.locator(".welcome-hours")).not_to_be_empty()
    return chat


async def test_before_the_first_message_all_that_matters_is_in_view(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    await expect(chat.inside.get_by_role("group", name="Suggestions").get_by_role("button")).to_have_count(3)
    await expect(chat.inside.locator(".welcome-greeting")).not_to_be_empty()
    await expect(chat.inside.get_by_text("two years")).to_be_visible()
    await expect(chat.inside.get_by_role("link", name="Privacy")).to_have_attribute("href", re.compile(r"/privacy$"))
    await expect(chat.inside.get_by_role("link", name="Call us: 234-542-4400")).to_have_attribute(
        "href", "tel:2345424400"
    )
    for name in ("Talk to a person", "My issues", "New issue"):
        await expect(chat.button(name)).to_be_visible()


async def test_a_how_to_question_is_answered_with_cards_and_choices_that_can_be_used_once(
    page: Page, stack: RunningStack
) -> None:
    chat = await open_chat(page, stack)
    await chat.write(HOW_TO)
    card = chat.inside.locator("a.card").first
    await expect(card).to_have_attribute("href", re.compile(r"/manual/[\w-]+"), timeout=ANSWER_MS)
    assert await card.get_attribute("target") == "_blank"
    choices = chat.inside.get_by_role("group", name="Choose an answer, or write your own").get_by_role("button")
    await expect(choices.first).to_be_visible()
    title = await choices.first.inner_text()
    await choices.first.click()
    await expect(chat.messages("customer").last).to_have_text(title)
    await expect(
        chat.inside.get_by_role("group", name="Choose an answer").get_by_role("button", name=title)
    ).to_have_count(0)
    await expect(chat.text_area).to_be_focused()


async def test_a_reload_brings_back_the_conversation_the_draft_and_no_doubles(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    await chat.write("first\nwith a second line")
    await expect(chat.messages("assistant").first).to_be_visible(timeout=ANSWER_MS)
    await chat.text_area.fill("half a thou")
    before = await chat.log.locator(".message").all_inner_texts()
    await page.reload()
    chat = await open_widget(page, stack.url)
    await expect(chat.messages("customer")).to_have_text(["first\nwith a second line"])
    await expect(chat.text_area).to_have_value("half a thou")
    assert await chat.log.locator(".message").all_inner_texts() == before


async def test_what_looks_like_markup_or_a_command_is_shown_as_it_was_typed(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    typed = ["<img src=x onerror='parent.broken = 1'><b>bold</b>", "/restart", "see https://example.com/a_(b)."]
    for text in typed:
        await chat.write(text)
    await expect(chat.inside.locator(".from-customer:not(.unsent) .bubble")).to_have_count(3, timeout=ANSWER_MS)
    shown = [text.replace(" (opens in a new tab)", "") for text in await chat.messages("customer").all_text_contents()]
    assert shown == typed
    assert await chat.log.locator("img, b").count() == 0
    link = chat.messages("customer").get_by_role("link")
    await expect(link).to_have_attribute("href", "https://example.com/a_(b)")
    await expect(link).to_have_attribute("rel", "noopener noreferrer nofollow")


async def test_the_tech_reference_stands_in_the_header_and_under_my_issues(page: Page, stack: RunningStack) -> None:
    await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    chat = await open_chat(page, stack)
    await chat.write(PROBLEM)
    header = chat.inside.get_by_role("banner")
    await expect(header).to_contain_text(REFERENCE, timeout=ANSWER_MS)
    found = REFERENCE.search(await header.inner_text())
    assert found
    reference = found.group()
    await chat.button(f"Copy Tech Reference {reference}").click()
    await expect(header.get_by_text("Copied").first).to_be_visible()
    assert await page.evaluate("navigator.clipboard.readText()") == reference

    await chat.button("New issue").click()
    await expect(chat.log.locator(".message")).to_have_count(0)
    await expect(header).not_to_contain_text(reference)
    await chat.write("Something else is wrong with the backup")
    await expect(chat.messages("assistant").first).to_be_visible(timeout=ANSWER_MS)
    await chat.button("My issues").click()
    listed = chat.button(f"Open the conversation about {reference}")
    await expect(listed).to_be_visible()
    await listed.click()
    await expect(header).to_contain_text(reference)
    await expect(chat.messages("customer").first).to_have_text(PROBLEM)


async def test_a_person_is_asked_for_waited_for_and_then_named(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    header = chat.inside.get_by_role("banner")
    await chat.write(PROBLEM)
    await expect(header).to_contain_text(REFERENCE, timeout=ANSWER_MS)
    found = REFERENCE.search(await header.inner_text())
    await chat.button("Talk to a person").click()
    await expect(header).to_contain_text("Waiting for a technician", timeout=ANSWER_MS)
    await asyncio.sleep(PERSON_PAUSE_SECONDS)
    asked = await chat.messages("customer").count()
    await chat.button("Talk to a person").click()
    await expect(chat.inside.get_by_text("A technician has been asked for.")).to_be_visible()
    assert await chat.messages("customer").count() == asked

    assert found
    async with at_the_desk(stack, "Dana Reyes") as (desk, handoffs):
        (mine,) = [handoff for handoff in handoffs if handoff["reference"] == found.group()]
        (await desk.post(f"/desk/api/handoffs/{mine['id']}/claim", json={})).raise_for_status()
        await expect(header).to_contain_text("Dana Reyes")
        said = {"client_message_id": "first", "text": "Good morning! Which printer is it?"}
        path = f"/desk/api/conversations/{mine['conversation_id']}/messages"
        (await desk.post(path, json=said)).raise_for_status()
    await expect(chat.messages("technician")).to_have_text([said["text"]])
    await expect(chat.inside.get_by_role("group", name="Choose an answer").get_by_role("button")).to_have_count(0)
    await chat.button("Talk to a person").click()
    await expect(chat.inside.get_by_text("You are talking to Dana Reyes. Just write.")).to_be_visible()


@asynccontextmanager
async def at_the_desk(stack: RunningStack, name: str) -> AsyncIterator[tuple[httpx.AsyncClient, list[dict[str, Any]]]]:
    """A technician who has signed in, and the hand-offs that wait."""
    account = stack.add_technician(name)
    async with httpx.AsyncClient(base_url=stack.url) as desk:
        signed_in = await desk.post("/desk/api/login", json={"email": account.email, "password": account.password})
        desk.headers["X-CSRF-Token"] = signed_in.raise_for_status().json()["csrf_token"]
        waiting = await desk.get("/desk/api/handoffs?state=waiting")
        yield desk, waiting.raise_for_status().json()["handoffs"]


async def test_my_issues_is_left_by_escape_and_the_focus_returns(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    await chat.button("My issues").press("Enter")
    panel = chat.inside.get_by_role("dialog", name="My issues")
    await expect(panel).to_contain_text("No issues yet")
    await page.keyboard.press("Tab")
    await expect(panel.get_by_role("button")).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(panel).to_be_hidden()
    await expect(chat.button("My issues")).to_be_focused()


async def test_a_picture_is_uploaded_sent_and_shown_again_after_a_reload(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    picker = chat.inside.locator("input[type=file]")
    await picker.set_input_files(FilePayload(name="screen.png", mimeType="image/png", buffer=PICTURE))
    await expect(chat.inside.get_by_role("list", name="Files to send")).to_contain_text("screen.png")
    await chat.write("This is what I see")
    picture = chat.log.get_by_role("img", name="screen.png")
    await expect(picture).to_be_visible(timeout=ANSWER_MS)
    assert await picture.evaluate("(image) => image.decode().then(() => image.naturalWidth)") == 8
    await expect(chat.inside.get_by_role("list", name="Files to send")).to_be_hidden()
    await page.reload()
    chat = await open_widget(page, stack.url)
    await expect(chat.log.get_by_role("img", name="screen.png")).to_be_visible()


async def test_a_file_may_be_pasted_or_dropped_and_a_wrong_one_is_named(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    hand_over = """(element, [kind, name, type]) => {
        const data = new DataTransfer();
        data.items.add(new File(["content"], name, { type }));
        element.dispatchEvent(kind === "paste"
            ? new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true })
            : new DragEvent("drop", { dataTransfer: data, bubbles: true, cancelable: true }));
    }"""
    await chat.text_area.evaluate(hand_over, ["paste", "trace.log", "text/plain"])
    await chat.log.evaluate(hand_over, ["drop", "export.csv", "text/csv"])
    staged = chat.inside.get_by_role("list", name="Files to send").get_by_role("listitem")
    await expect(staged).to_have_count(2)
    await chat.log.evaluate(hand_over, ["drop", "virus.exe", "application/x-msdownload"])
    await expect(chat.inside.get_by_role("alert")).to_contain_text("virus.exe was not attached")
    await chat.button("Remove trace.log").click()
    await expect(staged).to_have_count(1)
    await expect(staged).to_contain_text("export.csv")


PASTES = """(element, {words, name}) => {
    const data = new DataTransfer();
    data.setData("text/plain", words);
    data.setData("text/html", `<table><tr><td>${words}</td></tr></table>`);
    data.items.add(new File(["picture"], name, { type: "image/png" }));
    element.focus();
    element.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
}"""


async def test_of_words_and_their_picture_the_words_are_pasted(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    await chat.text_area.evaluate(PASTES, {"words": "4003\t12.50", "name": "image.png"})
    await expect(chat.text_area).to_have_value("4003\t12.50")
    staged = chat.inside.get_by_role("list", name="Files to send").get_by_role("listitem")
    await expect(staged).to_have_count(0)
    # A file manager's words are only the file's name.
    await chat.text_area.evaluate(PASTES, {"words": "screen.png", "name": "screen.png"})
    await expect(staged).to_have_count(1)
    await expect(chat.text_area).to_have_value("4003\t12.50")


async def test_the_enter_that_ends_a_composition_sends_nothing(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    await chat.text_area.fill("にほん")
    ends = """(element) => element.dispatchEvent(new KeyboardEvent("keydown",
        { key: "Enter", keyCode: 229, isComposing: false, bubbles: true, cancelable: true }))"""
    await chat.text_area.evaluate(ends)
    await expect(chat.text_area).to_have_value("にほん")
    await expect(chat.messages("customer")).to_have_count(0)


async def test_two_tabs_show_the_same_conversation(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    other = await open_chat(await page.context.new_page(), stack)
    await chat.write("from the first tab")
    await expect(other.messages("customer")).to_have_text(["from the first tab"], timeout=ANSWER_MS)
    await other.write("from the second tab")
    await expect(chat.messages("customer")).to_have_text(
        ["from the first tab", "from the second tab"], timeout=ANSWER_MS
    )


async def _continue_after(event: asyncio.Event, route: Route) -> None:
    """Hold a request back until `event`: an answer is often quicker than the next key."""
    await event.wait()
    await route.continue_()


async def test_an_answer_to_a_closed_chat_is_counted_on_the_launcher(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    closed = asyncio.Event()
    await page.route(MESSAGES, lambda route: _continue_after(closed, route))
    await chat.write(HOW_TO)
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("button", name="Open support chat")).to_be_visible()
    closed.set()
    await expect(page.locator(".badge")).to_be_visible(timeout=ANSWER_MS)
    await expect(page.get_by_role("button", name=re.compile(r"Open support chat, \d+ new message"))).to_be_visible()


async def test_a_text_over_the_limit_is_held_back_and_said(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    await chat.text_area.fill("x" * 9_500)
    await expect(chat.inside.get_by_text("9,500 of 10,000 characters")).to_be_visible()
    await chat.text_area.fill("x" * 10_003)
    await expect(chat.inside.get_by_text("3 characters too long")).to_be_visible()
    await expect(chat.button("Send")).to_be_disabled()
    await chat.text_area.press("Enter")
    await expect(chat.log.locator(".message")).to_have_count(0)
    await expect(chat.text_area).to_have_value("x" * 10_003)


async def test_shift_enter_makes_a_new_line_and_the_area_grows(page: Page, stack: RunningStack) -> None:
    chat = await open_chat(page, stack)
    low = await chat.text_area.bounding_box()
    await chat.text_area.press_sequentially("one")
    await chat.text_area.press("Shift+Enter")
    await chat.text_area.press_sequentially("two")
    await expect(chat.text_area).to_have_value("one\ntwo")
    high = await chat.text_area.bounding_box()
    assert low
    assert high
    assert high["height"] > low["height"] + 10
