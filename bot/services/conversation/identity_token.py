"""Read the identity token by which a host site vouches for its signed-in visitor."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from bot.services.core.context import Context
from bot.services.core.errors import Unauthorised
from bot.store.tables import Contract, IdentityTokenUse
from bot.triage.privacy.redaction import redact_cards

LONGEST_VALIDITY = timedelta(hours=24)
LEEWAY = timedelta(seconds=60)


@dataclass(frozen=True)
class Identity:
    subject: str
    email: str | None
    name: str | None
    contract_number: str | None


async def prove(ctx: Context, token: str) -> Identity:
    """Check an HS256 identity token ``{sub, email, name, exp, iat?, jti?, contract?}``.

    Raises Unauthorised when no key is configured, or the token is forged, expired, valid for more than 24 h,
    or its ``jti`` was used before.
    """
    claims = _verified(ctx, token)
    now = ctx.clock()
    expires = datetime.fromtimestamp(claims["exp"], UTC)
    issued = datetime.fromtimestamp(claims["iat"], UTC) if "iat" in claims else now
    if expires - min(issued, now) > LONGEST_VALIDITY:
        raise Unauthorised("The identity token is valid for more than 24 hours; the web site must shorten it.")
    if "jti" in claims:
        await _use_once(ctx, str(claims["jti"])[:200], expires, now)
    contract = await _contract(ctx, claims.get("contract"))
    return Identity(
        subject=str(claims["sub"])[:200],
        email=_text(claims.get("email"), 320),
        name=_text(claims.get("name"), 200),
        contract_number=contract,
    )


def _verified(ctx: Context, token: str) -> dict[str, Any]:
    keys = [key.strip() for key in (ctx.settings.identity_secret or "").split(",") if key.strip()]
    if not keys:
        raise Unauthorised("This site accepts no identity tokens: TECHREF_IDENTITY_SECRET is not set.")
    problem: jwt.InvalidTokenError | None = None
    for key in keys:
        try:
            return _signed_with(key, token, ctx.clock())
        except jwt.InvalidTokenError as error:
            problem = error
    raise Unauthorised("The identity token is not valid; sign in to the web site again.") from problem


def _signed_with(key: str, token: str, now: datetime) -> dict[str, Any]:
    """The claims of a token signed with this key; raises jwt.InvalidTokenError for any other, early or late."""
    options: Any = {"require": ["sub", "exp"], "verify_aud": False, "verify_exp": False, "verify_iat": False}
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["HS256"], options=options)
    moments = [claims["exp"], claims.get("iat", 0)]
    if not all(isinstance(one, int | float) and not isinstance(one, bool) for one in moments):
        raise jwt.InvalidTokenError("exp and iat must be numbers")
    # By our own clock, which tests set; a second or two between two machines is nobody's forgery.
    if now.timestamp() > claims["exp"] + LEEWAY.total_seconds():
        raise jwt.ExpiredSignatureError("expired")
    if claims.get("iat", 0) > now.timestamp() + LEEWAY.total_seconds():
        raise jwt.ImmatureSignatureError("issued in the future")
    return claims


async def _use_once(ctx: Context, jti: str, expires: datetime, now: datetime) -> None:
    try:
        async with ctx.db.write() as session:
            await session.execute(delete(IdentityTokenUse).where(IdentityTokenUse.expires_at < now - LEEWAY))
            session.add(IdentityTokenUse(jti=jti, expires_at=expires))
    except IntegrityError as error:
        raise Unauthorised("The identity token was used before; sign in to the web site again.") from error


async def _contract(ctx: Context, number: object) -> str | None:
    if not isinstance(number, str):
        return None
    async with ctx.db.read() as session:
        contract = await session.get(Contract, number)
    return contract.number if contract else None


def _text(value: object, limit: int) -> str | None:
    return redact_cards(value.strip()).text[:limit] or None if isinstance(value, str) else None
