"""Technicians in a staff channel of Slack: cards, notes, replies, forms and commands, beside the desk."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from slack_sdk.models.blocks import Block
from sqlalchemy import select

from bot.services.privacy.erasure import erase_customer
from bot.services.staff_channel import wording
from bot.settings.support.load import load_support
from bot.store.tables import AuditEntry, Conversation, StaffThread, Technician
from tests.channels.slack.conftest import Slack
from tests.channels.slack.staff_channel import Member, StaffChannel, support_with
from tests.support import slack_staff as staff
from tests.support.fake_slack import FakeSlack, Refusal
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually
from tests.support.slack_staff import Json


@pytest_asyncio.fixture
async def channel(slack: Slack, gateway: Gateway, fake: FakeSlack, tmp_path: Path) -> AsyncIterator[StaffChannel]:
    gateway.ctx.support = support_with(tmp_path)
    yield StaffChannel(slack, gateway, fake)


@dataclass
class Scene:
    """A customer who waits, their card, and two technicians of whom Anna is to have it."""

    channel: StaffChannel
    case: Case
    card: Json
    anna: Member
    ben: Member
    annas_desk: Desk

    async def claimed(self) -> "Scene":
        await self.anna.presses(self.card, "Claim")
        self.card = await self.channel.shows(self.card, "Anna has it")
        return self


@pytest_asyncio.fixture
async def scene(channel: StaffChannel, gateway: Gateway) -> Scene:
    annas, bens = await gateway.technician("Anna"), await gateway.technician("Ben")
    case = await gateway.case(product_version="12.4", private={"error_text": "the ledger of Bob Miller is gone"})
    card = await channel.card(case.reference)
    return Scene(channel, case, card, channel.member("U1ANNA", annas), channel.member("U2BEN", bens), annas)


async def test_a_hand_off_is_a_card_with_what_a_technician_needs(scene: Scene) -> None:
    shown = json.dumps(scene.card, ensure_ascii=False)
    assert "Quillbook crashes when I print an invoice" in shown
    assert "Waits for a technician" in shown and "12.4" in shown and "Applications" in shown
    assert "mia@bakery.example" not in shown, "the contact is read at the desk"
    assert "Bob Miller" not in shown and wording.CONFIDED in shown
    assert list(staff.buttons_of(scene.card)) == ["Claim", "Open at the desk"]
    for block in scene.card["blocks"]:
        parsed = Block.parse(block)
        assert parsed is not None
        parsed.validate_json()


async def test_what_is_claimed_and_resolved_at_the_desk_shows_on_the_card(scene: Scene) -> None:
    await scene.annas_desk.claim(scene.case)
    card = await scene.channel.shows(scene.card, "Anna has it")
    assert "Claim" not in staff.buttons_of(card) and "Reply" in staff.buttons_of(card)
    await scene.annas_desk.post(f"conversations/{scene.case.conversation_id}/resolve")
    card = await scene.channel.shows(scene.card, "Resolved by Anna")
    assert list(staff.buttons_of(card)) == ["Open at the desk"]


async def test_of_two_who_press_claim_one_gets_it_and_the_other_hears_whose_it_is(scene: Scene) -> None:
    await scene.claimed()
    await scene.ben.presses(await scene.channel.card(scene.case.reference), "Claim")
    await scene.channel.alone("U2BEN", "Anna has taken this hand-off already.")
    state = await scene.case.reads()
    assert (state["owner"], state["owner_name"]) == ("technician", "Anna")


async def test_what_is_written_is_a_note_and_the_first_one_is_answered(scene: Scene) -> None:
    await scene.claimed()
    await scene.anna.writes("I think it is the *driver*", scene.card["ts"])
    await scene.channel.hears(scene.card, wording.KEPT_INSIDE)
    await scene.ben.writes("tell them to pay first", scene.card["ts"])
    await scene.channel.settled()
    assert await scene.channel.notes(scene.case) == ["I think it is the **driver**", "tell them to pay first"]
    assert await scene.channel.replies(scene.case) == []
    assert scene.channel.under(scene.card) == [wording.KEPT_INSIDE]


async def test_the_button_sends_exactly_the_note_once_and_only_by_the_claimant(scene: Scene) -> None:
    await scene.claimed()
    await scene.ben.writes("Please restart the *print* service", scene.card["ts"])
    answer = await scene.channel.hears(scene.card, wording.KEPT_INSIDE)
    (title,) = staff.buttons_of(answer)
    assert title == "Send to the customer"
    await scene.ben.presses(answer, title)
    await scene.channel.alone("U2BEN", "You do not have this conversation now")
    assert await scene.channel.replies(scene.case) == []
    await scene.anna.presses(answer, title)
    await scene.channel.hears(scene.card, "Sent to the customer.")
    await scene.anna.presses(answer, title)
    await scene.channel.alone("U1ANNA", wording.SENT_ALREADY)
    assert await scene.channel.replies(scene.case) == ["Please restart the **print** service"]
    said = (await scene.case.reads())["messages"]
    assert [one["author_name"] for one in said if one["author"] == "technician"] == ["Anna"]
    async with scene.channel.gateway.ctx.db.read() as session:
        sent = await session.scalar(select(AuditEntry).where(AuditEntry.action == "desk.note_sent"))
    assert sent is not None and sent.actor == f"technician:{scene.annas_desk.id}"


async def test_a_note_that_was_edited_or_deleted_is_not_sent_by_its_button(scene: Scene) -> None:
    await scene.claimed()
    written = await scene.anna.writes("call Bob an idiot", scene.card["ts"])
    answer = await scene.channel.hears(scene.card, wording.KEPT_INSIDE)
    await scene.channel.sends(staff.edit_event(written, "!reply call Bob", scene.channel.ts()))
    await scene.channel.settled()
    await scene.anna.presses(answer, "Send to the customer")
    await scene.channel.alone("U1ANNA", wording.NOTE_CHANGED)
    assert await scene.channel.replies(scene.case) == []
    assert (await scene.channel.notes(scene.case))[1] == f"{wording.EDITED_NOTE}\n!reply call Bob"


async def test_the_claimants_marked_message_reaches_the_customer_once(scene: Scene) -> None:
    await scene.claimed()
    written = await scene.anna.writes("!reply Please restart Quillbook.", scene.card["ts"])
    for retry in range(3):
        await scene.channel.sends({**written, "event_id": f"EvRetry{retry}"})
    await scene.channel.hears(scene.card, "Sent to the customer.")
    await scene.channel.sends(staff.edit_event(written, "!reply Never mind", scene.channel.ts()))
    await scene.channel.hears(scene.card, wording.EDITED_REPLY)
    await scene.channel.sends(staff.deletion_event(written, scene.channel.ts()))
    await scene.channel.hears(scene.card, wording.DELETED_REPLY)
    assert await scene.channel.replies(scene.case) == ["Please restart Quillbook."]


@pytest.mark.parametrize(
    "text", ["!reply", "!replyed it", "`!reply` hello", "> !reply hello", "well, !reply hello", "!repyl hi"]
)
async def test_what_only_looks_like_a_marker_is_kept_inside(scene: Scene, text: str) -> None:
    await scene.claimed()
    await scene.anna.writes(text, scene.card["ts"])
    await scene.channel.settled()
    assert await scene.channel.replies(scene.case) == []
    assert len(scene.channel.under(scene.card)) == 1


async def test_a_marked_message_of_anybody_else_is_a_note_and_its_writer_is_answered(scene: Scene) -> None:
    await scene.ben.writes("!reply Hello before anybody claimed it", scene.card["ts"])
    await scene.channel.hears(scene.card, wording.NOT_CLAIMED)
    await scene.claimed()
    await scene.ben.writes("!reply Hello from Ben", scene.card["ts"])
    await scene.channel.hears(scene.card, wording.NOT_THEIRS_TO_REPLY)
    assert await scene.channel.replies(scene.case) == []
    assert await scene.channel.notes(scene.case) == ["Hello before anybody claimed it", "Hello from Ben"]


async def test_what_was_written_before_the_claim_and_comes_late_is_not_sent(scene: Scene) -> None:
    early = f"{int(scene.channel.gateway.clock().timestamp()) - 60}.000001"
    await scene.claimed()
    await scene.channel.sends(staff.message_event("U1ANNA", "!reply too early", early, scene.card["ts"]))
    await scene.channel.hears(scene.card, wording.WRITTEN_BEFORE)
    assert await scene.channel.replies(scene.case) == []


async def test_files_stay_inside(scene: Scene) -> None:
    await scene.claimed()
    file = {"id": "F1", "name": "salary list.xlsx", "mode": "hosted", "url_private": "https://x.example/1"}
    await scene.anna.writes("!reply see the file", scene.card["ts"], subtype="file_share", files=[file])
    await scene.channel.hears(scene.card, "files leave from the desk only")
    assert await scene.channel.replies(scene.case) == []
    assert await scene.channel.notes(scene.case) == ["see the file\nFile in the thread: salary list.xlsx"]
    assert not staff.buttons_of(staff.posted_under(scene.channel.fake, scene.card["ts"])[0])


async def test_somebody_without_an_account_is_answered_and_nothing_is_kept(scene: Scene) -> None:
    guest = scene.channel.member("U9GUEST")
    scene.channel.fake.emails["U9GUEST"] = "guest@elsewhere.example"
    await guest.writes("!reply hello", scene.card["ts"])
    await scene.channel.alone("U9GUEST", "You are not a technician here")
    await guest.presses(scene.card, "Claim")
    await eventually(
        lambda: scene.channel.has(sum(one["user"] == "U9GUEST" for one in scene.channel.fake.ephemeral) == 2)
    )
    assert await scene.channel.notes(scene.case) == []
    assert (await scene.case.reads())["owner"] == "queue"


@pytest.mark.parametrize("why", ["another workspace", "not confirmed", "switched off", "its own workspace"])
async def test_an_address_that_our_workspace_does_not_vouch_for_is_nobodys(scene: Scene, why: str) -> None:
    fake, team = scene.channel.fake, "T0HOST"
    if why == "another workspace":
        fake.teams["U1ANNA"] = "T7CUSTOMER"
    elif why == "not confirmed":
        fake.unconfirmed.add("U1ANNA")
    elif why == "switched off":
        async with scene.channel.gateway.ctx.db.write() as session:
            (await session.get_one(Technician, scene.annas_desk.id)).active = False
    else:
        team = "T7CUSTOMER"
    await scene.anna.presses(scene.card, "Claim", team)
    said = await scene.anna.commands(f"claim {scene.case.reference}", team)
    # In a customer's workspace the command is a customer's.
    assert ("blocks" in said) if team == "T7CUSTOMER" else said["text"] == wording.NO_ACCOUNT
    await scene.channel.alone("U1ANNA", wording.NO_ACCOUNT)
    assert (await scene.case.reads())["owner"] == "queue"


async def test_nothing_else_in_the_channel_is_a_customers(scene: Scene) -> None:
    before = await _conversations(scene)
    await scene.anna.writes("<@U0BOT> it crashes", None, type="app_mention")
    await scene.anna.writes("!reply in another thread", "1700000000.999999")
    await scene.anna.writes("<@U0BOT> hello", "1700000000.999999", type="app_mention")
    built = staff.message_event("U0CI", "!reply built", scene.channel.ts(), scene.card["ts"], bot_id="B1")
    await scene.channel.sends(built)
    await scene.channel.settled()
    assert await _conversations(scene) == before
    assert await scene.channel.notes(scene.case) == [] and await scene.channel.replies(scene.case) == []


async def test_a_reaction_and_a_preview_there_mean_nothing(scene: Scene) -> None:
    await scene.claimed()
    written = await scene.anna.writes("see https://example.com", scene.card["ts"])
    reaction = {"item": {"type": "message", "channel": staff.CHANNEL, "ts": written["event"]["ts"]}}
    await scene.channel.slack.event("reaction_added", **reaction)
    preview = staff.edit_event(written, "!reply see https://example.com", scene.channel.ts())
    del preview["event"]["message"]["edited"]
    await scene.channel.sends(preview)
    await scene.channel.settled()
    assert await scene.channel.notes(scene.case) == ["see https://example.com"]
    assert await scene.channel.replies(scene.case) == []


async def test_a_customers_file_is_named_and_read_at_the_desk(scene: Scene) -> None:
    await scene.claimed()
    headers = {"Authorization": f"Bearer {scene.case.token}"}
    address = f"/api/conversations/{scene.case.conversation_id}"
    sent = await scene.case.browser.post(f"{address}/attachments", files={"file": ("log.txt", b"x")}, headers=headers)
    assert sent.status_code == 201, sent.text
    body = {"client_message_id": "f1", "text": "", "attachments": [sent.json()["attachment_id"]]}
    assert (await scene.case.browser.post(f"{address}/messages", json=body, headers=headers)).status_code < 300
    await scene.channel.hears(scene.card, f"log.txt ({wording.FILE_AT_DESK})")


async def test_a_former_staff_channel_is_still_no_customers(scene: Scene, tmp_path: Path) -> None:
    before = await _conversations(scene)
    other = tmp_path / "other"
    other.mkdir()
    (other / "support.yml").write_text("teams: {applications: {staff_channel: 'slack:T0HOST/C9NEW'}}\n")
    scene.channel.gateway.ctx.support = load_support(other)
    await scene.anna.writes("<@U0BOT> our customer is a nuisance", None, type="app_mention")
    await scene.anna.writes("a note", scene.card["ts"])
    await scene.channel.settled()
    assert await _conversations(scene) == before
    assert await scene.channel.notes(scene.case) == ["a note"]


async def _conversations(scene: Scene) -> int:
    async with scene.channel.gateway.ctx.db.read() as session:
        return len(list(await session.scalars(select(Conversation.id))))


async def test_what_the_customer_writes_appears_and_pings_the_claimant(scene: Scene) -> None:
    await scene.claimed()
    await scene.case.write("It still crashes, even after a restart")
    post = await scene.channel.hears(scene.card, "It still crashes")
    assert "<@U1ANNA>" in json.dumps(post["blocks"])


async def test_whoever_has_the_conversation_open_at_the_desk_is_not_pinged(scene: Scene) -> None:
    await scene.claimed()
    gateway = scene.channel.gateway
    presence, hub = gateway.app.ctx.desk_presence, gateway.app.ctx.hub
    with presence.looking(hub, scene.case.conversation_id, scene.annas_desk.id, "Anna"):
        await scene.case.write("It still crashes")
        post = await scene.channel.hears(scene.card, "It still crashes")
    assert "<@U1ANNA>" not in json.dumps(post["blocks"])


async def test_what_the_customer_confides_is_read_at_the_desk(scene: Scene) -> None:
    await scene.claimed()
    await scene.case.write("the ledger of Bob Miller is gone, as I said")
    await scene.case.write("In confidence, only for the technician: my boss deleted the company file on purpose")
    await scene.channel.settled()
    said = json.dumps(scene.channel.fake.posted)
    assert "Bob Miller" not in said and "my boss" not in said
    assert wording.CONFIDED in scene.channel.under(scene.card)


async def test_a_reply_from_the_desk_is_shown_with_its_words(scene: Scene) -> None:
    await scene.claimed()
    await scene.annas_desk.say(scene.case, "Please update to 12.5.")
    post = await scene.channel.hears(scene.card, "Please update to 12.5.")
    assert "Anna to the customer:" in json.dumps(post["blocks"])


async def test_a_reply_is_written_in_a_form_and_sent_once(scene: Scene) -> None:
    await scene.claimed()
    view = await scene.anna.opens(scene.card, "Reply")
    assert await scene.anna.fills_in(view, "V7", text="Please update.") == {}
    assert await scene.anna.fills_in(view, "V7", text="Please update.") == {}
    assert await scene.channel.replies(scene.case) == ["Please update."]
    await scene.channel.hears(scene.card, "Please update.")


async def test_a_form_that_cannot_be_sent_keeps_its_words_and_says_why(scene: Scene) -> None:
    await scene.claimed()
    view = await scene.anna.opens(scene.card, "Reply")
    await scene.annas_desk.post(f"conversations/{scene.case.conversation_id}/return", {"note": ""})
    kept = await scene.anna.fills_in(view, text="Please update.")
    assert kept["response_action"] == "errors" and "claim it first" in kept["errors"]["text"]
    assert await scene.channel.replies(scene.case) == []
    await scene.channel.shows(scene.card, "Given back to the assistant by Anna")


async def test_a_missing_fact_and_a_canned_reply_are_put_into_the_reply(scene: Scene) -> None:
    await scene.claimed()
    supervisor = await scene.channel.gateway.technician("Sue", "supervisor")
    await supervisor.post("canned", {"title": "Greeting", "text": "Hello, {technician} here.", "team": None})
    view = await scene.anna.opens(scene.card, "Canned reply")
    reply = (await scene.anna.fills_in(view, chosen="Greeting"))["view"]
    assert reply["blocks"][0]["element"]["initial_value"] == "Hello, Anna here."
    assert await scene.channel.replies(scene.case) == []
    assert await scene.anna.fills_in(reply, "V2", text="Hello, Anna here. One moment.") == {}
    view = await scene.anna.opens(scene.card, "Ask a missing fact")
    missing = view["blocks"][0]["element"]["options"][0]["text"]["text"]
    reply = (await scene.anna.fills_in(view, "V3", chosen=missing))["view"]
    assert reply["blocks"][0]["element"]["initial_value"].strip()
    assert await scene.anna.fills_in(reply, "V3") == {}
    assert len(await scene.channel.replies(scene.case)) == 2


async def test_a_transfer_shows_on_the_card_and_makes_a_new_one(scene: Scene) -> None:
    await scene.claimed()
    view = await scene.anna.opens(scene.card, "Transfer")
    assert await scene.anna.fills_in(view, target="Ben", text="he knows printers") == {}
    await scene.channel.shows(scene.card, "Transferred to Ben")
    await eventually(lambda: scene.channel.has(len(_cards(scene)) == 2))
    new = [one for one in _cards(scene) if one["ts"] != scene.card["ts"]]
    assert "he knows printers" in json.dumps(new[0]) and "Ben" in json.dumps(new[0])
    await scene.anna.writes("!reply still me?", scene.card["ts"])
    await scene.channel.hears(scene.card, wording.ENDED)
    assert await scene.channel.replies(scene.case) == []


def _cards(scene: Scene) -> list[Json]:
    return [one for one in scene.channel.fake.posted if "thread_ts" not in one and scene.case.reference in one["text"]]


async def test_resolving_names_the_issues(scene: Scene) -> None:
    second = await scene.channel.gateway.another(scene.case, "The backup does not start")
    await scene.claimed()
    view = await scene.anna.opens(scene.card, "Resolve")
    titles = [one["text"]["text"] for one in view["blocks"][0]["element"]["options"]]
    assert len(titles) == 2
    chosen = next(one for one in titles if scene.case.reference in one)
    assert await scene.anna.fills_in(view, references=[chosen]) == {}
    await scene.channel.shows(scene.card, "Resolved by Anna")
    details = await scene.annas_desk.about(scene.case)
    assert details["issue"]["reference"] == second and details["state"]["mine"]


async def test_commands_do_the_same_with_a_reference(scene: Scene) -> None:
    said = await scene.anna.commands(scene.case.reference)
    assert "Claim" in staff.buttons_of(said)
    assert (await scene.anna.commands("help"))["text"] == wording.COMMANDS
    assert "cannot be right" not in (await scene.anna.commands(f"claim {scene.case.reference}"))["text"]
    await scene.channel.shows(scene.card, "Anna has it")
    await scene.anna.commands(f"note {scene.case.reference} look at the spooler")
    assert await scene.channel.notes(scene.case) == ["look at the spooler"]
    said = await scene.anna.commands(f"reply {scene.case.reference} Hello there")
    assert said["text"] == wording.FORM_OPENED
    view = scene.channel.fake.views[-1]["view"]
    assert view["blocks"][0]["element"]["initial_value"] == "Hello there"
    assert await scene.channel.replies(scene.case) == []
    taken = await scene.ben.commands(f"claim {scene.case.reference}")
    assert taken["text"] == "Anna has taken this hand-off already."


async def test_while_slack_does_not_say_who_wrote_it_waits_and_is_not_lost(scene: Scene) -> None:
    await scene.claimed()
    await scene.ben.presses(scene.card, "Reply")
    scene.channel.fake.troubles["users.info"] = [Refusal("internal_error") for _ in range(2)]
    carl = scene.channel.member("U3CARL", await scene.channel.gateway.technician("Carl"))
    await carl.writes("kept after a while", scene.card["ts"])
    await scene.channel.settled()
    assert await scene.channel.notes(scene.case) == ["kept after a while"]


async def test_where_replies_are_the_rule_only_the_claimants_are(scene: Scene, tmp_path: Path) -> None:
    scene.channel.gateway.ctx.support = support_with(tmp_path, "replies")
    await scene.ben.writes("I look at it", scene.card["ts"])
    await scene.claimed()
    await scene.anna.writes("Please restart it.", scene.card["ts"])
    await scene.anna.writes("!note it is always the driver", scene.card["ts"])
    await scene.anna.writes("told you all", scene.card["ts"], subtype="thread_broadcast")
    await scene.ben.writes("Good.", scene.card["ts"])
    await scene.channel.settled()
    assert await scene.channel.replies(scene.case) == ["Please restart it."]
    assert await scene.channel.notes(scene.case) == ["I look at it", "it is always the driver", "told you all", "Good."]


async def test_alerts_only_keeps_nothing_and_offers_the_desk(
    slack: Slack, gateway: Gateway, fake: FakeSlack, tmp_path: Path
) -> None:
    gateway.ctx.support = support_with(tmp_path, "alerts_only")
    channel = StaffChannel(slack, gateway, fake)
    anna = channel.member("U1ANNA", await gateway.technician("Anna"))
    case = await gateway.case()
    card = await channel.card(case.reference)
    assert list(staff.buttons_of(card)) == ["Open at the desk"]
    await anna.writes("!reply hello", card["ts"])
    await anna.writes("!reply hello again", card["ts"])
    await case.write("anybody there?")
    await channel.settled()
    assert channel.under(card) == [wording.ONLY_ALERTS]
    assert await channel.replies(case) == [] and await channel.notes(case) == []


async def test_an_erased_customers_card_says_no_more(scene: Scene) -> None:
    await scene.claimed()
    await scene.annas_desk.post(f"conversations/{scene.case.conversation_id}/resolve")
    gateway = scene.channel.gateway
    async with gateway.ctx.db.read() as session:
        conversation = await session.get_one(Conversation, scene.case.conversation_id)
    await erase_customer(gateway.ctx, conversation.customer_id, actor="test")
    gateway.ctx.wake(scene.case.conversation_id)
    card = await scene.channel.shows(scene.card, wording.ERASED)
    assert "crashes" not in json.dumps(card["blocks"])


async def test_a_card_is_posted_once_however_often_it_is_tried(channel: StaffChannel, gateway: Gateway) -> None:
    channel.fake.troubles["chat.postMessage"] = [Refusal("internal_error"), Refusal("x", 503)]
    case = await gateway.case()
    await channel.card(case.reference)
    await channel.settled()
    assert sum(case.reference in one["text"] for one in channel.fake.posted) == 1
    async with gateway.ctx.db.read() as session:
        assert len(list(await session.scalars(select(StaffThread)))) == 1
