"""What we say and how it reaches Teams: in order, once, whole, under Microsoft's limits and through its refusals."""

import json
import re
from typing import Any

from sqlalchemy import select, update

from bot.dialogue.draft import CONTACT
from bot.services.channel import receive
from bot.services.conversation import attachments, lifecycle, transcript
from bot.services.core.input_text import TEXT_LIMIT
from bot.services.intake import draft
from bot.services.outbox.items import MESSAGE
from bot.store.tables import Attachment, ChannelThread, Conversation, Message, OutboxItem
from tests.channels.teams.conftest import Teams
from tests.support.fake_microsoft import ACTIVITY_BYTES, Failure, FakeMicrosoft
from tests.support.gateway_fixture import Gateway, eventually

LONG = "This is one sentence of a report that goes on and on. " * 180


async def only_conversation(gateway: Gateway) -> str:
    async with gateway.ctx.db.read() as session:
        (found,) = await session.scalars(select(Conversation.id))
    return str(found)


async def say(gateway: Gateway, *texts: str, author: str = "assistant", name: str = "Assistant", **fields: Any) -> None:
    """Let us say something in the only conversation, each text by itself."""
    for text in texts:
        await say_at_once(gateway, {"text": text, "author": author, "author_name": name, **fields})


async def say_at_once(gateway: Gateway, *messages: dict[str, Any]) -> None:
    """Let us say several things in one transaction, as a turn does."""
    conversation_id = await only_conversation(gateway)
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        for message in messages:
            fields = {"author": "assistant", "author_name": "Assistant", **message}
            await transcript.say(session, conversation, gateway.ctx.clock(), **fields)
    gateway.ctx.wake(conversation_id)


def chat_of(teams: Teams, name: str = "personal_message") -> str:
    return str(teams.activity(name)["conversation"]["id"])


async def states(gateway: Gateway) -> list[tuple[str, str | None]]:
    async with gateway.ctx.db.read() as session:
        rows = await session.execute(
            select(OutboxItem.state, OutboxItem.error).where(OutboxItem.kind == MESSAGE).order_by(OutboxItem.id)
        )
        return [(status, error) for status, error in rows]


