"""Technicians' sessions: begun with e-mail and password, ended by timeout, sign-out, or a new password.

The browser holds a random token in a cookie that scripts cannot read; the database holds only its hash. The CSRF token
is derived from it: a page can get it again after a reload, and nothing secret is stored:
https://cheatsheetseries.owasp.org/cheatsheets/Cross-Site_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import base64
import hashlib
import hmac
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core import audit
from bot.services.core.context import Context
from bot.services.core.errors import BadSignIn, Unauthorised
from bot.services.core.tokens import hash_token
from bot.services.technician import accounts, known_browser, passwords, sign_in_throttle
from bot.store.tables import DeskSession, Technician

IDLE = timedelta(hours=12)
LONGEST = timedelta(hours=24)
SLIDE_AFTER = timedelta(minutes=10)


@dataclass(frozen=True)
class SignedIn:
    """A request's session: its technician, and the hash of its CSRF token."""

    technician: Technician
    token_hash: str
    csrf_hash: str

    def takes(self, csrf: str | None) -> bool:
        """Return True for the session's CSRF token."""
        return csrf is not None and hmac.compare_digest(
            hashlib.sha256(csrf.encode("utf-8", "surrogatepass")).hexdigest(), self.csrf_hash
        )


@dataclass(frozen=True)
class NewSession:
    token: str
    csrf_token: str
    technician: Technician


async def sign_in(
    ctx: Context, email: str, password: str, *, address: str, replaces: str | None = None, known: str | None = None
) -> NewSession:
    """Begin a session; the one of token ``replaces``, if any, ends. ``known``: the cookie of an earlier sign-in.

    Raises BadSignIn in constant time whether or not the e-mail is known, TooMany when throttled.
    """
    email = accounts.normal_email(email)
    if not (passwords.is_text(email) and passwords.is_text(password)):
        raise BadSignIn(_WRONG)
    async with ctx.db.read() as session:
        account = await accounts.by_email(session, email)
    browser = known if known_browser.is_known(ctx, account, known) else None
    attempt = await sign_in_throttle.count_attempt(ctx, email, address, browser)
    stored = account.password_hash if account is not None and account.active else None
    if not await passwords.verify_password(password[: passwords.LONGEST + 1], stored):
        raise BadSignIn(_WRONG)
    renewed = await passwords.hash_password(password) if stored and passwords.is_outdated(stored, password) else stored
    async with ctx.db.write() as session:
        technician = await accounts.by_email(session, email)
        # A new password may have been set while the old one was being verified.
        if technician is None or not technician.active or technician.password_hash != stored or renewed is None:
            raise BadSignIn(_WRONG)
        technician.password_hash = renewed
        await sign_in_throttle.clear_attempts(session, email, attempt, browser)
        if replaces is not None:
            await session.execute(delete(DeskSession).where(DeskSession.token_hash == hash_token(replaces)))
        return _begin(session, technician, ctx.clock())


_WRONG = "E-mail and password do not match. Check both; Caps Lock may be on."


def _begin(session: AsyncSession, technician: Technician, now: datetime) -> NewSession:
    token = secrets.token_urlsafe(32)
    csrf = csrf_token(token)
    session.add(
        DeskSession(
            token_hash=hash_token(token),
            csrf_hash=hash_token(csrf),
            technician_id=technician.id,
            created_at=now,
            expires_at=now + IDLE,
        )
    )
    audit.record(session, audit.technician_actor(technician), "desk.sign_in", now)
    return NewSession(token, csrf, technician)


def csrf_token(token: str) -> str:
    """Return the CSRF token of a session's token."""
    digest = hmac.new(token.encode("utf-8", "surrogatepass"), b"techref desk csrf", hashlib.sha256).digest()
    return base64.urlsafe_b64encode(digest).decode().rstrip("=")


async def find_session(ctx: Context, token: str | None) -> SignedIn:
    """Return the session of this token; 12 h without use, or 24 h in all, end it.

    Raises Unauthorised.
    """
    if not token or not token.isascii():
        raise Unauthorised("Sign in at the desk first.")
    found = await check_session(ctx, hash_token(token))
    if found is None:
        raise Unauthorised("Your session has ended. Sign in again; what you were writing is kept in this browser.")
    return found


async def check_session(ctx: Context, token_hash: str, *, in_use: bool = True) -> SignedIn | None:
    """Return the session of this hash if it is still valid; None when it has ended.

    ``in_use`` restarts its idle timeout; an event stream that is merely open does not.
    """
    now = ctx.clock()
    async with ctx.db.read() as session:
        row = await session.get(DeskSession, token_hash)
        technician = await session.get(Technician, row.technician_id) if row else None
    if row is None or technician is None or not technician.active or row.expires_at <= now:
        return None
    until = min(now + IDLE, row.created_at + LONGEST)
    if in_use and until - row.expires_at > SLIDE_AFTER:
        await _slide(ctx, token_hash, until)
    return SignedIn(technician, token_hash, row.csrf_hash)


async def _slide(ctx: Context, token_hash: str, until: datetime) -> None:
    async with ctx.db.write() as session:
        row = await session.get(DeskSession, token_hash)
        if row is not None:
            row.expires_at = until


async def sign_out(ctx: Context, signed_in: SignedIn) -> None:
    """End this session."""
    now = ctx.clock()
    async with ctx.db.write() as session:
        over = (DeskSession.token_hash == signed_in.token_hash) | (DeskSession.expires_at <= now)
        await session.execute(delete(DeskSession).where(over))
        audit.record(session, audit.technician_actor(signed_in.technician), "desk.sign_out", now)
