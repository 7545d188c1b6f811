"""What we say reaches Slack: as Slack shows such things, where it belongs, under every limit and after every error."""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from sqlalchemy import select

from bot.dialogue.draft import CONTACT
from bot.services.conversation import attachments, lifecycle
from bot.services.core.context import Context
from bot.services.intake import draft
from bot.services.outbox.items import MESSAGE
from bot.store.tables import Attachment, Message, OutboxItem
from tests.channels.slack.conftest import Slack, captured
from tests.support.fake_slack import Refusal
from tests.support.gateway_fixture import eventually

Json = dict[str, Any]


@pytest.fixture(autouse=True)
def no_turns(gateway: Any) -> None:
    """Only what a test says itself is sent."""
    gateway.ctx.work = lambda _: None


async def opened(slack: Slack, name: str = "message_im") -> str:
    await slack.event(name)
    return await slack.conversation()


async def unsent(slack: Slack) -> list[OutboxItem]:
    async with slack.gateway.ctx.db.read() as session:
        return list(
            await session.scalars(select(OutboxItem).where(OutboxItem.kind == MESSAGE, OutboxItem.state != "sent"))
        )


def buttons(message: Json) -> list[Json]:
    return [element for block in message["blocks"] if block["type"] == "actions" for element in block["elements"]]


async def test_answers_in_a_direct_message_stay_there_and_in_a_channel_in_the_thread(slack: Slack) -> None:
    await slack.we_say(await opened(slack), "Hello there")
    direct = await slack.hears("Hello there")
    assert direct["channel"] == "D0DIRECT" and "thread_ts" not in direct
    await slack.event("app_mention")
    thread = (await slack.threads())[-1]
    await slack.we_say(thread.conversation_id, "Hello everybody")
    public = await slack.hears("Hello everybody")
    assert (public["channel"], public["thread_ts"]) == ("C0GENERAL", "1750170100.000200")
    assert public["link_names"] in (False, "0", "false", 0) and public["parse"] == "none"


async def test_choices_are_buttons_whose_values_inform_nothing(slack: Slack) -> None:
    conversation = await opened(slack)
    offered = [{"title": "Yes " + "y" * 90, "payload": '/affirm{"secret": 1}'}] + [
        {"title": f"Number {number}", "payload": "/x"} for number in range(29)
    ]
    await slack.we_say(conversation, "Which?", choices=offered)
    message = await slack.hears("Which?")
    shown = buttons(message)
    assert len(shown) == 30 and len(shown[0]["text"]["text"]) <= 75
    assert all(conversation in one["value"] and len(one["value"]) < 100 for one in shown)
    assert "secret" not in json.dumps(message)


async def test_the_replies_of_a_turn_are_one_post_with_one_row_of_buttons(slack: Slack) -> None:
    conversation = await opened(slack)
    page = {"title": "Printing", "url": "/manual/printing/", "excerpt": "Choose File."}
    await slack.we_say_at_once(
        conversation,
        {"text": "It is logged as TR-483-920-179.", "reference": "TR-483-920-179"},
        {"text": "These pages may help.", "cards": [page], "choices": SOLVED},
        {"text": "You are third in the queue.", "author": "system", "author_name": "Company"},
        {"text": "Does it print?", "choices": [{"title": "Yes", "payload": "/a"}, {"title": "No", "payload": "/b"}]},
    )
    await slack.hears("Does it print?")
    await sent(slack)
    (post,) = slack.fake.posted
    shown = [block["text"]["text"] for block in post["blocks"] if block["type"] == "section"]
    assert [text.splitlines()[-1] for text in shown] == [
        "It is logged as TR-483-920-179.",
        "These pages may help.",
        "Choose File.",
        "You are third in the queue.",
        "Does it print?",
    ]
    assert [one["text"]["text"] for one in buttons(post)] == ["Yes", "No"]
    assert [block["type"] for block in post["blocks"]].count("actions") == 1
    assert all(words in post["text"] for words in ("It is logged", "These pages", "third", "Does it print?"))


