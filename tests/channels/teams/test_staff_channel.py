"""Technicians in a staff channel of Teams: the same cards, notes, replies and forms as in Slack."""

import itertools
import json
import random
from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from microsoft_teams.api.activities import AdaptiveCardInvokeActivity
from microsoft_teams.api.activities.invoke.task import TaskFetchInvokeActivity, TaskSubmitInvokeActivity
from microsoft_teams.api.models import AdaptiveCardActionMessageResponse, TaskModuleResponse, TeamsChannelAccount
from microsoft_teams.cards import AdaptiveCard
from sqlalchemy import select

from bot.services.outbox.items import STAFF, STAFF_WRITTEN
from bot.services.staff_channel import wording
from bot.settings.support.load import load_support
from bot.store.tables import Conversation, Message, Note, OutboxItem
from tests.channels.teams.conftest import Teams
from tests.support.fake_microsoft import CUSTOMER_TENANT, OUR_TENANT, FakeMicrosoft, Sent
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually

CHANNEL = "19:staff0123456789@thread.tacv2"
Json = dict[str, Any]
_ids = itertools.count(1764200000000)


@dataclass
class Room:
    """The staff channel, its card, and who is there."""

    teams: Teams
    gateway: Gateway
    microsoft: FakeMicrosoft
    case: Case

    def activity(self, user: str, thread: str | None, **fields: Any) -> Json:
        tenant = self.microsoft.roster.get(f"29:{user}", {}).get("tenantId", OUR_TENANT)
        found = self.teams.activity("channel_message", id=str(next(_ids)))
        found["from"] = {"id": f"29:{user}", "name": user, "aadObjectId": f"aad-{user}", "tenantId": tenant}
        conversation = f"{CHANNEL};messageid={thread}" if thread else CHANNEL
        found["conversation"] |= {"id": conversation, "tenantId": OUR_TENANT}
        found["channelData"]["tenant"]["id"] = OUR_TENANT
        now = self.gateway.clock() + timedelta(seconds=1)
        return {**found, "timestamp": now.strftime("%Y-%m-%dT%H:%M:%S.%f7Z"), **fields}

    async def writes(self, user: str, text: str, thread: str | None, **fields: Any) -> Json:
        html = f'<p><span itemtype="http://schema.skype.com/Mention" itemid="0">TechRef</span>&nbsp;{text}</p>'
        attachment = {"contentType": "text/html", "content": html}
        written = self.activity(user, thread, text=f"<at>TechRef</at> {text}", attachments=[attachment], **fields)
        await self.sends(written)
        return written

    async def sends(self, activity: Json) -> Json:
        answer = await self.teams.post(activity)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found

    async def executes(self, user: str, card: Sent, title: str) -> str:
        """Press a button that is answered to who pressed it; return the answer."""
        button = next(one for one in card.buttons if one["title"] == title)
        action = {"type": "Action.Execute", "title": title, "verb": button["verb"], "data": button["data"]}
        activity = self.invoke(user, card, "adaptiveCard/action", {"action": action, "trigger": "manual"})
        AdaptiveCardInvokeActivity.model_validate(activity)
        answer = await self.sends(activity)
        AdaptiveCardActionMessageResponse.model_validate(answer)
        return str(answer["value"])

    async def opens(self, user: str, card: Sent, title: str) -> Json:
        """Press a button that opens a dialog; return the dialog."""
        button = next(one for one in card.buttons if one["title"] == title)
        activity = self.invoke(user, card, "task/fetch", {"data": button["data"], "context": {"theme": "default"}})
        TaskFetchInvokeActivity.model_validate(activity)
        return await self.dialog(activity)

    async def fills_in(self, user: str, card: Sent, shown: Json, **typed: str) -> Json:
        """Send a dialog's form; return what follows."""
        body = shown["task"]["value"]["card"]["content"]["body"]
        data = {**body[-1]["actions"][0]["data"], **typed}
        activity = self.invoke(user, card, "task/submit", {"data": data, "context": {"theme": "default"}})
        TaskSubmitInvokeActivity.model_validate(activity)
        return await self.dialog(activity)

    async def dialog(self, activity: Json) -> Json:
        answer = await self.sends(activity)
        TaskModuleResponse.model_validate(answer)
        if answer["task"]["type"] == "continue":
            AdaptiveCard.model_validate(answer["task"]["value"]["card"]["content"])
        return answer

    def invoke(self, user: str, card: Sent, name: str, value: Json) -> Json:
        about = {"type": "invoke", "name": name, "value": value, "replyToId": card.id}
        made = self.activity(user, card.id, **about)
        return {key: one for key, one in made.items() if key not in ("text", "textFormat", "attachments", "entities")}

    async def card(self) -> Sent:
        def found() -> list[Sent]:
            return [one for one in self.microsoft.sent if self.case.reference in json.dumps(one.activity)]

        async def posted() -> bool:
            return bool(found())

        await eventually(posted)
        return found()[0]

    async def shows(self, card: Sent, words: str) -> Sent:
        def now() -> Sent:
            return next((one for one in reversed(self.microsoft.updated) if one.id == card.id), card)

        async def shown() -> bool:
            return words in json.dumps(now().activity)

        await eventually(shown)
        return now()

    def under(self, card: Sent) -> list[Sent]:
        return [one for one in self.microsoft.said_in(f"{CHANNEL};messageid={card.id}") if one.id != card.id]

    async def hears(self, card: Sent, words: str) -> Sent:
        async def said() -> bool:
            return any(words in one.text for one in self.under(card))

        await eventually(said)
        return next(one for one in self.under(card) if words in one.text)

    async def settled(self) -> None:
        async def none_left() -> bool:
            queued = (OutboxItem.kind.in_((STAFF, STAFF_WRITTEN)), OutboxItem.state == "queued")
            async with self.gateway.ctx.db.read() as session:
                return await session.scalar(select(OutboxItem.id).where(*queued).limit(1)) is None

        await eventually(none_left, 120)

    async def notes(self) -> list[str]:
        query = select(Note.text).where(Note.conversation_id == self.case.conversation_id).order_by(Note.id)
        async with self.gateway.ctx.db.read() as session:
            return list(await session.scalars(query))

    async def replies(self) -> list[str]:
        here = (Message.conversation_id == self.case.conversation_id, Message.author == "technician")
        async with self.gateway.ctx.db.read() as session:
            return list(await session.scalars(select(Message.text).where(*here).order_by(Message.seq)))

    def hires(self, user: str, desk: Desk, **more: str) -> None:
        """Put a technician on the team's roster."""
        member = {
            "id": f"29:{user}",
            "name": desk.name,
            "aadObjectId": f"aad-{user}",
            "email": desk.email,
            "userPrincipalName": desk.email,
            "tenantId": OUR_TENANT,
            "userRole": "user",
            **more,
        }
        TeamsChannelAccount.model_validate(member)
        self.microsoft.roster[f"29:{user}"] = member


