"""The chat when something fails on the way to the running stack: nothing lost, nothing repeated, all of it said."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager

import httpx
import pytest
from playwright.async_api import Browser, Page, Route, expect

from tests.support.running_stack import RunningStack, eventually
from tests.widget.browsing import Chat, open_widget

pytestmark = [pytest.mark.stack, pytest.mark.e2e, pytest.mark.asyncio(loop_scope="session")]

MESSAGES = "**/api/conversations/*/messages"
EVENTS = "**/api/conversations/*/events*"
ANSWER_MS = 30_000
Handler = Callable[[Route], Awaitable[None]]


def first(times: int, trouble: Handler) -> Handler:
    """``trouble`` for the first calls that send something, after that the real server."""
    left = times

    async def handle(route: Route) -> None:
        nonlocal left
        if route.request.method == "POST" and left > 0:
            left -= 1
            await trouble(route)
        else:
            await route.continue_()

    return handle


async def lose_the_answer(route: Route) -> None:
    """The server takes the message, the customer never hears so."""
    await route.fetch()
    await route.abort("connectionreset")


def refuse(status: int, retry_after: str = "", message: str = "") -> Handler:
    async def handle(route: Route) -> None:
        body = {"error": {"code": "test", "message": message}}
        headers = {"Retry-After": retry_after} if retry_after else {}
        await route.fulfill(status=status, json=body, headers=headers)

    return handle


async def stored(page: Page) -> list[str]:
    """The customer's messages as the server holds them."""
    frame = next(frame for frame in page.frames if frame.url.endswith("/widget/"))
    texts: list[str] = await frame.evaluate(
        """async () => {
            const value = (key) => JSON.parse(localStorage.getItem(`techref.v1.guest.${key}`));
            const id = value("current");
            const answer = await fetch(`/api/conversations/${id}/messages?after_seq=0`,
                { headers: { Authorization: `Bearer ${value(`token.${id}`).token}` } });
            return (await answer.json()).messages.filter((m) => m.author === "customer").map((m) => m.text);
        }"""
    )
    return texts


async def all_sent(chat: Chat, texts: list[str]) -> None:
    await expect(chat.inside.locator(".from-customer:not(.unsent) .bubble")).to_have_text(texts, timeout=ANSWER_MS)
    await expect(chat.inside.locator(".unsent")).to_have_count(0)
    assert await stored(chat.page) == texts


async def test_a_message_whose_answer_was_lost_is_stored_once(page: Page, stack: RunningStack) -> None:
    await page.route(MESSAGES, first(2, lose_the_answer))
    chat = await open_widget(page, stack.url)
    await chat.write("only once")
    await all_sent(chat, ["only once"])


async def test_four_quick_messages_arrive_in_order_through_a_restart(page: Page, stack: RunningStack) -> None:
    await page.route(MESSAGES, first(2, refuse(503)))
    chat = await open_widget(page, stack.url)
    texts = ["one", "two", "three", "four"]
    for text in texts:
        await chat.write(text)
    await expect(chat.inside.get_by_text("Not sent yet. It is kept on this device")).to_be_visible()
    await all_sent(chat, texts)


async def test_a_busy_server_is_said_in_words_and_its_pause_is_kept(page: Page, stack: RunningStack) -> None:
    await page.route(MESSAGES, first(1, refuse(429, retry_after="20")))
    chat = await open_widget(page, stack.url)
    await chat.write("patience")
    note = chat.inside.locator(".unsent-note")
    await expect(note).to_contain_text("the server asks for 20 s of patience")
    await expect(note).to_contain_text("Next try in")
    await asyncio.sleep(2)
    await expect(note).to_be_visible()
    await chat.button("Send again: patience").click()
    await all_sent(chat, ["patience"])


@contextmanager
def messages_a_minute(stack: RunningStack, number: int) -> Iterator[None]:
    """The running stack with this limit, set as an operator does."""
    file, client = stack.home / "support.yml", httpx.Client(base_url=stack.url, trust_env=False, timeout=30)
    before = file.read_text(encoding="utf-8") if file.exists() else None
    file.write_text(f"{before or ''}\nlimits: {{messages_per_minute: {number}}}\n", encoding="utf-8")

    def refuses() -> bool:
        opened = client.post("/api/conversations", json={}).json()
        address = f"/api/conversations/{opened['conversation_id']}/opened-cards"
        headers = {"Authorization": f"Bearer {opened['token']}"}
        return any(client.post(address, json={}, headers=headers).status_code == 429 for _ in range(number + 1))

    try:
        eventually(refuses, 30, "the taking up of a lower limit")
        yield
    finally:
        if before is None:
            file.unlink()
        else:
            file.write_text(before, encoding="utf-8")
        eventually(lambda: not refuses(), 30, "the taking up of the old limit")
        client.close()