async def test_a_bundle_is_cut_only_where_slack_would_refuse_it_and_loses_nothing(slack: Slack) -> None:
    conversation = await opened(slack)
    texts = [f"{number}: {'some words & more ' * 90}".strip() for number in range(20)]
    await slack.we_say_at_once(conversation, *({"text": text, "choices": SOLVED} for text in texts))
    await slack.hears("19: some")
    await sent(slack)
    assert 1 < len(slack.fake.posted) < 6
    said = [block["text"]["text"] for post in slack.fake.posted for block in post["blocks"] if "text" in block]
    assert [text.replace("&amp;", "&") for text in said] == texts
    assert [len(buttons(post)) for post in slack.fake.posted] == [0] * (len(slack.fake.posted) - 1) + [2]


async def test_a_post_that_slack_finds_too_long_goes_in_two(slack: Slack) -> None:
    conversation = await opened(slack)
    slack.fake.troubles["chat.postMessage"] = [Refusal("msg_blocks_too_long")]
    await slack.we_say_at_once(
        conversation, {"text": "first"}, {"text": "second"}, {"text": "third", "choices": SOLVED}
    )
    await slack.hears("third")
    await sent(slack)
    said = [[block["text"]["text"] for block in post["blocks"] if "text" in block] for post in slack.fake.posted]
    assert said == [["first", "second"], ["third"]]


async def test_what_only_the_customer_may_read_is_in_no_bundle_that_others_read(slack: Slack) -> None:
    await slack.event("app_mention")
    await slack.we_say_at_once(
        await slack.conversation(),
        {"text": "It is logged."},
        {"text": "Without a contract it is 120.00 USD an hour."},
        {"text": "Your address?", "private": True},
        {"text": "Which version?"},
    )
    await slack.hears("Which version?")
    said = [(post["channel"], [block["text"]["text"] for block in post["blocks"]]) for post in slack.fake.posted]
    note = f"<@U1KIM> {slack.gateway.ctx.support.slack.asked_privately}"
    assert said == [
        ("C0GENERAL", ["It is logged."]),
        ("DU1KIM", ["Without a contract it is 120.00 USD an hour.", "Your address?"]),
        ("C0GENERAL", [note]),
        ("C0GENERAL", ["Which version?"]),
    ]


async def test_a_technician_and_the_assistant_share_no_post(slack: Slack) -> None:
    conversation = await opened(slack)
    anna = {"author": "technician", "author_name": "Anna"}
    await slack.we_say_at_once(conversation, {"text": "one"}, {"text": "two", **anna}, {"text": "three"})
    await slack.hears("three")
    assert [(post["text"], post.get("username")) for post in slack.fake.posted] == [
        ("one", None),
        ("two", "Anna"),
        ("three", None),
    ]


async def test_a_reaction_on_a_bundle_answers_its_last_question(slack: Slack) -> None:
    conversation = await opened(slack)
    await slack.we_say_at_once(
        conversation, {"text": "x " * 1400 * 4}, {"text": "Did that solve it?", "choices": SOLVED}
    )
    question = await slack.hears("Did that solve it?")
    await sent(slack)
    await reacts(slack, question, "+1")
    assert [text for _, text in await slack.written()][1:] == ["Yes, solved"]


async def test_a_pressed_button_is_its_title_said_once_and_the_message_shows_it(slack: Slack) -> None:
    conversation = await opened(slack)
    await slack.we_say(conversation, "Did that solve it?", choices=[{"title": "Yes, solved", "payload": "/solved"}])
    value = buttons(await slack.hears("Did that solve it?"))[0]["value"]
    for _ in range(2):
        await slack.interaction("button_choice", conversation, CHOICE=value.partition(":")[2])
    assert [text for _, text in await slack.written()][1:] == ["Yes, solved"]

    async def updated() -> bool:
        return bool(slack.fake.updated)

    await eventually(updated)
    shown = slack.fake.updated[0]["blocks"]
    assert [block["type"] for block in shown] == ["section", "context"]
    assert "Yes, solved" in shown[1]["elements"][0]["text"]