@pytest_asyncio.fixture
async def room(teams: Teams, gateway: Gateway, microsoft: FakeMicrosoft, tmp_path: Path) -> Room:
    (tmp_path / "support.yml").write_text(
        f"teams: {{applications: {{staff_channel: 'teams:{CHANNEL}'}}}}\n", encoding="utf-8"
    )
    gateway.ctx.support = load_support(tmp_path)
    anna, ben = await gateway.technician("Anna"), await gateway.technician("Ben")
    made = Room(teams, gateway, microsoft, Case(gateway.browser(), "", "", "", 0))
    made.hires("anna", anna)
    made.hires("ben", ben)
    # The bot was added to the channel, which names its region's address.
    await made.sends(made.activity("anna", None, type="conversationUpdate", membersAdded=[{"id": "28:bot"}]))
    made.case = await gateway.case(product_version="12.4", private={"error_text": "the ledger of Bob Miller is gone"})
    return made


async def claimed(room: Room) -> Sent:
    card = await room.card()
    assert await room.executes("anna", card, "Claim") == wording.CLAIMED_HERE
    return await room.shows(card, "Anna has it")


async def test_a_hand_off_is_a_card_in_a_thread_of_its_own(room: Room) -> None:
    card = await room.card()
    shown = json.dumps(card.activity)
    assert card.conversation == f"{CHANNEL};messageid={card.id}"
    assert "Quillbook crashes when I print an invoice" in shown and "12.4" in shown
    assert "mia@bakery.example" not in shown and "Bob Miller" not in shown and wording.CONFIDED in shown
    assert [one["title"] for one in card.buttons] == ["Claim", wording.OPEN_AT_DESK]


