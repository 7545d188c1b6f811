"""Messages under a card: kept as a note, or sent to the customer when the claimant says so, each once.

It is stored when it comes, as an item of the outbox, and settled once it is known who wrote it: in one transaction with
the note or the message that it becomes and with the answer to it.
"""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.channel.receive import Incoming
from bot.services.conversation import lifecycle, staff_items
from bot.services.core.context import Context
from bot.services.core.input_text import TEXT_LIMIT
from bot.services.desk.technician_messages import add_note_in, send_within
from bot.services.hand_off.open_hand_offs import CLAIMED, WAITING
from bot.services.outbox import items, leases
from bot.services.outbox.items import STAFF_WRITTEN
from bot.services.staff_channel import wording
from bot.services.staff_channel.people import technician_of
from bot.settings.support.teams import ALERTS_ONLY, REPLIES, StaffChannels
from bot.store.tables import (
    Conversation,
    HandOff,
    Message,
    Note,
    OutboxItem,
    StaffMessage,
    StaffPlace,
    StaffThread,
    Technician,
)
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner
from bot.triage.privacy.redaction import redact_cards
from bot.triage.text.plain_text import visible

NOTE, REPLY, REFUSED = "note", "reply", "refused"
FILE_LINE = "File in the thread: {name}"


@dataclass(frozen=True)
class Written:
    """A message under a card, or the change of one. ``thread`` is the platform's id of the card that it stands under.

    ``event`` names this very event, ``outside_id`` the message. ``at``: when it was written, by the platform's clock.
    ``text`` is in our notation; None for a deletion. ``broadcast``: it was shown to the whole channel as well.
    """

    platform: str
    workspace: str
    channel: str
    thread: str
    outside_id: str
    event: str
    user_id: str
    text: str | None
    at: datetime
    change: bool = False
    files: tuple[str, ...] = ()
    broadcast: bool = False


@unit_of_work(priority=True)
async def receive(session: AsyncSession, ctx: Context, written: Written) -> bool:
    """Store what was written, once however often it comes; return whether it stands under a card of ours."""
    query = (
        select(StaffThread)
        .join(StaffPlace, StaffPlace.id == StaffThread.place_id)
        .where(
            StaffPlace.platform == written.platform,
            StaffPlace.workspace == written.workspace,
            StaffPlace.channel == written.channel,
            StaffThread.thread == written.thread,
        )
    )
    thread = await session.scalar(query)
    if thread is None:
        return False
    text = None if written.text is None else redact_cards(visible(written.text).strip()).text
    payload = {**asdict(written), "text": text, "at": written.at.isoformat(), "files": list(written.files)}
    await items.enqueue(
        session,
        kind=STAFF_WRITTEN,
        key=f"staff_written:{thread.id}:{written.event}"[:200],
        target=written.platform,
        now=ctx.clock(),
        lane=f"staff:{thread.id}",
        conversation_id=thread.conversation_id,
        hand_off_id=thread.hand_off_id,
        payload=payload,
    )
    after_commit(session, ctx.wake, thread.conversation_id)
    return True


@dataclass(frozen=True)
class _Settling:
    """All that the fate of one message depends on, under the conversation's lock."""

    session: AsyncSession
    ctx: Context
    conversation: Conversation
    thread: StaffThread
    hand_off: HandOff
    payload: dict[str, Any]
    platform: str

    @property
    def now(self) -> datetime:
        return self.ctx.clock()

    @property
    def rules(self) -> StaffChannels:
        return self.ctx.support.staff_channels

    @property
    def text(self) -> str:
        return self.payload["text"] or ""

    async def answer(self, key: str, words: str, *, only_to: str | None = None, note: int | None = None) -> None:
        """Answer in the thread, or to one person; ``note`` is the written message that a button sends."""
        await staff_items.enqueue_answer(
            self.session, self.thread, self.platform, key, self.now, words=words, only_to=only_to, note=note
        )