async def test_a_button_that_was_never_offered_is_answered_to_its_presser_only(slack: Slack) -> None:
    conversation = await opened(slack)
    await slack.interaction("button_choice", conversation, CHOICE="0" * 16)

    async def informed_of() -> bool:
        return bool(slack.fake.ephemeral)

    await eventually(informed_of)
    assert slack.fake.ephemeral[0]["user"] == "U1KIM" and len(await slack.written()) == 1


async def test_a_button_of_a_conversation_that_is_not_here_changes_nothing(slack: Slack) -> None:
    await slack.interaction("button_choice", "nonsense", CHOICE="x")
    await slack.interaction("other_form_sent", "nonsense")
    assert await slack.threads() == []


async def test_cards_are_sections_with_links_that_open_the_manual(slack: Slack) -> None:
    card = {"title": "Print <again>", "url": "/manual/printing/#again", "excerpt": "Choose File & Print."}
    await slack.we_say(await opened(slack), "The manual says:", cards=[card])
    message = await slack.hears("The manual says:")
    text = message["blocks"][1]["text"]["text"]
    assert text.startswith(f"*<{slack.gateway.address}/manual/printing/#again|Print &lt;again&gt;>*")
    assert "Choose File &amp; Print." in text


async def test_an_answer_is_a_numbered_list_above_a_link_that_repeats_nothing(slack: Slack) -> None:
    card = {"title": "Print again", "url": "/manual/printing/#again", "excerpt": ""}
    await slack.we_say(await opened(slack), "Here is how:\n1. Choose **File > Print**.\n2. Wait.", cards=[card])
    message = await slack.hears("Here is how:")
    said, shown = (block["text"]["text"] for block in message["blocks"][:2])
    assert said == "Here is how:\n1. Choose *File &gt; Print*.\n2. Wait."
    assert shown == f"*<{slack.gateway.address}/manual/printing/#again|Print again>*"


async def test_a_technician_speaks_under_their_own_name(slack: Slack) -> None:
    fields = {"author": "technician", "author_name": "Anna Meyer"}
    conversation = await opened(slack)
    await slack.we_say(conversation, "Anna here", **fields)
    assert (await slack.hears("Anna here"))["username"] == "Anna Meyer"
    slack.fake.scopes = slack.fake.scopes.replace("chat:write.customize,", "")
    await slack.we_say(conversation, "Still Anna", **fields)
    without = await slack.hears("Still Anna")
    assert "username" not in without and "Anna Meyer" in json.dumps(without["blocks"][0])


async def test_a_long_message_is_several_in_order_each_under_the_limit(slack: Slack) -> None:
    text = " ".join(f"This is sentence number {number} & it <matters>." for number in range(200))
    await slack.we_say(await opened(slack), text)
    await slack.hears("number 199")
    said = [post["blocks"][0]["text"]["text"] for post in slack.fake.posted]
    assert len(said) > 2 and all(one.endswith(".") for one in said)
    assert [int(n) for one in said for n in re.findall(r"number (\d+)", one)] == list(range(200))


async def test_our_words_cannot_ping_whatever_a_customer_made_us_repeat(slack: Slack) -> None:
    await slack.we_say(await opened(slack), 'Noted. Problem: <!channel> @here <@U2LEE> & "blocks": [{}]')
    said = (await slack.hears("Noted. Problem"))["blocks"][0]["text"]
    assert said["verbatim"] is True
    assert said["text"].startswith("Noted. Problem: &lt;!channel&gt; @here &lt;@U2LEE&gt; &amp;")