async def test_notes_stay_inside_and_the_button_sends_one_once(room: Room) -> None:
    card = await claimed(room)
    await room.writes("ben", "Please restart the spooler", card.id)
    answer = await room.hears(card, wording.KEPT_INSIDE)
    title = "Send to the customer"
    assert "You do not have this conversation" in await room.executes("ben", answer, title)
    assert await room.replies() == []
    assert await room.executes("anna", answer, title) == wording.NOTE_SENT
    assert await room.executes("anna", answer, title) == wording.SENT_ALREADY
    assert await room.replies() == ["Please restart the spooler"]
    await room.hears(card, "Sent to the customer.")


async def test_the_claimants_marked_message_is_sent_once_and_its_edits_are_not(room: Room) -> None:
    card = await claimed(room)
    written = await room.writes("anna", "!reply Please update.", card.id)
    for _ in range(2):
        await room.sends(written)
    await room.hears(card, "Sent to the customer.")
    edit = {**written, "type": "messageUpdate", "text": "!reply slipped", "attachments": []}
    edit["channelData"] = {**written["channelData"], "eventType": "editMessage"}
    await room.sends(edit)
    await room.hears(card, wording.EDITED_REPLY)
    deletion = {**edit, "type": "messageDelete", "text": ""}
    deletion["channelData"] = {**written["channelData"], "eventType": "softDeleteMessage"}
    await room.sends(deletion)
    await room.hears(card, wording.DELETED_REPLY)
    assert await room.replies() == ["Please update."]


@pytest.mark.parametrize(
    "why", ["nobody's address", "a guest", "an invited guest", "another tenant", "not on the roster"]
)
async def test_nobody_else_can_act_or_write(room: Room, why: str) -> None:
    card = await room.card()
    visitor = await room.gateway.technician("Vic")
    if why == "nobody's address":
        room.hires("vic", visitor, email="vic@elsewhere.example", userPrincipalName="vic@elsewhere.example")
    elif why == "a guest":
        room.hires("vic", visitor, userRole="guest")
    elif why == "an invited guest":
        room.hires("vic", visitor, userPrincipalName="vic_desk.example#EXT#@vendor.onmicrosoft.com")
    elif why == "another tenant":
        room.hires("vic", visitor, tenantId=CUSTOMER_TENANT)
    assert await room.executes("vic", card, "Claim") == wording.NO_ACCOUNT
    await room.writes("vic", "!reply hello", card.id)
    await room.writes("vic", "!reply hello again", card.id)
    await room.hears(card, "You are not a technician here")
    await room.settled()
    assert len(room.under(card)) == 1
    assert await room.notes() == [] and await room.replies() == []
    assert (await room.case.reads())["owner"] == "queue"


async def test_a_reply_is_written_in_a_dialog(room: Room) -> None:
    card = await claimed(room)
    shown = await room.opens("anna", card, "Reply")
    done = await room.fills_in("anna", card, shown, text="Please update.")
    assert done["task"] == {"type": "message", "value": wording.DONE}
    await room.fills_in("anna", card, shown, text="Please update.")
    assert await room.replies() == ["Please update."]
    said = await room.hears(card, "Please update.")
    assert "Anna to the customer:" in said.text


