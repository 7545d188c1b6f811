"""A gateway whose applications team has a staff channel in Slack, and technicians who write there."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import select

from bot.services.outbox.items import STAFF, STAFF_WRITTEN
from bot.settings.support.load import load_support
from bot.settings.support.support import Support
from bot.store.tables import Message, Note, OutboxItem
from tests.channels.slack.conftest import Slack
from tests.support import slack_staff as staff
from tests.support.fake_slack import FakeSlack
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually
from tests.support.slack_staff import CHANNEL, Json

FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def support_with(tmp_path: Path, thread: str = "notes") -> Support:
    """The product's settings with a staff channel for the applications team."""
    written = f"{staff.SUPPORT_YML}staff_channels: {{thread: {thread}}}\n"
    (tmp_path / "support.yml").write_text(written, encoding="utf-8")
    return load_support(tmp_path)


@dataclass
class Member:
    """Somebody in the staff channel."""

    channel: "StaffChannel"
    user: str

    async def writes(self, text: str, thread: str | None, **changes: Any) -> Json:
        envelope = staff.message_event(self.user, text, self.channel.ts(), thread, **changes)
        await self.channel.sends(envelope)
        return envelope

    async def presses(self, message: Json, title: str, team: str = "T0HOST") -> None:
        payload = staff.press_payload(self.user, message, title, team)
        answer = await self.channel.slack.post("interactions", staff.payload_body(payload), **FORM)
        assert (answer.status_code, answer.content) == (200, b""), answer.text

    async def opens(self, message: Json, title: str) -> Json:
        """Press a button that opens a form; return the form."""
        before = len(self.channel.fake.views)
        await self.presses(message, title)
        await eventually(lambda: self.channel.has(len(self.channel.fake.views) > before))
        view: Json = self.channel.fake.views[-1]["view"]
        return view

    async def fills_in(self, view: Json, view_id: str = "V1", **values: str | list[str]) -> Json:
        """Send a form; return what Slack is told to show, empty when it closes."""
        payload = staff.form_payload(self.user, view, values, view_id)
        answer = await self.channel.slack.post("interactions", staff.payload_body(payload), **FORM)
        assert answer.status_code == 200, answer.text
        return json.loads(answer.content) if answer.content else {}

    async def commands(self, text: str, team: str = "T0HOST") -> Json:
        answer = await self.channel.slack.post("commands", staff.command_body(self.user, text, team), **FORM)
        assert answer.status_code == 200, answer.text
        found: Json = answer.json()
        return found


@dataclass
class StaffChannel:
    """The staff channel as a test sees it."""

    slack: Slack
    gateway: Gateway
    fake: FakeSlack

    def ts(self) -> str:
        return staff.new_ts(lambda: self.gateway.clock().timestamp() + 1)

    async def has(self, condition: bool) -> bool:
        return condition

    async def sends(self, envelope: Json) -> httpx.Response:
        body = json.dumps(envelope).encode()
        answer = await self.slack.post("events", body, **{"Content-Type": "application/json"})
        assert answer.status_code == 200, answer.text
        return answer

    def member(self, user: str, desk: Desk | None = None) -> Member:
        """Somebody there; with ``desk`` their profile has the address of that technician."""
        self.fake.people[user] = desk.name if desk else user
        if desk is not None:
            self.fake.emails[user] = desk.email
        return Member(self, user)

    async def card(self, reference: str) -> Json:
        """Wait for the card of an issue."""
        return await self.slack.hears(f"*{reference}*")

    def shown(self, card: Json) -> Json:
        """The card as it is now."""
        updates = [one for one in self.fake.updated if one["ts"] == card["ts"]]
        return {**card, **updates[-1]} if updates else card

    async def shows(self, card: Json, words: str) -> Json:
        """Wait until the card shows these words."""
        await eventually(lambda: self.has(words in json.dumps(self.shown(card), ensure_ascii=False)))
        return self.shown(card)

    def under(self, card: Json) -> list[str]:
        """Return our messages under the card."""
        return [one["text"] for one in staff.posted_under(self.fake, card["ts"])]

    async def hears(self, card: Json, words: str) -> Json:
        """Wait for words of ours under the card."""
        await eventually(lambda: self.has(any(words in one for one in self.under(card))))
        return next(one for one in staff.posted_under(self.fake, card["ts"]) if words in one["text"])

    async def alone(self, user: str, words: str) -> None:
        """Wait for words that only this person is shown."""
        await eventually(
            lambda: self.has(any(one["user"] == user and words in one["text"] for one in self.fake.ephemeral))
        )

    async def settled(self) -> None:
        """Wait until everything that was written there has been settled and shown."""

        async def none_left() -> bool:
            query = select(OutboxItem.id).where(
                OutboxItem.kind.in_((STAFF, STAFF_WRITTEN)), OutboxItem.state == "queued"
            )
            async with self.gateway.ctx.db.read() as session:
                return await session.scalar(query.limit(1)) is None

        await eventually(none_left, 120)

    async def notes(self, case: Case) -> list[str]:
        async with self.gateway.ctx.db.read() as session:
            found = select(Note.text).where(Note.conversation_id == case.conversation_id).order_by(Note.id)
            return list(await session.scalars(found))

    async def replies(self, case: Case) -> list[str]:
        """Return the stored messages of technicians to the customer."""
        query = select(Message.text).where(
            Message.conversation_id == case.conversation_id, Message.author == "technician"
        )
        async with self.gateway.ctx.db.read() as session:
            return list(await session.scalars(query.order_by(Message.seq)))


__all__ = ["CHANNEL", "Member", "StaffChannel", "support_with"]