async def test_messages_arrive_once_and_in_their_order(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    await say(gateway, *(f"number {number}" for number in range(6)))
    await teams.hears(chat_of(teams), "number 5")
    said = [one.text for one in microsoft.said_in(chat_of(teams)) if "number" in one.text]
    assert said == [f"number {number}" for number in range(6)]
    assert microsoft.tokens_given == 1, "one token serves until shortly before its end"


async def test_the_replies_of_a_turn_are_one_activity_with_one_row_of_buttons(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    page = {"title": "Printing", "url": "/manual/printing", "excerpt": "Choose File."}
    await say_at_once(
        gateway,
        {"text": "It is logged as TR-483-920-179.", "reference": "TR-483-920-179"},
        {"text": "These pages may help.", "cards": [page], "choices": [{"title": "Solved", "payload": "/solved"}]},
        {"text": "You are third in the queue.", "author": "system", "author_name": "Company"},
        {"text": "Does it print?", "choices": [{"title": "Yes", "payload": "/a"}, {"title": "No", "payload": "/b"}]},
    )
    sent = await teams.hears(chat_of(teams), "Does it print?")
    await eventually(lambda: _all_sent(gateway))
    assert [one.id for one in microsoft.said_in(chat_of(teams))] == [sent.id]
    assert sent.text == (
        "It is logged as TR-483-920-179.<br><br>These pages may help.<br><br>"
        "You are third in the queue.<br><br>Does it print?"
    )
    assert [button["title"] for button in sent.buttons] == ["Yes", "No"]
    assert "Choose File." in json.dumps(sent.activity["attachments"])


async def test_a_bundle_is_cut_only_where_teams_would_refuse_it_and_loses_nothing(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    texts = [f"{number}: {'some words to say ' * 250}" for number in range(9)]
    choices = [{"title": "Yes", "payload": "/a"}]
    await say_at_once(gateway, *({"text": text, "choices": choices} for text in texts))
    await teams.hears(chat_of(teams), '"Yes"')
    await eventually(lambda: _all_sent(gateway))
    sent = microsoft.said_in(chat_of(teams))
    assert 1 < len(sent) < len(texts)
    whole = " ".join(one.text.replace("<br>", " ") for one in sent)
    assert whole.split() == " ".join(texts).split()
    assert [len(one.buttons) for one in sent] == [0] * (len(sent) - 1) + [1]


async def test_what_concerns_one_person_is_in_no_bundle_that_others_read(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("channel_message")
    kim = teams.activity("channel_message")["from"]
    await say_at_once(
        gateway,
        {"text": "It is logged."},
        {"text": "That costs $95 an hour.", "private": True},
        {"text": "Your address?", "private": True},
        {"text": "Which version?"},
    )
    thread = chat_of(teams, "channel_message")
    await teams.hears(thread, "Which version?")
    assert not [one for one in microsoft.said_in(thread) if "$95" in one.text or "address" in one.text]
    personal = [one.text for one in microsoft.said_in(f"a:personal-{kim['id']}")]
    assert personal == ["That costs $95 an hour.<br><br>Your address?"]


async def test_an_activity_of_ours_says_who_speaks_and_about_which_issue(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    await say(
        gateway,
        "I'm <b>Anna</b>.\n<at>Everyone</at> look: https://x.example/a?b=1",
        author="technician",
        name="Anna <Meyer>",
        reference="TR-483-920-179",
    )
    sent = await teams.hears(chat_of(teams), "Anna")
    assert sent.activity["textFormat"] == "xml"
    assert sent.text == (
        "<i>TR-483-920-179</i><br><b>Anna &lt;Meyer&gt;</b><br>I'm &lt;b&gt;Anna&lt;/b&gt;.<br>"
        '&lt;at&gt;Everyone&lt;/at&gt; look: <a href="https://x.example/a?b=1">https://x.example/a?b=1</a>'
    )
    assert not sent.activity.get("entities") and not sent.activity.get("attachments")


async def test_pages_and_choices_are_a_card_with_words_for_those_who_see_none(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    pages = [{"title": "Print *again*", "url": "/manual/printing#again", "excerpt": "[Choose](x) **File** > Print"}]
    choices = [{"title": title, "payload": "/affirm"} for title in [f"Choice {number}" for number in range(8)]]
    await say(gateway, "The manual has this:", cards=pages, choices=choices)
    sent = await teams.hears(chat_of(teams), "The manual has this:")
    (attachment,) = sent.activity["attachments"]
    card = attachment["content"]
    assert attachment["contentType"] == "application/vnd.microsoft.card.adaptive"
    address = f"{gateway.address}/manual/printing#again"
    page, *sets = card["body"]
    (title,), (excerpt,) = (item["inlines"] for item in page["items"])
    assert (title["text"], title["selectAction"]["url"], excerpt["text"]) == (
        "Print *again*",
        address,
        "[Choose](x) **File** > Print",
    )
    assert all(one["type"] == "TextRun" for one in (title, excerpt)), "Markdown in a page is not read"
    assert [len(one["actions"]) for one in sets] == [6, 2]
    assert all(words in card["fallbackText"] for words in ("Choice 7", address))


async def test_a_long_message_is_several_activities_under_the_limit_with_the_card_last(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    text = LONG + "<&>" * 1500 + "é😀" * 1500
    assert len(text) > TEXT_LIMIT
    await say(gateway, text, choices=[{"title": "Yes", "payload": "/affirm"}])
    await teams.hears(chat_of(teams), '"Yes"')
    sent = [
        one
        for one in microsoft.said_in(chat_of(teams))
        if "report" in one.text or "é" in one.text or "&lt;" in one.text
    ]
    assert len(sent) >= 2
    assert all(len(json.dumps(one.activity, ensure_ascii=False).encode()) < ACTIVITY_BYTES for one in sent)
    assert [bool(one.activity.get("attachments")) for one in sent] == [False] * (len(sent) - 1) + [True]
    whole = "".join(one.text for one in sent).replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
    assert re.sub(r"\s", "", whole) == re.sub(r"\s", "", text)


async def test_what_microsoft_finds_too_big_goes_in_smaller_pieces(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    microsoft.failures.append(Failure(413, {"error": {"code": "MessageSizeTooBig"}}))
    await say(gateway, LONG)
    await teams.hears(chat_of(teams), "report")
    await eventually(lambda: _all_sent(gateway))
    sent = [one.text for one in microsoft.said_in(chat_of(teams)) if "report" in one.text]
    assert len(sent) > 1 and " ".join(sent).split() == LONG.split()


async def _all_sent(gateway: Gateway) -> bool:
    return all(status == "sent" for status, _ in await states(gateway))


async def test_a_busy_connector_is_tried_again_and_nothing_overtakes(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    for status in (412, 429, 502, 504):
        headers = {"Retry-After": "1"} if status == 429 else {}
        microsoft.failures.append(Failure(status, {"error": {"code": "Busy"}}, headers))
        await say(gateway, f"{status} first", f"{status} second")
        await teams.hears(chat_of(teams), f"{status} second")
        said = [one.text for one in microsoft.said_in(chat_of(teams)) if one.text.startswith(str(status))]
        assert said == [f"{status} first", f"{status} second"]


async def test_the_pause_that_the_connector_asks_for_is_kept(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    microsoft.failures.append(Failure(429, {}, {"Retry-After": "3600"}))
    await say(gateway, "later")

    async def waits() -> bool:
        return ("queued", "http_429") in await states(gateway)

    await eventually(waits)
    assert not [one for one in microsoft.said_in(chat_of(teams)) if one.text == "later"]
    async with gateway.ctx.db.read() as session:
        next_at = await session.scalar(select(OutboxItem.due_at).where(OutboxItem.error == "http_429"))
    assert next_at is not None and 3500 < (next_at - gateway.ctx.clock()).total_seconds() <= 3600


async def test_a_token_that_is_no_longer_accepted_is_fetched_again(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    await say(gateway, "one")
    await teams.hears(chat_of(teams), "one")
    microsoft.expire_tokens()
    await say(gateway, "two")
    await teams.hears(chat_of(teams), "two")
    assert microsoft.tokens_given == 2


async def test_a_token_is_fetched_before_it_ends(teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft) -> None:
    await teams.says("personal_message")
    await say(gateway, "one")
    await teams.hears(chat_of(teams), "one")
    gateway.clock.advance(minutes=56)
    await say(gateway, "two")
    await teams.hears(chat_of(teams), "two")
    assert microsoft.tokens_given == 2


async def test_without_a_token_a_message_waits(teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft) -> None:
    microsoft.token_failures.extend([500, 503, 401])
    await teams.says("personal_message")
    await say(gateway, "in the end")
    await teams.hears(chat_of(teams), "in the end", seconds=30)


async def test_what_the_connector_refuses_is_marked_at_the_desk_and_can_be_sent_again(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    microsoft.failures.append(Failure(403, {"error": {"code": "BotNotInConversationRoster", "message": "secret text"}}))
    await say(gateway, "refused", "after it")
    await teams.hears(chat_of(teams), "after it")
    assert ("failed", "BotNotInConversationRoster") in await states(gateway)


async def test_no_token_goes_to_a_host_that_is_no_longer_allowed(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    gateway.app.ctx.hub.on_typing = lambda *_: None  # a typing sign would fetch a token while all is well
    await teams.says("personal_message")
    async with gateway.ctx.db.write() as session:
        thread = (await session.scalars(select(ChannelThread))).one()
        await session.execute(
            update(ChannelThread).values(reference={**thread.reference, "service_url": "https://attacker.example/"})
        )
    await say(gateway, "to nobody")

    async def refused() -> bool:
        return ("failed", "service_host_not_allowed") in await states(gateway)

    await eventually(refused)
    assert microsoft.tokens_given == 0


async def test_a_file_is_a_link_that_opens_for_a_day(teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft) -> None:
    await teams.says("personal_message")
    conversation_id = await only_conversation(gateway)
    kept = await attachments.store_attachment(gateway.ctx, conversation_id, "fix [1].txt", b"do this")
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        message = await transcript.say(
            session, conversation, gateway.ctx.clock(), "Here it is.", author="technician", author_name="Anna"
        )
        await receive.attach(session, conversation, message, [kept["attachment_id"]], 1)
    gateway.ctx.wake(conversation_id)
    sent = await teams.hears(chat_of(teams), "Here it is.")
    (address,) = re.findall(r'<a href="([^"]+)">fix \(1\)\.txt</a>', sent.text)
    answer = await gateway.browser().get(address)
    assert answer.content == b"do this" and "attachment" in answer.headers["Content-Disposition"]
    start, _, signature = address.rpartition(".")
    for forged in (f"{start}.{signature[::-1]}", f"{start}.", address.replace(kept["attachment_id"], "0" * 24)):
        assert (await gateway.browser().get(forged)).status_code == 404
    gateway.clock.advance(hours=25)
    expired = await gateway.browser().get(address)
    assert expired.status_code == 404 and "expired" in expired.json()["error"]["message"]


async def test_a_summary_is_a_card_of_plain_lines_under_its_sentences(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    text = "This is what I've noted:\n• Version: 12.2\n• Error: **no** [paper](https://x.example)\nIs that right?"
    await say(gateway, text, choices=[{"title": "That's right", "payload": "/affirm"}])
    sent = await teams.hears(chat_of(teams), "what I've noted")
    assert sent.text == "This is what I've noted:<br>Is that right?"
    (card,) = [attachment["content"] for attachment in sent.activity["attachments"]]
    runs = [run["text"] for block in card["body"][:2] for run in block["inlines"]]
    assert runs == ["Version: ", "12.2", "Error: ", "**no** [paper](https://x.example)"]
    assert "Error: **no** [paper](https://x.example)" in card["fallbackText"]


async def test_what_concerns_one_person_goes_to_their_chat_and_the_thread_is_informed(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("channel_message")
    await teams.says("channel_reply_of_a_colleague")
    kim = teams.activity("channel_message")["from"]
    await say(gateway, "What's your e-mail address?", private=True)
    personal = f"a:personal-{kim['id']}"
    await teams.hears(personal, "e-mail address")
    note = await teams.hears(chat_of(teams, "channel_message"), "so that only you")
    assert note.activity["entities"][0]["mentioned"] == {"id": kim["id"], "name": kim["name"]}
    assert note.text.startswith(f"<at>{kim['name']}</at> ")
    assert not [one for one in microsoft.said_in(chat_of(teams, "channel_message")) if "e-mail address" in one.text]


async def ask_for_contact(gateway: Gateway, asking: str | None = CONTACT) -> None:
    """Let the draft of the only conversation ask how to reach the customer, and let us say so in private."""
    conversation_id = await only_conversation(gateway)
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        begun = await draft.begin_draft(session, gateway.ctx, conversation)
        begun.intake.asking = asking
    await say(gateway, "What's your e-mail address?", private=True)


async def test_an_answer_in_the_personal_chat_belongs_to_the_thread_that_asked(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("channel_message")
    thread = await only_conversation(gateway)
    await ask_for_contact(gateway)
    await teams.hears(chat_of(teams, "channel_message"), "so that only you")
    await teams.says("channel_reply_of_a_colleague")
    await teams.says("personal_message", text="kim@brightson.example", attachments=[])
    await teams.says("personal_message", id="next", text="something else", attachments=[])
    async with gateway.ctx.db.read() as session:
        written = select(Message).where(Message.author == "customer").order_by(Message.id)
        said = [(one.text, one.conversation_id == thread) for one in await session.scalars(written)]
    assert said == [
        ("how do I reprint an invoice?", True),
        ("it crashes for me too", True),
        ("kim@brightson.example", True),
        ("something else", False),
    ]


async def test_what_was_only_informed_in_private_takes_no_answer_to_the_thread(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("channel_message")
    await ask_for_contact(gateway, asking=None)
    await teams.hears(chat_of(teams, "channel_message"), "so that only you")
    await teams.says("personal_message", text="something else", attachments=[])
    async with gateway.ctx.db.read() as session:
        assert len(list(await session.scalars(select(Conversation.id)))) == 2


async def test_somebody_we_may_not_write_to_is_informed_in_the_thread_how_to_open_a_chat(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("channel_message")
    microsoft.unreachable.add(teams.activity("channel_message")["from"]["id"])
    await say(gateway, "That costs $95 an hour.", private=True)
    told = await teams.hears(chat_of(teams, "channel_message"), "for you alone")
    assert "https://teams.microsoft.com/l/chat/0/0?users=28%3A" in told.text
    await eventually(lambda: _all_sent(gateway))
    assert not [one for one in microsoft.sent if "$95" in one.text]


async def test_typing_is_shown(teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft) -> None:
    await teams.says("personal_message")
    gateway.app.ctx.hub.typing(await only_conversation(gateway), "assistant", "Assistant", True)

    async def shown() -> bool:
        return chat_of(teams) in microsoft.typing

    await eventually(shown)


async def kept_files(gateway: Gateway) -> list[tuple[str, int | None]]:
    async with gateway.ctx.db.read() as session:
        rows = await session.execute(select(Attachment.name, Attachment.message_id).order_by(Attachment.name))
        return [(name, message) for name, message in rows]


async def test_files_and_pictures_are_fetched_and_put_on_their_message(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    microsoft.files["/files/print.log"] = b"error 3021"
    microsoft.files["/emea/v3/attachments/0-neu-d1-8e7c6b5a/views/original"] = b"\x89PNG\r\n\x1a\n" + b"x" * 50
    attached = teams.activity("file_attached")
    attached["attachments"][0]["content"]["downloadUrl"] = f"{microsoft.url}/files/print.log?tempauth=abc"
    for activity in (attached, teams.activity("picture_pasted")):
        for _ in range(2):
            assert (await teams.post(activity)).status_code == 200

    async def two() -> bool:
        kept = await kept_files(gateway)
        return len(kept) == 2 and all(message for _, message in kept)

    await eventually(two)
    async with gateway.ctx.db.read() as session:
        written = list(await session.scalars(select(Message).where(Message.author == "customer").order_by(Message.id)))
    assert [message.text for message in written] == ["here is the log", ""]
    assert await kept_files(gateway) == [("picture.png", written[1].id), ("print.log.txt", written[0].id)]
    assert sorted(bool(token) for token in microsoft.tokens_seen_at_files) == [False, True]


async def test_a_file_from_elsewhere_or_too_large_is_not_kept_and_the_customer_is_informed(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    microsoft.files["/files/large"] = b"x" * (gateway.ctx.support.limits.file_bytes + 1)
    for number, url in enumerate(
        ("https://attacker.example/x", "http://169.254.169.254/", f"{microsoft.url}/files/large")
    ):
        attached = teams.activity("file_attached", id=f"{number}")
        attached["attachments"][0]["content"]["downloadUrl"] = url
        assert (await teams.post(attached)).status_code == 200

    async def informed_of() -> bool:
        return sum("not kept" in one.text for one in microsoft.said_in(chat_of(teams))) == 3

    await eventually(informed_of)
    assert await kept_files(gateway) == []


async def test_the_button_for_a_new_issue_has_the_title_that_slack_and_the_commands_show(
    teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft
) -> None:
    await teams.says("personal_message")
    await say(gateway, "It is logged.", reference="TR-483-920-179")
    (button,) = (await teams.hears(chat_of(teams), "It is logged.")).buttons
    assert button["title"] == "New issue" == gateway.ctx.support.wording.new_issue
    await teams.says("card_submit", value=button["data"]["msteams"]["value"], replyToId="1")
    async with gateway.ctx.db.read() as session:
        assert len(list(await session.scalars(select(Conversation.id)))) == 2
