"""What the desk shows of Slack and Teams: edits and deletions, files that come later, messages that did not arrive."""

import pytest
from playwright.async_api import Browser, expect
from sqlalchemy import select

from bot.services.channel import arrivals, incoming_files, message_changes
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import Person
from bot.services.channel.incoming_files import SentFile
from bot.services.conversation import lifecycle, transcript
from bot.store.tables import Conversation, OutboxItem
from tests.support.browser_windows import Window
from tests.support.gateway_fixture import Gateway

pytestmark = pytest.mark.e2e


async def from_slack(gateway: Gateway, source_id: str, text: str, person: str, *files: SentFile) -> str:
    place = Place("T", "C:1", {"channel": "C", "installation": "T", "team": "T", "thread_ts": "1"}, shared=True)
    arrived = await arrivals.arrive(
        gateway.ctx, Arrival("slack", source_id, place, Person("T", person, person), text, files=files)
    )
    assert arrived is not None
    return arrived.conversation_id


async def test_marks_of_a_conversation_in_slack_and_sending_again(chromium: Browser, gateway: Gateway) -> None:
    ctx = gateway.ctx
    ctx.work = lambda _: None
    conversation_id = await from_slack(gateway, "T:C:1", "it crashes", "Kim", SentFile("log.txt", {"file": "F1"}))
    await from_slack(gateway, "T:C:2", "for me too", "Lee")
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        await transcript.say(session, conversation, ctx.clock(), "Which version?", author_name="Quill")
    async with ctx.db.write() as session:
        delivery = await session.scalar(select(OutboxItem.id))
        (await session.get_one(OutboxItem, delivery)).state = "failed"
    boss = await gateway.hire("Boss", "supervisor")
    window = Window(await chromium.new_page(), gateway.address)
    await window.sign_in(boss)
    page = window.page
    await page.goto(f"{gateway.address}/desk/conversations/{conversation_id}")
    log = page.get_by_role("log")
    await expect(log).to_contain_text("Kim")
    await expect(log).to_contain_text("Lee")
    await expect(log.get_by_text("The file log.txt is being fetched")).to_be_visible()
    assert await message_changes.record_change(ctx, "slack", "T:C:1", "e", "it crashes <b>always</b>")
    await expect(log.get_by_text("It says now: it crashes <b>always</b>")).to_be_visible()
    file = await incoming_files.claim_file(ctx, "slack")
    assert file is not None
    await incoming_files.keep_file(ctx, file, b"the log")
    await expect(log.get_by_role("link", name="log.txt")).to_be_visible()
    await expect(log.get_by_text("Not delivered to Slack")).to_be_visible()
    await log.get_by_role("button", name="Send again").click()
    await expect(log.get_by_text("Not delivered to Slack")).to_have_count(0)
    assert window.complaints == []
    async with ctx.db.read() as session:
        assert (await session.get_one(Conversation, conversation_id)).channel == "slack"
