"""Why the assistant said something: the decisions of a conversation's turns, for who may read its messages."""

import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, ViewportSize, expect
from sqlalchemy import select

from bot.services.conversation import lifecycle, transcript
from bot.store.tables import Turn
from tests.support.browser_windows import signed_in
from tests.support.decided_turn import READ, decided
from tests.support.gateway_fixture import Case, Gateway, eventually

WHY = "Why did it say that?"
FIELDS = {
    "seq",
    "at",
    "read_by",
    "intent",
    "confidence",
    "evidence",
    "rule",
    "commands",
    "result",
    "milliseconds",
    "replies",
    "marked",
}


async def answered(gateway: Gateway, case: Case, text: str) -> None:
    """Write ``text``, and wait until the rules have answered; there is no engine."""
    await case.write(text)

    async def has_turn() -> bool:
        async with gateway.ctx.db.read() as session:
            return await session.scalar(select(Turn.id).where(Turn.conversation_id == case.conversation_id)) is not None

    await eventually(has_turn)


async def test_the_desk_reads_how_each_turn_was_decided_and_nobodys_words(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await decided(gateway, case, "Choose File, then Print.", "Did that help?")
    await decided(gateway, case, "Welcome back.", message=False, rule="a technician gave it back", evidence=[])
    answer = await anna.get(f"conversations/{case.conversation_id}/turns")
    assert answer.headers["cache-control"] == "no-store"
    first, second = answer.json()["turns"]
    messages = {message["seq"]: message for message in (await anna.about(case, "/messages"))["messages"]}
    assert set(first) == FIELDS and "secret" not in answer.text and "Choose" not in answer.text
    assert messages[first["seq"]]["text"] == "secret words"
    assert [messages[seq]["text"] for seq in first["replies"]] == ["Choose File, then Print.", "Did that help?"]
    assert first["at"] == messages[first["replies"][0]]["created_at"]
    assert {name: first[name] for name in READ} == READ and first["read_by"] == "engine"
    assert (second["seq"], second["read_by"], second["intent"]) == (None, "nobody", None)
    assert [messages[seq]["text"] for seq in second["replies"]] == ["Welcome back."]


async def test_a_turn_without_the_engine_is_explained_as_one_of_the_rules(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await answered(gateway, case, "it is version 8.2")
    (turn,) = (await anna.about(case, "/turns"))["turns"]
    assert turn["read_by"] == "rules" and turn["result"] == "rules: done (unreachable)"
    assert turn["rule"] == "not read: waiting"


async def test_who_may_not_read_the_messages_may_not_read_the_turns(gateway: Gateway) -> None:
    anna, boss = await gateway.technician("Anna"), await gateway.technician("Bo", "supervisor")
    opened = (await gateway.browser().post("/api/conversations", json={})).json()["conversation_id"]
    refused = [await anna.get(f"conversations/{opened}/{what}") for what in ("messages", "turns")]
    assert [answer.status_code for answer in refused] == [404, 404] and refused[0].json() == refused[1].json()
    assert (await boss.get(f"conversations/{opened}/turns")).json() == {"turns": []}
    assert (await gateway.browser().get(f"/desk/api/conversations/{opened}/turns")).status_code == 401


def whys(page: Page) -> Any:
    return page.locator("details.why")


@pytest.mark.e2e
@pytest.mark.parametrize("width", [1280, 360])
async def test_a_reply_is_explained_by_keyboard_alone(gateway: Gateway, chromium: Browser, width: int) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    await decided(gateway, case, "Choose File, then Print.", "Did that help?")
    await decided(gateway, case, "Welcome back.", message=False, rule="a technician gave it back", evidence=[])
    window = await signed_in(chromium, gateway, anna, viewport=ViewportSize(width=width, height=740))
    await window.open(case)
    page = window.page
    if width == 360:
        await page.get_by_role("tab", name="Chat").click()
    await expect(whys(page)).to_have_count(2)  # one for each turn, below the last it said
    reply = page.locator(".entry", has_text="Did that help?")
    await reply.get_by_text(WHY).focus()
    await page.keyboard.press("Enter")
    await expect(reply.locator("dl")).to_be_visible()
    facts = reply.locator(".fact")
    await expect(facts.nth(0)).to_have_text(re.compile(r"In answer tothe message of \d\d:\d\d"))
    await expect(facts.nth(1)).to_have_text("Read bythe engine")
    await expect(facts.nth(2)).to_have_text("Understood ashow to 0.87")
    await expect(facts.nth(3)).to_have_text("Evidencemanual 0.71 confident")
    await expect(facts.nth(4)).to_have_text("Rulehow do I")
    await expect(facts.nth(5)).to_have_text("Didrecord search, expect, say")
    await expect(facts.nth(6)).to_have_text("Resultdone")
    await expect(facts.nth(7)).to_have_text("Took41 ms")
    assert await page.evaluate("document.documentElement.scrollWidth") <= width
    await page.keyboard.press("Enter")
    await expect(reply.locator("dl")).to_be_hidden()
    event = page.locator(".entry", has_text="Welcome back.")
    await event.get_by_text(WHY).click()
    await expect(event.locator("dl")).to_contain_text("an event without a message")
    assert window.complaints == []


@pytest.mark.e2e
async def test_a_reply_that_arrives_is_explained_too_and_a_failure_can_be_tried_again(
    gateway: Gateway, chromium: Browser
) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    window = await signed_in(chromium, gateway, anna)
    await window.open(case)
    page = window.page
    await answered(gateway, case, "it is version 8.2")
    why = whys(page).last
    await page.route("**/turns", lambda route: route.abort())
    await why.get_by_text(WHY).click()
    await expect(why).to_contain_text("Open it again to try once more")
    await page.unroute("**/turns")
    await why.get_by_text(WHY).click()
    await why.get_by_text(WHY).click()
    await expect(why.locator("dl")).to_contain_text("not read: waiting")
    window.complaints.clear()  # the browser notes the call that was cut off


@pytest.mark.e2e
async def test_a_reply_without_a_turn_says_so(gateway: Gateway, chromium: Browser) -> None:
    anna, case = await gateway.hire("Anna"), await gateway.case()
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, case.conversation_id, lock=True)
        await transcript.say(
            session, conversation, gateway.clock(), "Long ago.", author="assistant", author_name="Quill"
        )
    window = await signed_in(chromium, gateway, anna)
    await window.open(case)
    await window.page.get_by_text(WHY).click()
    await expect(window.page.locator("details.why")).to_contain_text("No decision is recorded")
    assert window.complaints == []