async def test_neither_we_nor_slacks_client_log_anybodys_words_even_when_everything_is_logged(
    slack: Slack, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    slack.fake.troubles["chat.postMessage"] = [Refusal("internal_error"), Refusal("channel_not_found")]
    await slack.event("message_im", text="a customer's secret")
    await slack.we_say(await slack.conversation(), "a technician's secret")

    async def refused() -> bool:
        return any(one.error == "channel_not_found" for one in await unsent(slack))

    await eventually(refused)
    ours = [one.getMessage() for one in caplog.records if one.name.startswith(("bot", "slack_sdk", "aiohttp"))]
    assert ours and not any("secret" in message for message in ours)


async def test_a_file_of_a_technician_goes_along(slack: Slack) -> None:
    ctx, conversation = slack.gateway.ctx, await opened(slack)
    kept = await attachments.store_attachment(ctx, conversation, "fix.txt", b"do this")
    await slack.we_say(conversation, "See the file", author="technician", author_name="Anna")
    async with ctx.db.write() as session:
        message = await session.scalar(select(Message).where(Message.text == "See the file"))
        assert message is not None
        (await session.get_one(Attachment, kept["attachment_id"])).message_id = message.id
        delivery = await session.scalar(select(OutboxItem).where(OutboxItem.message_id == message.id))
        assert delivery is not None
        delivery.state, delivery.parts_sent = "queued", 0

    async def shared() -> bool:
        return bool(slack.fake.shared_files)

    ctx.wake(conversation)
    await eventually(shared)
    (file,) = slack.fake.shared_files
    assert (file["name"], file["data"], file["channel_id"]) == ("fix.txt", b"do this", "D0DIRECT")


@pytest.mark.parametrize(
    "trouble",
    [
        Refusal("ratelimited", 429, {"Retry-After": "1"}),
        Refusal("x", 503),
        Refusal("internal_error"),
        Refusal("token_expired"),
        Refusal("invalid_auth"),
    ],
)
async def test_what_passes_is_tried_again_and_nothing_is_lost_or_doubled(slack: Slack, trouble: Refusal) -> None:
    conversation = await opened(slack)
    slack.fake.troubles["chat.postMessage"] = [trouble]
    for text in ("first words", "second words"):
        await slack.we_say(conversation, text)
    await slack.hears("second words")
    said = [post["text"] for post in slack.fake.posted]
    assert said == ["first words", "second words"]


@pytest.mark.parametrize("error", ["channel_not_found", "is_archived", "msg_too_long", "invalid_blocks"])
async def test_what_is_refused_for_good_is_shown_at_the_desk_and_can_be_sent_again(slack: Slack, error: str) -> None:
    conversation = await opened(slack)
    slack.fake.troubles["chat.postMessage"] = [Refusal(error)]
    await slack.we_say(conversation, "important words")

    async def failed() -> bool:
        return any(one.state == "failed" for one in await unsent(slack))

    await eventually(failed)
    boss = await slack.gateway.technician("Boss", "admin")
    state = (await boss.get(f"conversations/{conversation}/messages")).json()
    (missing,) = state["undelivered"]
    assert (missing["channel"], missing["why"]) == ("slack", error)
    again = await boss.post(f"conversations/{conversation}/deliveries/{missing['delivery_id']}/resend")
    assert again.status_code == 200 and again.json()["undelivered"] == []
    await slack.hears("important words")
    late = await boss.post(f"conversations/{conversation}/deliveries/{missing['delivery_id']}/resend")
    assert late.status_code in (200, 409)


async def test_one_message_a_second_goes_to_a_channel_and_slack_never_has_to_refuse(slack: Slack) -> None:
    slack.fake.seconds_apart = 0.95
    conversation = await opened(slack)
    for number in range(4):
        await slack.we_say(conversation, f"message {number}")
    await slack.hears("message 3")
    asked = [arguments["text"] for method, arguments in slack.fake.calls if method == "chat.postMessage"]
    assert asked == [f"message {number}" for number in range(4)]


async def asks_for_contact(ctx: Context, conversation_id: str, **answers: str) -> None:
    """A draft that has the problem and asks how to reach the customer."""
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, conversation_id, lock=True)
        begun = await draft.begin_draft(session, ctx, conversation)
        await draft.add_to_problem(session, begun, "the report is empty", ctx.clock(), None)
        for question, value in answers.items():
            await draft.save_answer(session, begun, question, value, ctx.clock())
        begun.intake.asking = CONTACT