@unit_of_work()
async def settle(session: AsyncSession, ctx: Context, item: OutboxItem, emails: Sequence[str]) -> None:
    """Make the message a note, or a reply to the customer, and end its item; ``emails`` are its writer's."""
    payload = item.payload or {}
    conversation = await lifecycle.load(session, str(item.conversation_id), lock=True, erased=True)
    thread = await session.scalar(select(StaffThread).where(StaffThread.hand_off_id == item.hand_off_id))
    if conversation.erased_at is None and thread is not None:
        hand_off = await session.get_one(HandOff, thread.hand_off_id, populate_existing=True)
        now = _Settling(session, ctx, conversation, thread, hand_off, payload, item.target)
        if payload["change"]:
            await _change(now)
        elif await _message_of(now) is None:
            await _keep(now, await technician_of(session, emails))
    await leases.sent(session, item, ctx.clock(), payload={**payload, "text": "", "files": []})
    after_commit(session, ctx.wake, conversation.id)


async def _message_of(now: _Settling) -> StaffMessage | None:
    query = select(StaffMessage).where(
        StaffMessage.thread_id == now.thread.id, StaffMessage.outside_id == now.payload["outside_id"]
    )
    found: StaffMessage | None = await now.session.scalar(query)
    return found


async def _keep(now: _Settling, technician: Technician | None) -> None:
    user = now.payload["user_id"]
    if technician is None:
        _record(now, None, REFUSED)
        await now.answer(f"no-account:{user}", wording.NO_ACCOUNT, only_to=user)
        return
    if now.rules.thread == ALERTS_ONLY:
        _record(now, technician, REFUSED)
        await now.answer("only-alerts", wording.ONLY_ALERTS)
        return
    marked, body = marked_text(now.rules, now.text)
    if marked != REPLY and not (marked is None and _replies_without_marker(now, technician)):
        await _note(now, technician, body)
        return
    obstacle = _obstacle(now, technician, body)
    if obstacle is not None:
        await _refuse_reply(now, technician, body, obstacle)
        return
    await _reply(now, technician, body)


def marked_text(rules: StaffChannels, text: str) -> tuple[str | None, str]:
    """Return the meaning of the marker that the text begins with, if any, and the text behind it.

    A marker stands alone: a word that only begins like it is none.
    """
    first, _, _ = text.partition("\n")
    word = first.split(maxsplit=1)[0] if first.split() else ""
    marks = {rules.reply_marker: REPLY, rules.note_marker: NOTE}
    meaning = marks.get(word.lower()) if text.startswith(word) else None
    return meaning, text[len(word) :].strip() if meaning else text


def _replies_without_marker(now: _Settling, technician: Technician) -> bool:
    """Return whether a message without a marker is a reply: of the claimant, and not shown to the whole channel."""
    return now.rules.thread == REPLIES and not now.payload["broadcast"] and _is_claimant(now, technician)


def _is_claimant(now: _Settling, technician: Technician) -> bool:
    """Return whether the conversation is this technician's, by this very hand-off."""
    held, owned = now.hand_off, now.conversation
    return (
        held.state == CLAIMED
        and held.technician_id == technician.id
        and owned.owner == Owner.TECHNICIAN
        and owned.technician_id == technician.id
    )


def _obstacle(now: _Settling, technician: Technician, body: str) -> str | None:
    """Return why the body cannot go to the customer; None when it can."""
    if not body:
        return wording.EMPTY_REPLY.format(marker=now.rules.reply_marker)
    if now.payload["files"]:
        return wording.HAS_FILES
    if len(body) > TEXT_LIMIT:
        return wording.TOO_LONG.format(most=TEXT_LIMIT)
    if now.hand_off.state == WAITING:
        return wording.NOT_CLAIMED
    if now.hand_off.state != CLAIMED:
        return wording.ENDED
    if not _is_claimant(now, technician):
        return wording.NOT_THEIRS_TO_REPLY
    claimed = now.hand_off.claimed_at
    if claimed is None or datetime.fromisoformat(now.payload["at"]) < claimed:
        return wording.WRITTEN_BEFORE
    return None