async def test_a_customer_over_the_real_limit_is_notified_and_loses_nothing(page: Page, stack: RunningStack) -> None:
    texts = [f"message {number}" for number in range(8)]
    with messages_a_minute(stack, 6):
        chat = await open_widget(page, stack.url)
        for text in texts:
            await chat.write(text)
        # On a slow machine several still wait behind the one that was refused.
        refused = chat.inside.locator(".unsent-note").filter(has_text="of patience")
        await expect(refused).to_be_visible(timeout=ANSWER_MS)
        # Nobody presses anything.
        await all_sent(chat, texts)


async def test_a_refused_message_waits_for_a_decision_and_the_next_one_passes(page: Page, stack: RunningStack) -> None:
    await page.route(MESSAGES, first(1, refuse(422, message="That cannot be taken.")))
    chat = await open_widget(page, stack.url)
    await chat.write("refused")
    await expect(chat.inside.get_by_text("Not sent. That cannot be taken.")).to_be_visible()
    await chat.write("accepted")
    await expect(chat.inside.locator(".from-customer:not(.unsent) .bubble")).to_have_text(
        ["accepted"], timeout=ANSWER_MS
    )
    await page.reload()
    chat = await open_widget(page, stack.url)
    await chat.button("Take back and edit: refused").click()
    await expect(chat.text_area).to_have_value("refused")
    await expect(chat.inside.locator(".unsent")).to_have_count(0)
    await chat.write("now fine")
    await all_sent(chat, ["accepted", "now fine"])


async def test_an_unsent_message_can_be_deleted(page: Page, stack: RunningStack) -> None:
    await page.route(MESSAGES, first(1, refuse(503, retry_after="600")))
    chat = await open_widget(page, stack.url)
    await chat.write("never mind")
    await chat.button("Delete unsent message: never mind").click()
    await expect(chat.inside.locator(".unsent")).to_have_count(0)
    await chat.write("this instead")
    await all_sent(chat, ["this instead"])


async def test_what_was_written_offline_outlives_a_reload_and_is_sent_later(page: Page, stack: RunningStack) -> None:
    chat = await open_widget(page, stack.url)
    await chat.write("online")
    await all_sent(chat, ["online"])
    await page.route("**/api/**", lambda route: route.abort("internetdisconnected"))
    for text in ("offline one", "offline two"):
        await chat.write(text)
    await expect(chat.inside.locator(".unsent")).to_have_count(2)
    await page.reload()
    chat = await open_widget(page, stack.url)
    await expect(chat.inside.locator(".unsent .bubble")).to_have_text(["offline one", "offline two"])
    await page.unroute("**/api/**")
    await page.frames[1].evaluate("dispatchEvent(new Event('online'))")
    await all_sent(chat, ["online", "offline one", "offline two"])


async def test_a_lost_stream_is_said_and_made_good(page: Page, stack: RunningStack) -> None:
    chat = await open_widget(page, stack.url)
    await page.route(EVENTS, lambda route: route.abort("connectionreset"))
    await chat.write("hello")
    await expect(chat.inside.get_by_text("The connection is lost.")).to_be_visible(timeout=ANSWER_MS)
    # Even without a stream, each try fetches what there is.
    await expect(chat.messages("assistant").first).to_be_visible(timeout=ANSWER_MS)
    await page.unroute(EVENTS)
    await page.frames[1].evaluate("dispatchEvent(new Event('online'))")
    await expect(chat.inside.get_by_text("The connection is lost.")).to_be_hidden(timeout=ANSWER_MS)
    count = await chat.messages("assistant").count()
    await chat.write("hello again")
    await expect(chat.messages("assistant").nth(count)).to_be_visible(timeout=ANSWER_MS)


async def test_an_expired_token_starts_a_new_conversation_and_keeps_the_words(page: Page, stack: RunningStack) -> None:
    chat = await open_widget(page, stack.url)
    await chat.write("long ago")
    await all_sent(chat, ["long ago"])
    frame = page.frames[1]
    await frame.evaluate(
        """() => {
            const id = JSON.parse(localStorage.getItem("techref.v1.guest.current"));
            const expired = { token: "expired", used_at: Date.now() };
            localStorage.setItem(`techref.v1.guest.token.${id}`, JSON.stringify(expired));
        }"""
    )
    await page.route("**/api/conversations/*/events*", lambda route: route.abort())
    await chat.write("do not lose me")
    await expect(chat.inside.get_by_text("Your earlier conversation had ended on this device")).to_be_visible(
        timeout=ANSWER_MS
    )
    await all_sent(chat, ["do not lose me"])


async def test_a_blocked_storage_is_said_and_the_chat_works_from_memory(browser: Browser, stack: RunningStack) -> None:
    context = await browser.new_context()
    await context.add_init_script(
        "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });"
    )
    chat = await open_widget(await context.new_page(), stack.url)
    await expect(chat.inside.get_by_text("This browser does not let the chat store anything")).to_be_visible()
    await chat.write("from memory")
    await expect(chat.inside.locator(".from-customer:not(.unsent) .bubble")).to_have_text(
        ["from memory"], timeout=ANSWER_MS
    )
    await expect(chat.messages("assistant").first).to_be_visible(timeout=ANSWER_MS)
    await context.close()