async def test_in_a_channel_contact_details_are_asked_in_private_and_the_answer_stays_there(slack: Slack) -> None:
    await slack.event("app_mention")
    conversation = await slack.conversation()
    await asks_for_contact(slack.gateway.ctx, conversation)
    await slack.we_say(conversation, "How can a technician reach you?", asks=True)
    note = await slack.hears("direct message")
    asked = await slack.hears("reach you?")
    assert asked["channel"] == "DU1KIM" and "thread_ts" not in asked
    assert note["channel"] == "C0GENERAL" and "reach you" not in json.dumps(note)
    ts = "1750179000.000100"
    await slack.event("message_im", channel="DU1KIM", text="kim@a.example", ts=ts, event_ts=ts)
    assert (await slack.written(conversation))[-1][1] == "kim@a.example"
    (thread,) = await slack.threads()
    assert thread.reference["channel"] == "C0GENERAL"
    await slack.we_say(conversation, "Which version do you use?")
    assert (await slack.hears("Which version"))["channel"] == "C0GENERAL"
    later = "1750179001.000100"
    await slack.event("message_im", channel="DU1KIM", text="something new", ts=later, event_ts=later)
    assert len(await slack.threads()) == 2


@pytest.mark.parametrize(
    "words",
    [
        "Noted. How to reach you: kim@a.example",
        "Without a contract it is 120.00 USD an hour, paid ahead.",
        "It costs $ 60 to begin.",
    ],
)
async def test_contact_details_and_money_are_never_said_in_a_thread(slack: Slack, words: str) -> None:
    await slack.event("app_mention")
    conversation = await slack.conversation()
    await asks_for_contact(slack.gateway.ctx, conversation, contact="kim@a.example")
    await slack.we_say(conversation, words)
    await slack.hears("direct message")
    assert {post["channel"] for post in slack.fake.posted if words[:20] in post["text"]} == {"DU1KIM"}


async def test_where_no_direct_message_is_possible_only_the_customer_sees_it_and_answers_in_a_form(
    slack: Slack,
) -> None:
    slack.fake.no_direct_messages = True
    await slack.event("app_mention")
    conversation = await slack.conversation()
    await asks_for_contact(slack.gateway.ctx, conversation)
    await slack.we_say(conversation, "How can a technician reach you?", asks=True)
    await slack.hears("direct message")
    (shown,) = slack.fake.ephemeral
    assert (shown["channel"], shown["user"], shown["thread_ts"]) == ("C0GENERAL", "U1KIM", "1750170100.000200")
    await slack.interaction("button_answer_privately", conversation)

    async def opened_form() -> bool:
        return bool(slack.fake.views)

    await eventually(opened_form)
    assert slack.fake.views[0]["view"]["private_metadata"] == conversation
    await slack.interaction("private_form_sent", conversation)
    assert (await slack.written(conversation))[-1][1] == "kim@brightsons.example"
    assert "brightsons" not in json.dumps(slack.fake.posted)


async def asked_in_a_form(slack: Slack) -> str:
    slack.fake.no_direct_messages = True
    await slack.event("app_mention")
    conversation = await slack.conversation()
    await asks_for_contact(slack.gateway.ctx, conversation)
    await slack.we_say(conversation, "How can a technician reach you?", asks=True)
    await slack.hears("Only you see the question")
    return conversation


async def test_no_direct_message_is_claimed_where_slack_allows_none(slack: Slack) -> None:
    await asked_in_a_form(slack)
    assert not any("have sent you a direct message" in post["text"] for post in slack.fake.posted)


async def test_who_pressed_too_late_for_the_form_is_asked_to_press_again(slack: Slack) -> None:
    conversation = await asked_in_a_form(slack)
    slack.fake.troubles["views.open"].append(Refusal("expired_trigger_id"))
    await slack.interaction("button_answer_privately", conversation)

    async def informed_of() -> bool:
        return any("did not open in time" in one["text"] for one in slack.fake.ephemeral)

    await eventually(informed_of)
    assert slack.fake.views == []


