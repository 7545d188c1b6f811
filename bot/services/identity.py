"""Read the identity token by which a host site vouches for its signed-in visitor."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import delete
from sqlalchemy.exc import IntegrityError

from bot.services.context import Context
from bot.services.errors import Unauthorised
from bot.store.tables import Contract, IdentityTokenUse
from bot.triage.redaction import redact_cards

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
    if expires - now > LONGEST_VALIDITY:
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
    key = ctx.settings.identity_secret
    if not key:
        raise Unauthorised("This site accepts no identity tokens: TECHREF_IDENTITY_SECRET is not set.")
    try:
        claims: dict[str, Any] = jwt.decode(
            token,
            key,
            algorithms=["HS256"],
            leeway=LEEWAY,
            options={"require": ["sub", "exp"], "verify_aud": False},
        )
    except jwt.InvalidTokenError as error:
        raise Unauthorised("The identity token is not valid; sign in to the web site again.") from error
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
