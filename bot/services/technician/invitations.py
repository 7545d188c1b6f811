"""One-time links to set a password: to join the desk, or after a password was forgotten.

The administrator is shown the link once, to pass it on; it is mailed too where mail works. Only its hash is stored.
"""

import secrets
from datetime import timedelta

from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import EmailExists, Invalid, NotFound
from bot.services.core.tokens import hash_token
from bot.services.mail import outgoing_mail
from bot.services.mail.outgoing_mail import OutgoingMail
from bot.services.technician import accounts, passwords
from bot.store.tables import Invitation, Technician
from bot.store.unit_of_work import unit_of_work

LIFE = timedelta(days=7)
INVITE, RESET = "invite", "reset"
BY_LINK = "link"
_OVER = "This link was used already, or is older than seven days. Ask for a new one; nothing was changed."


# Re-exported for the desk, which imports no tables.
NewLink = Invitation


@unit_of_work()
async def invite_technician(
    session: AsyncSession, ctx: Context, admin: Technician, *, email: str, name: str, role: str, team: str | None
) -> tuple[Invitation, str]:
    """Return a new invitation, replacing older ones for the same address, and the link's token.

    Raises Invalid for an invalid field, Conflict (``email_exists``).
    """
    email, name = accounts.checked_email(email), accounts.checked_name(name)
    accounts.check_place(ctx, role, team)
    if await accounts.by_email(session, email) is not None:
        raise EmailExists(f"{email} can sign in already; nothing was changed.")
    return await _new(session, ctx, admin, INVITE, email=email, name=name, role=role, team=team)


@unit_of_work()
async def reset_password(
    session: AsyncSession, ctx: Context, admin: Technician, technician_id: int
) -> tuple[Invitation, str]:
    """Return a link for a new password; the old one is valid until the link is used. Raises NotFound."""
    found = await session.get(Technician, technician_id)
    if found is None or not found.active:
        raise NotFound("There is no such technician who can sign in; nothing was changed.")
    return await _new(session, ctx, admin, RESET, email=found.email, name=found.name, role=found.role, team=found.team)


async def _new(
    session: AsyncSession,
    ctx: Context,
    admin: Technician,
    purpose: str,
    *,
    email: str,
    name: str,
    role: str,
    team: str | None,
) -> tuple[Invitation, str]:
    now, token = ctx.clock(), secrets.token_urlsafe(32)
    await session.execute(delete(Invitation).where((Invitation.email == email) | (Invitation.expires_at < now)))
    made = Invitation(
        token_hash=hash_token(token),
        purpose=purpose,
        email=email,
        name=name,
        role=role,
        team=team,
        invited_by=admin.id,
        created_at=now,
        expires_at=now + LIFE,
    )
    session.add(made)
    audit.record(session, audit.technician_actor(admin), f"technician.{purpose}", now, details={"role": role})
    return made, token


async def mail_it(ctx: Context, made: Invitation, link: str) -> bool:
    """Mail the link to its recipient; return True when mail works here, so that it may be on its way."""
    email = ctx.support.email
    text = email.texts.invitation.format(company=ctx.support.company, name=made.name, link=link)
    subject = email.subjects.invitation.format(company=ctx.support.company)
    letter = OutgoingMail(
        f"invitation:{made.token_hash}",
        "invitation",
        made.email,
        subject,
        text,
        useful_for=LIFE,
        secret=True,
    )
    async with ctx.db.write() as session:
        if not await outgoing_mail.works(session, ctx):
            return False
        return await outgoing_mail.enqueue(session, ctx, letter) is not None


async def use_invitation(ctx: Context, token: object, password: object) -> Technician:
    """Set the password that the link was made for, and consume the link.

    Raises NotFound for a link that is used or expired, Invalid (``weak_password``), which leaves the link usable.
    """
    if not isinstance(token, str) or not isinstance(password, str) or not token.isascii():
        raise Invalid("token and password must be text; nothing was changed.")
    async with ctx.db.read() as session:
        found = await _open(session, ctx, token)
    passwords.check_password(password, email=found.email)
    return await _use(ctx, found.token_hash, await passwords.hash_password(password))


@unit_of_work()
async def _use(session: AsyncSession, ctx: Context, token_hash: str, password_hash: str) -> Technician:
    """Use the link up and do what it is for, both or neither."""
    # Of two uses at once, one succeeds.
    used = await session.execute(delete(Invitation).where(Invitation.token_hash == token_hash).returning(Invitation))
    link = used.scalars().one_or_none()
    if link is None:
        raise NotFound(_OVER)
    if link.purpose == RESET:
        return await accounts.set_password_in(
            session, ctx, email=link.email, password_hash=password_hash, actor=BY_LINK
        )
    return await accounts.add_in(
        session,
        ctx,
        email=link.email,
        name=link.name,
        password_hash=password_hash,
        role=link.role,
        team=link.team if link.team in ctx.support.team_titles else None,
        actor=BY_LINK,
    )


async def _open(session: AsyncSession, ctx: Context, token: str) -> Invitation:
    found = await session.get(Invitation, hash_token(token))
    if found is None or found.expires_at <= ctx.clock():
        raise NotFound(_OVER)
    return found


async def list_invitations(ctx: Context) -> list[Invitation]:
    """Return unused invitations, newest first."""
    query = select(Invitation).where(Invitation.purpose == INVITE, Invitation.expires_at > ctx.clock())
    async with ctx.db.read() as session:
        return list(await session.scalars(query.order_by(Invitation.created_at.desc())))


@unit_of_work()
async def withdraw_invitation(session: AsyncSession, ctx: Context, admin: Technician, email: str) -> None:
    """Revoke the links for an address; raise NotFound when there is none."""
    now = ctx.clock()
    gone = await session.scalar(
        update(Invitation)
        .where(Invitation.email == accounts.normal_email(email), Invitation.expires_at > now)
        .values(expires_at=now)
        .returning(Invitation.email)
    )
    if gone is None:
        raise NotFound("There is no open invitation for that address; nothing was changed.")
    audit.record(session, audit.technician_actor(admin), "technician.uninvite", now)
