"""On the phone with a customer, and "I will reply by …": what stops the silence rule, and the customer sees it."""

from datetime import datetime, timedelta

from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import work_minutes
from bot.services.conversation import transcript
from bot.services.core import audit, hours_wording
from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NoCall, OnThePhone
from bot.services.hand_off import phone_calls, silence, transitions
from bot.services.issue import issue_status
from bot.services.technician import access
from bot.store.tables import Issue, Technician
from bot.store.unit_of_work import after_commit, unit_of_work
from bot.triage.hand_off.ownership import Owner
from bot.triage.issue.issue_status import IssueStatus

LONGEST_PROMISE = timedelta(days=60)
MOST_MINUTES = 600


@unit_of_work()
async def begin_call(session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str) -> None:
    """Tell the customer that their technician calls; raises Conflict (``not_owner``, ``on_the_phone``)."""
    now = ctx.clock()
    conversation = await transitions.owned_by(session, conversation_id, technician)
    if await phone_calls.going_on(session, conversation_id) is not None:
        raise OnThePhone("You are on the phone with this customer already.")
    phone_calls.begin_call(session, conversation, technician, now)
    audit.record(session, audit.technician_actor(technician), "call.begin", now, conversation=conversation)
    text = ctx.support_for(conversation).wording.calling.format(technician=technician.name)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)
    after_commit(session, transitions.wake_conversation, ctx, conversation)


@unit_of_work()
async def end_call(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, minutes: object = None
) -> int:
    """Keep how long the call took, in minutes: as stated, else measured.

    Raises Conflict (``not_owner``, ``no_call``) or Invalid.
    """
    stated = _minutes(minutes)
    now = ctx.clock()
    conversation = await transitions.owned_by(session, conversation_id, technician)
    call = await phone_calls.end_open(session, conversation_id, now, stated)
    if call is None or call.minutes is None:
        raise NoCall("No call is going on with this customer; nothing was kept.")
    if call.issue_id is not None and call.minutes > 0:
        issue = await session.get_one(Issue, call.issue_id)
        await work_minutes.add_minutes(session, ctx, issue, technician, call.minutes, work_minutes.CALL)
    details = {"minutes": call.minutes}
    audit.record(
        session, audit.technician_actor(technician), "call.end", now, conversation=conversation, details=details
    )
    text = ctx.support_for(conversation).wording.call_over.format(technician=technician.name)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)
    after_commit(session, transitions.wake_conversation, ctx, conversation)
    return call.minutes


@unit_of_work()
async def promise_reply(
    session: AsyncSession, ctx: Context, technician: Technician, conversation_id: str, until: object
) -> None:
    """Tell the customer by when they have an answer; until then the silence rule waits and the issue waits for us.

    Raises Invalid for a moment that cannot be promised, Conflict (``not_owner``).
    """
    now = ctx.clock()
    by = moment_to_come(until, now)
    conversation = await transitions.owned_by(session, conversation_id, technician)
    issue = await transitions.issue_of(session, conversation)
    conversation.promised_until = by
    actor = audit.technician_actor(technician)
    issue_status.change_status(session, issue, IssueStatus.WAITING_UNTIL, actor=actor, now=now, until=by)
    when = hours_wording.moment_in_words(ctx.support_for(conversation), by, now, conversation.time_zone)
    text = ctx.support_for(conversation).wording.reply_promised.format(technician=technician.name, until=when)
    await transcript.say(session, conversation, now, text, author_name=ctx.office_for(conversation).company)
    after_commit(session, transitions.wake_conversation, ctx, conversation)


async def customer_waits(ctx: Context, technician: Technician, conversation_id: str) -> bool:
    """Return whether the conversation is the technician's and its customer has no answer and no promise of one.

    Raises NotFound when they may not read it.
    """
    async with ctx.db.read() as session:
        conversation = await access.load_readable(session, technician, conversation_id)
        promised = conversation.promised_until is not None and conversation.promised_until > ctx.clock()
        if conversation.technician_id != technician.id or conversation.owner != Owner.TECHNICIAN or promised:
            return False
        return await silence.unanswered_since(session, conversation_id) is not None


def moment_to_come(written: object, now: datetime) -> datetime:
    """Return a moment in ISO 8601 with its offset, between now and sixty days on; raises Invalid."""
    try:
        moment = datetime.fromisoformat(written) if isinstance(written, str) else None
    except ValueError:
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid("Name the moment with its time zone, such as 2026-06-17T15:00:00-04:00; nothing was changed.")
    if not now < moment <= now + LONGEST_PROMISE:
        raise Invalid("The moment must lie ahead, at most sixty days; nothing was changed.")
    return moment


def _minutes(minutes: object) -> int | None:
    if minutes is None:
        return None
    if isinstance(minutes, bool) or not isinstance(minutes, int) or not 0 <= minutes <= MOST_MINUTES:
        raise Invalid(f"minutes must be a whole number up to {MOST_MINUTES}; nothing was kept.")
    return minutes
