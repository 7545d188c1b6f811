"""Every kind of event that Slack sends, replayed over HTTP: what becomes a message, and of whom."""

import asyncio

import pytest
from sqlalchemy import select, update

from bot.services.conversation import attachments, lifecycle
from bot.services.core.topics import DESK
from bot.services.intake import draft
from bot.store.tables import Attachment, ChannelUser, Customer, InboundEvent, Message, SlackWorkspace
from tests.channels.slack.conftest import Slack, captured
from tests.support.gateway_fixture import eventually


async def customer_of(slack: Slack, user_id: str) -> Customer:
    async with slack.gateway.ctx.db.read() as session:
        found = await session.scalar(
            select(Customer)
            .join(ChannelUser, ChannelUser.customer_id == Customer.id)
            .where(ChannelUser.user_id == user_id)
        )
    assert found is not None
    return found


async def events(slack: Slack) -> int:
    async with slack.gateway.ctx.db.read() as session:
        return len(list(await session.scalars(select(InboundEvent.id))))


async def test_a_direct_message_opens_a_conversation_and_the_next_goes_on_with_it(slack: Slack) -> None:
    await slack.event("message_im")
    await slack.event("message_me")
    texts = [text for _, text in await slack.written()]
    assert texts == ["it crashes when I print an invoice", "wonders why it crashes"]
    (thread,) = await slack.threads()
    assert (thread.thread, thread.shared) == ("D0DIRECT", False)


async def test_the_name_is_asked_for_afterwards_and_put_on_the_message(slack: Slack) -> None:
    await slack.event("message_im")

    async def named() -> bool:
        return (await slack.written())[0][0] == "Kim"

    await eventually(named)
    assert (await customer_of(slack, "U1KIM")).name == "Kim"


async def test_a_thread_in_a_direct_message_goes_on_with_the_conversation_of_its_first_message(slack: Slack) -> None:
    await slack.event("message_im")
    await slack.event("message_im_in_thread")
    assert [text for _, text in await slack.written()][1] == "and it is urgent"
    (thread,) = await slack.threads()
    assert thread.reference["thread_ts"] == "1750170000.000100"


async def test_a_mention_and_its_twin_are_one_message_in_either_order(slack: Slack) -> None:
    await slack.event("message_twin_of_the_mention")
    await slack.event("app_mention")
    await slack.event("app_mention")
    assert [text for _, text in await slack.written()] == ["it crashes when I print an invoice"]
    assert await events(slack) == 1


async def test_a_retry_is_not_dropped_and_not_doubled(slack: Slack) -> None:
    body = captured("message_im")
    for retry in range(3):
        await slack.event({**body, "event_id": f"Ev{retry}"})
    assert await events(slack) == 1


async def test_two_people_in_a_thread_are_distinguished(slack: Slack) -> None:
    await slack.event("app_mention")
    await slack.event("message_in_channel_thread")
    await slack.event("message_thread_broadcast")

    async def named() -> bool:
        return [who for who, _ in await slack.written()] == ["Kim", "Lee", "Kim"]

    await eventually(named)
    (thread,) = await slack.threads()
    assert (thread.thread, thread.shared) == ("C0GENERAL:1750170100.000200", True)


async def test_a_mention_without_a_word_is_a_greeting(slack: Slack) -> None:
    await slack.event("app_mention_bare")
    assert [text for _, text in await slack.written()] == ["Hello"]


async def test_a_mention_in_a_group_conversation_opens_one(slack: Slack) -> None:
    await slack.event("message_in_group_conversation")
    assert [text for _, text in await slack.written()] == ["it crashes"]


@pytest.mark.parametrize(
    "name",
    [
        "message_among_people",
        "message_in_private_channel_thread",
        "our_own_message",
        "bot_message",
        "slackbot",
        "channel_join",
        "channel_topic",
        "reaction_added",
        "message_changed",
        "message_deleted",
        "message_tombstone",
        "app_uninstalled",
        "tokens_revoked",
    ],
)
async def test_what_is_no_customers_word_to_us_opens_nothing(slack: Slack, name: str) -> None:
    await slack.event(name)
    assert await slack.threads() == [] and await events(slack) == 0


