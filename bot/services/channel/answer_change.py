"""Answer an edit or a deletion of a message that was acted on: correct the open draft, or say that it was noted.

It is an item of the outbox, so that it happens once, whatever process dies, and only after the message's own turn.
"""

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.dialogue.draft import CONTACT, PRIVATE_PROBLEM, PROBLEM, TECHNICIAN_ONLY, AnswerFields, title_of
from bot.dialogue.intake.answer_question import contact_in
from bot.dialogue.intake.side_facts import joined_contact, mentioned_facts
from bot.services.conversation import lifecycle, transcript
from bot.services.core.context import Context
from bot.services.hand_off.pending_events import PENDING
from bot.services.intake import draft as drafts
from bot.services.intake.draft import Draft
from bot.services.outbox import leases
from bot.services.outbox.items import MESSAGE_CHANGE, SENT
from bot.services.outbox.outcomes import NotNeeded, NotYet
from bot.settings.support.gateway_wording import Wording
from bot.store.tables import (
    Conversation,
    InboundEvent,
    Intake,
    IntakeAnswer,
    Issue,
    Message,
    MessageChange,
    OutboxItem,
    Turn,
)
from bot.store.turn_events import OF_ITS_TURN
from bot.store.unit_of_work import unit_of_work
from bot.triage.hand_off.ownership import Owner

TURN_SECONDS = 1.0
BULLET = "• "
CORRECTED = "corrected"
# A plain yes or no leaves no answer in the draft, and was acted on all the same.
_ACTED_ON = ("affirm", "deny")


class MessageChangeSender:
    """Answers each change, in one transaction with the end of its outbox item."""

    kind, at_once = MESSAGE_CHANGE, 2

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    def targets(self) -> None:
        """Any message can be reached."""

    async def send(self, item: OutboxItem) -> None:
        """Answer the change; raises NotYet while the message waits for its turn, NotNeeded when it was erased."""
        await _send(self._ctx, item)


@unit_of_work()
async def _send(session: AsyncSession, ctx: Context, item: OutboxItem) -> None:
    payload = item.payload or {}
    conversation = await lifecycle.load(session, str(item.conversation_id), lock=True, erased=True)
    if conversation.erased_at is not None:
        raise NotNeeded
    change = await session.get_one(MessageChange, payload["change"])
    message = await session.get_one(Message, change.message_id)
    waiting = select(InboundEvent.id).where(InboundEvent.message_id == message.id, InboundEvent.status == PENDING)
    if await session.scalar(waiting.limit(1)) is not None:
        raise NotYet(TURN_SECONDS)
    said = None
    if conversation.owner != Owner.TECHNICIAN and not await _has_newer(session, change):
        said = await _answer(session, ctx, conversation, message, change, item)
    await leases.sent(session, item, ctx.clock(), payload={**payload, "said": said})


async def _has_newer(session: AsyncSession, change: MessageChange) -> bool:
    later = select(MessageChange.id).where(MessageChange.message_id == change.message_id, MessageChange.id > change.id)
    return await session.scalar(later.limit(1)) is not None


async def _answer(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    message: Message,
    change: MessageChange,
    item: OutboxItem,
) -> str | None:
    """Correct the draft, or say that the change was noted, once for edits and once for the deletion of each message.

    Return CORRECTED, or the kind of change that was noted, or None.
    """
    before = await _text_before(session, message, change)
    if change.text == before:
        return None  # a deletion was taken back
    draft = await drafts.current_draft(session, ctx.office_for(conversation), conversation.id)
    if draft is not None and draft.intake.state == "open" and change.text:
        corrected = await _correct(session, ctx, draft, message, before, change.text)
        if corrected:
            await _say_corrected(session, ctx, conversation, draft, message, corrected)
            return CORRECTED
    used = await _answers_from(session, conversation, message)
    if not used and not await _was_acted_on(session, message):
        return None
    if await _said_before(session, item, change.kind):
        return None
    intakes = [answer.intake_id for answer in used]
    issues = select(Issue.reference).where(Issue.intake_id.in_(intakes)).order_by(Issue.id.desc())
    text = _noted_words(ctx.support_for(conversation).wording, change, await session.scalar(issues.limit(1)))
    await _say(session, ctx, conversation, text, private=message.private)
    return change.kind


def _noted_words(words: Wording, change: MessageChange, reference: str | None) -> str:
    deleted = change.text is None
    if reference is None:
        return words.deletion_kept if deleted else words.edit_kept
    return (words.deletion_noted if deleted else words.edit_noted).format(reference=reference)