async def _reply(now: _Settling, technician: Technician, body: str) -> None:
    incoming = Incoming(f"staff:{now.thread.id}:{now.payload['outside_id']}", text=body)
    message_id = await send_to_customer(now.session, now.ctx, technician, now.conversation, incoming)
    _record(now, technician, REPLY, message_id=message_id)


async def send_to_customer(
    session: AsyncSession, ctx: Context, technician: Technician, conversation: Conversation, incoming: Incoming
) -> int:
    """Send a message as the desk does; return its id."""
    accepted = await send_within(session, ctx, technician, conversation.id, incoming)
    query = select(Message.id).filter_by(conversation_id=conversation.id, seq=accepted.message["seq"])
    return (await session.scalars(query)).one()


async def _refuse_reply(now: _Settling, technician: Technician, body: str, why: str) -> None:
    """Keep what was to be a reply as a note, and say why it was not sent."""
    kept = await _kept(now, technician, body)
    now.thread.explained = True
    words = wording.NOT_SENT.format(why=why)
    if body or now.payload["files"]:
        words = f"{words} {wording.KEPT_AS_NOTE}"
    await now.answer(f"refused:{now.payload['outside_id']}", words, note=kept)


async def _note(now: _Settling, technician: Technician, body: str) -> None:
    """Keep a note. The first of a thread is answered, and each that looks like a marker that was mistyped."""
    kept = await _kept(now, technician, body)
    mistyped = now.text[:1] in (now.rules.reply_marker[0], now.rules.note_marker[0]) and body == now.text
    if not now.thread.explained or mistyped:
        now.thread.explained = True
        await now.answer(f"kept:{now.payload['outside_id']}", wording.KEPT_INSIDE, note=kept)


async def _kept(now: _Settling, technician: Technician, body: str) -> int | None:
    """Store the note; return the id of the written message if a button can send it, which leaves files out."""
    files = [FILE_LINE.format(name=name) for name in now.payload["files"]]
    text = "\n".join(filter(None, [body, *files]))
    pieces = [text[start : start + TEXT_LIMIT] for start in range(0, len(text), TEXT_LIMIT)]
    notes = [
        await add_note_in(now.session, now.ctx, technician, now.conversation.id, one) for one in pieces if one.strip()
    ]
    only = notes[0]["note_id"] if len(notes) == 1 and not files else None
    record = _record(now, technician, NOTE if notes else REFUSED, note_id=notes[0]["note_id"] if notes else None)
    await now.session.flush()
    return record.id if only is not None else None


def _record(now: _Settling, technician: Technician | None, outcome: str, **became: int | None) -> StaffMessage:
    record = StaffMessage(
        thread_id=now.thread.id,
        outside_id=now.payload["outside_id"],
        user_id=now.payload["user_id"],
        technician_id=technician.id if technician else None,
        outcome=outcome,
        created_at=now.now,
        **became,
    )
    now.session.add(record)
    return record


async def _change(now: _Settling) -> None:
    """Note an edit or a deletion beside what was kept. It sends nothing, and takes nothing back."""
    record = await _message_of(now)
    if record is None or record.technician_id is None:
        return
    technician = await now.session.get_one(Technician, record.technician_id)
    deleted = now.payload["text"] is None
    before = await now.session.get(Note, record.note_id) if record.note_id else None
    if not deleted and before is not None and before.text == now.text:
        return
    record.changed = True
    words = wording.DELETED_NOTE if deleted else f"{wording.EDITED_NOTE}\n{now.text}"[:TEXT_LIMIT]
    await add_note_in(now.session, now.ctx, technician, now.conversation.id, words)
    if record.message_id is not None:
        answer = wording.DELETED_REPLY if deleted else wording.EDITED_REPLY
        await now.answer(f"changed:{record.id}:{'deleted' if deleted else 'edited'}", answer)