async def test_a_dialog_that_cannot_be_sent_keeps_its_words(room: Room) -> None:
    card = await claimed(room)
    shown = await room.opens("anna", card, "Reply")
    back = await room.opens("anna", card, "Give back")
    assert (await room.fills_in("anna", card, back, text=""))["task"]["value"] == wording.DONE
    again = await room.fills_in("anna", card, shown, text="Please update.")
    body = again["task"]["value"]["card"]["content"]["body"]
    assert "claim it first" in json.dumps(body[0]) and body[1]["value"] == "Please update."
    assert await room.replies() == []
    await room.shows(card, "Given back to the assistant by Anna")


async def test_a_missing_fact_a_transfer_and_a_resolution(room: Room) -> None:
    card = await claimed(room)
    shown = await room.opens("anna", card, "Ask a missing fact")
    reply = await room.fills_in("anna", card, shown, chosen="0")
    asks = reply["task"]["value"]["card"]["content"]["body"][0]["value"]
    await room.fills_in("anna", card, reply, text=asks)
    assert await room.replies() == [asks]
    shown = await room.opens("anna", card, "Resolve")
    assert shown["task"]["value"]["card"]["content"]["body"][0]["value"] == room.case.reference
    await room.fills_in("anna", card, shown, references=room.case.reference)
    await room.shows(card, "Resolved by Anna")


async def test_what_the_customer_writes_mentions_the_claimant(room: Room) -> None:
    card = await claimed(room)
    await room.case.write("It still crashes <script>")
    said = await room.hears(card, "It still crashes &lt;script&gt;")
    (entity,) = said.activity["entities"]
    assert entity["mentioned"] == {"id": "29:anna", "name": "Anna"} and entity["text"] in said.text


async def test_a_message_with_something_attached_stays_inside(room: Room) -> None:
    card = await claimed(room)
    written = room.activity("anna", card.id, text="!reply see the list")
    file = {"contentType": "reference", "contentUrl": "https://vendor.sharepoint.com/list.xlsx", "name": "list.xlsx"}
    html = {"contentType": "text/html", "content": '<p>!reply see the list</p><attachment id="1"></attachment>'}
    await room.sends({**written, "attachments": [file, html], "entities": []})
    await room.hears(card, "files leave from the desk only")
    assert await room.replies() == []


async def test_nothing_in_the_channel_is_a_customers(room: Room) -> None:
    await room.card()
    async with room.gateway.ctx.db.read() as session:
        before = len(list(await session.scalars(select(Conversation.id))))
    await room.writes("anna", "it crashes", None)
    await room.writes("ben", "!reply it crashes", "1700000000000")
    await room.settled()
    async with room.gateway.ctx.db.read() as session:
        assert len(list(await session.scalars(select(Conversation.id)))) == before
    assert await room.notes() == [] and await room.replies() == []


@pytest.mark.parametrize("messages", [50, pytest.param(150, marks=pytest.mark.slow)])
async def test_no_message_slips_to_the_customer(room: Room, messages: int) -> None:
    card, chance = await claimed(room), random.Random("slip in Teams")
    wanted: list[str] = []
    kept: list[str] = []
    for number in range(messages):
        words = f"w{number:03d} pay first"
        form = chance.choice(("!reply {}", "!Reply {}", "{}", "{} !reply", "!replay {}", "reply: {}"))
        user = chance.choice(("anna", "anna", "ben", "nobody"))
        thread = chance.choice((card.id, card.id, card.id, "1700000000000", None))
        written = await room.writes(user, form.format(words), thread)
        if chance.random() < 0.3:
            await room.sends(written)
        if chance.random() < 0.2:
            edit = {**written, "type": "messageUpdate", "text": f"!reply slipped {words}", "attachments": []}
            await room.sends({**edit, "channelData": {**written["channelData"], "eventType": "editMessage"}})
        if user != "nobody" and thread == card.id:
            (wanted if user == "anna" and form.lower().startswith("!reply") else kept).append(words)
    await room.settled()
    assert Counter(await room.replies()) == Counter(wanted) and len(wanted) > 5
    notes = [text for text in await room.notes() if wording.EDITED_NOTE not in text]
    assert Counter(next(word for word in text.split() if word[:2] in ("w0", "w1"))[:4] for text in notes) == Counter(
        words[:4] for words in kept
    )