async def _say(session: AsyncSession, ctx: Context, conversation: Conversation, text: str, *, private: bool) -> None:
    await transcript.say(
        session, conversation, ctx.clock(), text, author_name=ctx.office_for(conversation).company, private=private
    )


async def _say_corrected(
    session: AsyncSession,
    ctx: Context,
    conversation: Conversation,
    draft: Draft,
    message: Message,
    names: list[str],
) -> None:
    shown = {ctx.office_for(conversation).line_label(name): title_of(draft.answers[name].value) for name in names}
    lines = "\n".join(f"{BULLET}{label}: {value}" for label, value in shown.items())
    confided = any(draft.answers[name].visibility == TECHNICIAN_ONLY for name in names)
    text = ctx.support_for(conversation).wording.edit_corrected.format(lines=lines)
    await _say(session, ctx, conversation, text, private=message.private or confided)


async def _text_before(session: AsyncSession, message: Message, change: MessageChange) -> str:
    """Return the wording that was last noted: of the change before this one, else of the message itself."""
    earlier = select(MessageChange.text).where(
        MessageChange.message_id == message.id, MessageChange.id < change.id, MessageChange.text.is_not(None)
    )
    return await session.scalar(earlier.order_by(MessageChange.id.desc()).limit(1)) or message.text


async def _correct(
    session: AsyncSession, ctx: Context, draft: Draft, message: Message, before: str, text: str
) -> list[str]:
    """Let the answers that were taken from the message say what it says now; return which changed.

    An answer that is just asked for anew is left to the customer's next message.
    """
    corrected = []
    for name, answer in list(draft.answers.items()):
        value = _value_now(draft, name, answer, message, before, text) if name != draft.intake.asking else None
        if value and value != answer.value:
            await drafts.save_answer(session, draft, name, value, ctx.clock(), message_id=message.id)
            corrected.append(name)
    return corrected


def _value_now(draft: Draft, name: str, answer: AnswerFields, message: Message, before: str, text: str) -> str | None:
    """Return the answer as the edited message gives it; None when the answer is not its, or cannot be told from it."""
    for old in dict.fromkeys((before, message.text)):
        if name in (PROBLEM, PRIVATE_PROBLEM) and _is_part(old, answer.value):
            return f"\n{answer.value}\n".replace(f"\n{old}\n", f"\n{text}\n", 1).strip("\n")
    if answer.message_id != message.id:
        return None
    if name == CONTACT:
        given = contact_in(text)
        return joined_contact(given, answer.value) if given else None
    if answer.value.strip() in (before.strip(), message.text.strip()):
        return text
    return mentioned_facts(draft, draft.support.details_of(text)).get(name)


async def _answers_from(session: AsyncSession, conversation: Conversation, message: Message) -> list[IntakeAnswer]:
    """Return the answers of all drafts of the conversation that were taken from the message."""
    problems = IntakeAnswer.question_id.in_((PROBLEM, PRIVATE_PROBLEM))
    query = (
        select(IntakeAnswer)
        .join(Intake, Intake.id == IntakeAnswer.intake_id)
        .where(Intake.conversation_id == conversation.id, or_(IntakeAnswer.message_id == message.id, problems))
    )
    found = list(await session.scalars(query))
    return [one for one in found if one.message_id == message.id or _is_part(message.text, one.value)]


def _is_part(text: str, problem: str) -> bool:
    """Return whether a message stands in the description of a problem, which has a line for each."""
    return bool(text) and f"\n{text}\n" in f"\n{problem}\n"


async def _was_acted_on(session: AsyncSession, message: Message) -> bool:
    acted = (
        select(Turn.id)
        .join(InboundEvent, OF_ITS_TURN)
        .where(InboundEvent.message_id == message.id, Turn.intent.in_(_ACTED_ON))
    )
    return await session.scalar(acted.limit(1)) is not None


async def _said_before(session: AsyncSession, item: OutboxItem, kind: str) -> bool:
    """Return whether an earlier change of this kind of the same message was said to be noted."""
    earlier = select(OutboxItem.payload).where(
        OutboxItem.kind == MESSAGE_CHANGE,
        OutboxItem.target == item.target,
        OutboxItem.state == SENT,
        OutboxItem.id != item.id,
    )
    return any((payload or {}).get("said") == kind for payload in await session.scalars(earlier))