async def test_an_event_of_no_workspace_is_acknowledged_and_means_nothing(slack: Slack) -> None:
    envelope = captured("message_im", slack.fake)
    await slack.event({**envelope, "team_id": None, "authorizations": []})
    assert await slack.threads() == [] and await events(slack) == 0


@pytest.mark.parametrize("name", ["our_own_message", "bot_message", "slackbot", "channel_join", "channel_topic"])
async def test_programs_are_ignored_in_our_threads_either(slack: Slack, name: str) -> None:
    await slack.event("app_mention")
    await slack.event("message_im")
    before = await events(slack)
    await slack.event(name)
    assert await events(slack) == before


async def test_formatting_links_and_entities_become_our_notation(slack: Slack) -> None:
    await slack.event("message_formatted")
    ((_, text),) = await slack.written()
    assert text == (
        "**Quillbook** says _error_ ~~412~~ & stops: see [the log](https://brightsons.example/log?a=1&b=2), "
        "write to kim@brightsons.example or 555-0100. `a*b*c` if x < 3"
    )


async def test_in_a_shared_channel_the_writers_own_company_decides_the_contract(slack: Slack) -> None:
    await slack.event("app_mention_shared_channel")
    noor = await customer_of(slack, "U7OUTSIDE")
    assert (noor.name, noor.contract_number, noor.contract_proof) == ("Noor", "C-CUSTOMER", "slack_workspace")


async def test_where_slack_does_not_say_whose_it_is_the_hosts_contract_is_not_taken(slack: Slack) -> None:
    await slack.event("app_mention_shared_channel_without_team")
    assert (await customer_of(slack, "U8STRANGER")).contract_number is None


async def test_in_our_own_workspace_a_message_without_a_team_is_of_that_workspace(slack: Slack) -> None:
    await slack.event("message_im", team=None)
    assert (await customer_of(slack, "U1KIM")).contract_number == "C-HOST"


async def test_an_app_installed_for_a_whole_organisation_answers_with_its_token(slack: Slack) -> None:
    await slack.event("message_im_enterprise")
    (thread,) = await slack.threads()
    assert thread.reference["installation"] == "E0ORG"


async def files_of(slack: Slack) -> list[Attachment]:
    async with slack.gateway.ctx.db.read() as session:
        return list(await session.scalars(select(Attachment)))


@pytest.mark.parametrize("name", ["message_file_share", "message_file_only"])
async def test_a_file_is_fetched_with_our_token_after_the_message_was_stored(slack: Slack, name: str) -> None:
    slack.fake.downloads["F0PICTURE"] = b"\x89PNG\r\n\x1a\n" + b"0" * 62
    await slack.event(name)

    async def kept() -> bool:
        return bool((await slack.transcript())[0]["attachments"])

    await eventually(kept)
    (file,) = await files_of(slack)
    stored = await attachments.find_attachment(slack.gateway.ctx, await slack.conversation(), file.id)
    assert (file.name, file.content_type) == ("error.png", "image/png")
    assert stored.path.read_bytes() == slack.fake.downloads["F0PICTURE"]


async def test_a_file_of_another_company_is_asked_for_first(slack: Slack) -> None:
    slack.fake.downloads["F0PICTURE"] = b"text"
    await slack.event("app_mention_shared_channel")
    await slack.event("message_file_of_another_company")

    async def kept() -> bool:
        return len(await files_of(slack)) == 1

    await eventually(kept)
    assert [file.name for file in await files_of(slack)] == ["error.txt"]


async def test_our_token_never_goes_to_a_foreign_host_and_the_customer_is_informed(slack: Slack) -> None:
    file = {"id": "F1", "name": "x.png", "url_private_download": "https://evil.example/x.png", "mode": "hosted"}
    await slack.event("message_file_share", files=[file])
    await slack.hears("That file was not kept")
    assert await files_of(slack) == []


