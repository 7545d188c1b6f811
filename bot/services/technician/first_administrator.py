"""The link with which the first administrator of a new installation makes an account, in the browser alone.

Whoever starts an installation in which nobody can sign in is shown it. It names nobody, works once, within seven days,
and no longer once there is an account. Only its hash is stored, in TECHREF_HOME.
"""

import secrets
from pathlib import Path

from sqlalchemy import exists, select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.core.context import Context
from bot.services.core.errors import Invalid, NotFound
from bot.services.core.tokens import hash_token
from bot.services.technician import accounts, passwords
from bot.services.technician.invitations import BY_LINK, LIFE
from bot.store.tables import Technician
from bot.store.unit_of_work import unit_of_work

FILE = "first_administrator"
MARK = "first-"
"""How the token begins that stands in the link."""
_OVER = (
    "This link was used already, or is older than seven days. Start TechRef again for a new one; nothing was changed."
)


def make_link_token(home: Path) -> str:
    """Return the token of a new link, which replaces an older one."""
    token = MARK + secrets.token_urlsafe(32)
    (home / FILE).write_text(hash_token(token), encoding="ascii")
    return token


def is_first(token: object) -> bool:
    """Return whether a link's token is of this kind."""
    return isinstance(token, str) and token.startswith(MARK) and token.isascii()


async def join_first(ctx: Context, token: str, password: object, email: object, name: object) -> Technician:
    """Make the account of the first administrator, and consume the link.

    Raises NotFound for a link that is used, expired or beside an account; Invalid, which leaves the link usable.
    """
    if not all(isinstance(one, str) for one in (password, email, name)):
        raise Invalid("password, email and name must be text; nothing was changed.")
    named, address = accounts.checked_name(str(name)), accounts.checked_email(str(email))
    passwords.check_password(str(password), email=address)
    hashed = await passwords.hash_password(str(password))
    if not _is_open(ctx, token):
        raise NotFound(_OVER)
    # Of two uses at once, the one that removes the file goes on.
    try:
        (ctx.home / FILE).unlink()
    except FileNotFoundError:
        raise NotFound(_OVER) from None
    return await _add(ctx, address, named, hashed)


@unit_of_work()
async def _add(session: AsyncSession, ctx: Context, email: str, name: str, password_hash: str) -> Technician:
    if await session.scalar(select(exists().where(Technician.id.is_not(None)))):
        raise NotFound(_OVER)
    fields = {"email": email, "name": name, "password_hash": password_hash}
    return await accounts.add_in(session, ctx, **fields, role="admin", team=None, actor=BY_LINK)


def _is_open(ctx: Context, token: str) -> bool:
    file = ctx.home / FILE
    try:
        known, made = file.read_text(encoding="ascii"), file.stat().st_mtime
    except (OSError, ValueError):
        return False
    return secrets.compare_digest(known, hash_token(token)) and ctx.clock().timestamp() < made + LIFE.total_seconds()
