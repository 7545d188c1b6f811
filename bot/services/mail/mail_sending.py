"""Send what is queued: each mail by one gateway at a time, again and again until taken, refused or too late."""

from datetime import timedelta

from sqlalchemy import select, update

from bot.services.core.context import Context
from bot.services.mail.mail_server import MailServer, Refused, message_of
from bot.services.mail.outgoing_mail import BOUNCED, EXPIRED, FILED, QUEUED, SENT
from bot.store.tables import Mail

# How long one try may take. A gateway that dies in the middle leaves the mail due again after that.
LEASE = timedelta(minutes=2)
# Greylisting servers want some minutes between two tries.
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=1), timedelta(minutes=30)
AT_ONCE = 20


async def send_due(ctx: Context, server: MailServer) -> int:
    """Try every mail that is due, oldest first; how many left."""
    left = 0
    for mail_id in await _due(ctx):
        mail = await _take(ctx, mail_id)
        if mail is None:
            continue
        try:
            await server.take(mail, message_of(ctx, mail))
        except Refused as refused:
            await _not_taken(ctx, mail, refused)
            if refused.trouble:
                break
        else:
            await _taken(ctx, mail, SENT if server.delivers else FILED)
            left += 1
    return left


async def _due(ctx: Context) -> list[int]:
    query = select(Mail.id).where(Mail.state == QUEUED, Mail.due_at <= ctx.clock()).order_by(Mail.due_at, Mail.id)
    async with ctx.db.read() as session:
        return list(await session.scalars(query.limit(AT_ONCE)))


async def _take(ctx: Context, mail_id: int) -> Mail | None:
    """Lease the mail; None when another gateway has it, or nobody is helped by it any more."""
    now = ctx.clock()
    mine = update(Mail).where(Mail.id == mail_id, Mail.state == QUEUED, Mail.due_at <= now)
    async with ctx.db.write() as session:
        late = mine.where(Mail.expires_at <= now).values(state=EXPIRED, done_at=now, body="")
        await session.execute(late)
        taken = mine.values(due_at=now + LEASE, attempts=Mail.attempts + 1).returning(Mail.id)
        if await session.scalar(taken) is None:
            return None
        return await session.get_one(Mail, mail_id)


async def _taken(ctx: Context, mail: Mail, state: str) -> None:
    now = ctx.clock()
    async with ctx.db.write() as session:
        done = {"state": state, "done_at": now, "tried_at": now, "trouble": False, "problem": None}
        if mail.secret:
            done["body"] = ""
        await session.execute(update(Mail).where(Mail.id == mail.id).values(done))
        # The server is back: what waited for it need not wait any longer.
        waiting = update(Mail).where(Mail.state == QUEUED, Mail.trouble, Mail.due_at > now)
        await session.execute(waiting.values(due_at=now))


async def _not_taken(ctx: Context, mail: Mail, refused: Refused) -> None:
    now = ctx.clock()
    wait = min(LONGEST_WAIT, FIRST_WAIT * 2 ** min(mail.attempts - 1, 10))
    told = {"tried_at": now, "trouble": refused.trouble, "problem": refused.problem[:100]}
    if refused.for_good:
        told |= {"state": BOUNCED, "done_at": now}
        if mail.secret:
            told["body"] = ""
    else:
        told["due_at"] = now + wait
    async with ctx.db.write() as session:
        await session.execute(update(Mail).where(Mail.id == mail.id).values(told))