async def test_a_forwarded_message_and_a_file_kept_elsewhere_are_words_too(slack: Slack) -> None:
    await slack.event("message_forwarded")
    await slack.event("message_file_elsewhere")
    assert [text for _, text in await slack.written()] == [
        "can you look at this?\nthe **export** stops at 50 %",
        "[Export settings](https://docs.example/d/1)",
    ]
    assert await files_of(slack) == []


async def test_edits_and_deletions_are_recorded_and_shown_to_the_technician(slack: Slack) -> None:
    await slack.event("message_im")
    for name in ("message_changed", "message_changed", "message_changed_preview_only"):
        await slack.event(name)
    await slack.event("message_deleted")
    await slack.event("message_tombstone")
    changes = await slack.changes()
    assert [(one["kind"], one["text"]) for one in changes] == [
        ("edited", "it crashes when I print any page"),
        ("deleted", None),
    ]
    boss = await slack.gateway.technician("Boss", "admin")
    told = (await boss.get(f"conversations/{await slack.conversation()}/messages")).json()
    assert told["changes"] == changes
    assert told["messages"][0]["text"] == "it crashes when I print an invoice"


async def test_an_edited_answer_is_corrected_in_the_thread_that_it_was_written_in(slack: Slack) -> None:
    slack.gateway.ctx.work = lambda _: None
    await slack.event("message_im")
    ctx, conversation_id = slack.gateway.ctx, await slack.conversation()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        begun = await draft.begin_draft(session, ctx, conversation)
        message = (await session.scalars(select(Message))).one()
        await draft.add_to_problem(session, begun, message.text, ctx.clock(), message.id)
        await session.execute(update(InboundEvent).values(status="done"))
    await slack.event("message_changed")
    told = await slack.hears("it crashes when I print any page")
    assert told["channel"] == "D0DIRECT" and "You edited your message" in told["text"]


async def test_a_card_number_is_removed_before_it_is_stored(slack: Slack) -> None:
    await slack.writes("card 4111 1111 1111 1111", 1)
    ((_, text),) = await slack.written()
    assert "4111" not in text
    await slack.hears("card number")


async def test_a_removed_app_leaves_no_token(slack: Slack) -> None:
    ctx = slack.gateway.ctx
    for name in ("app_uninstalled", "tokens_revoked"):
        async with ctx.db.write() as session:
            session.add(SlackWorkspace(id="T0HOST", name="x", token="sealed", installed_at=ctx.clock()))
        await slack.event(name)
        async with ctx.db.read() as session:
            assert await session.get(SlackWorkspace, "T0HOST") is None


async def test_while_a_technician_has_it_no_turn_is_run_and_the_desk_shows_the_message(slack: Slack) -> None:
    await slack.event("message_im")
    await slack.writes("kim@brightsons.example", 2)
    await slack.hears("TR-")
    anna = await slack.gateway.technician("Anna")
    (waiting,) = (await anna.get("handoffs", state="waiting")).json()["handoffs"]
    claimed = await anna.post(f"handoffs/{waiting['id']}/claim")
    assert claimed.status_code == 200
    await slack.writes("it happens on every printer", 3)

    async def worked() -> bool:
        async with slack.gateway.ctx.db.read() as session:
            return await session.scalar(select(InboundEvent).where(InboundEvent.status == "pending")) is None

    await eventually(worked)
    seen = (await anna.get(f"conversations/{waiting['conversation_id']}/messages")).json()["messages"]
    assert (seen[-1]["author_name"], seen[-1]["text"]) == ("Kim", "it happens on every printer")
    assert DESK == "desk"


async def test_the_answer_is_acknowledged_while_the_channels_own_api_hangs(slack: Slack) -> None:
    """The name is asked for afterwards: storing does not wait for Slack."""
    slack.fake.slow_seconds = 5
    began = asyncio.get_running_loop().time()
    await slack.event("message_im")
    assert asyncio.get_running_loop().time() - began < 3