async def test_a_blank_form_stays_open_with_a_sentence_at_its_field(slack: Slack) -> None:
    conversation = await asked_in_a_form(slack)
    payload = json.loads(json.dumps(captured("private_form_sent")).replace("CONVERSATION", conversation))
    payload["view"]["state"]["values"]["answer"]["text"]["value"] = "  "
    body = urlencode({"payload": json.dumps(payload)}).encode()
    answer = await slack.post("interactions", body, **{"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.json()["response_action"] == "errors"
    assert "write your answer" in answer.json()["errors"]["answer"]


async def test_new_issue_begins_another_conversation_and_the_old_one_can_still_be_answered(slack: Slack) -> None:
    old = await opened(slack)
    await slack.we_say(old, "Anything else?")
    ts = (await slack.hears("Anything else?"))["ts"]
    await slack.interaction("button_new_issue", old)
    await slack.writes("now the export fails", 7)
    await slack.writes("about the first thing", 8, thread_ts=ts)
    new = next(one.conversation_id for one in await slack.threads() if one.conversation_id != old)
    assert [text for _, text in await slack.written(new)] == ["New issue", "now the export fails"]
    assert (await slack.written(old))[-1][1] == "about the first thing"


async def test_typing_is_a_status_in_a_thread_until_slack_says_that_it_may_not_be(slack: Slack) -> None:
    await slack.event("app_mention")
    conversation = await slack.conversation()
    hub = slack.gateway.app.ctx.hub
    hub.typing(conversation, "assistant", "Quill", True)

    async def statuses() -> int:
        return len([method for method, _ in slack.fake.calls if method == "assistant.threads.setStatus"])

    async def one() -> bool:
        return await statuses() == 1

    await eventually(one)
    slack.fake.status_allowed = False
    for _ in range(3):
        hub.typing(conversation, "assistant", "Quill", True)

        async def two() -> bool:
            return await statuses() == 2

        await eventually(two)
    hub.typing(conversation, "customer", "Kim", True)
    assert await statuses() == 2


SOLVED = [{"title": "Yes, solved", "payload": "/solved"}, {"title": "No, not solved", "payload": "/not_solved"}]


async def reacts(slack: Slack, message: Json, reaction: str, **changes: Any) -> None:
    item = {"type": "message", "channel": message["channel"], "ts": message["ts"]}
    await slack.event("reaction_added", reaction=reaction, item=item, **changes)


async def sent(slack: Slack) -> None:
    async def nothing_waits() -> bool:
        return not await unsent(slack)

    await eventually(nothing_waits)


@pytest.mark.parametrize(
    ("reaction", "answer"),
    [
        ("+1", "Yes, solved"),
        ("thumbsup::skin-tone-4", "Yes, solved"),
        ("-1", "No, not solved"),
        ("x", "No, not solved"),
    ],
)
async def test_a_reaction_on_our_question_is_its_button_pressed_once(slack: Slack, reaction: str, answer: str) -> None:
    conversation = await opened(slack)
    await slack.we_say(conversation, "Did that solve it?", choices=SOLVED)
    question = await slack.hears("Did that solve it?")
    await sent(slack)
    for _ in range(2):
        await reacts(slack, question, reaction)
    assert [text for _, text in await slack.written()][1:] == [answer]


async def test_a_reaction_of_somebody_else_or_of_another_meaning_answers_nothing(slack: Slack) -> None:
    conversation = await opened(slack)
    await slack.we_say(conversation, "Did that solve it?", choices=SOLVED)
    question = await slack.hears("Did that solve it?")
    await sent(slack)
    await reacts(slack, question, "+1", user="U2LEE")
    await reacts(slack, question, "eyes")
    assert len(await slack.written()) == 1


async def test_a_reaction_on_an_older_message_or_one_without_yes_and_no_answers_nothing(slack: Slack) -> None:
    conversation = await opened(slack)
    await slack.we_say(conversation, "Did that solve it?", choices=SOLVED)
    await slack.we_say(conversation, "Which printer?", choices=[{"title": "Yes", "payload": "/x"}])
    older, latest = await slack.hears("Did that solve it?"), await slack.hears("Which printer?")
    await sent(slack)
    await reacts(slack, older, "+1")
    await reacts(slack, latest, "+1")
    assert len(await slack.written()) == 1
