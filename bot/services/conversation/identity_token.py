"""Read the identity token by which a host site vouches for its signed-in visitor."""

import hashlib
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.services.core.context import Context
from bot.services.core.errors import Unauthorised
from bot.store.tables import Contract, IdentityTokenUse
from bot.triage.billing.contract_number import number_key
from bot.triage.privacy.redaction import id_holds_card, redact_cards
from bot.triage.text.plain_text import visible

log = logging.getLogger(__name__)

LONGEST_TOKEN, LONGEST_SUBJECT = 16_384, 200  # characters
LONGEST_VALIDITY = timedelta(hours=24)
LEEWAY = timedelta(seconds=60)


@dataclass(frozen=True)
class Identity:
    subject: str
    email: str | None
    name: str | None
    contract_number: str | None


async def verify_identity_token(ctx: Context, token: str) -> Identity:
    """Check an HS256 identity token ``{sub, email, name, exp, iat?, nbf?, jti?, aud?, contract?}`` (RFC 7519).

    Raise Unauthorised when no key is configured, or the token is forged, expired, valid for more than 24 h, for another
    audience than the configured one, or its ``jti`` was used before. The log names the claim, never its value.
    """
    try:
        claims = _verified(ctx, token)
        now = ctx.clock()
        expires = _checked_moments(claims, now)
        subject = _subject(claims["sub"])
        _check_audience(claims.get("aud"), ctx.settings.identity_audience)
        jti = _checked_id(claims["jti"]) if "jti" in claims else None
    except _BadClaim as error:
        log.warning("an identity token was refused: claim %s %s", error.claim, error)
        raise Unauthorised("The identity token is not valid; sign in to the web site again.") from error
    if jti is not None:
        await _use_once(ctx, jti, expires)
    return Identity(
        subject=subject,
        email=_text(claims.get("email"), 320),
        name=_text(claims.get("name"), 200),
        contract_number=await _contract(ctx, claims.get("contract")),
    )


class _BadClaim(Exception):
    """A claim that cannot be accepted; the text says why without the value."""

    def __init__(self, claim: str, why: str) -> None:
        super().__init__(why)
        self.claim = claim


def _verified(ctx: Context, token: str) -> dict[str, Any]:
    """Return the claims of a token that one of the keys signed; raise Unauthorised."""
    keys = [key.strip() for key in (ctx.settings.identity_secret or "").split(",") if key.strip()]
    if not keys:
        raise Unauthorised("This site accepts no identity tokens: TECHREF_IDENTITY_SECRET is not set.")
    problem: Exception | None = None
    for key in keys if token.isascii() and len(token) <= LONGEST_TOKEN else ():
        try:
            return _signed_with(key, token)
        except (jwt.InvalidTokenError, RecursionError) as error:
            problem = error
    # PyJWT's messages name claims and algorithms, never a value.
    log.warning("an identity token was refused: %s", problem or "it is no token")
    raise Unauthorised("The identity token is not valid; sign in to the web site again.") from problem


def _signed_with(key: str, token: str) -> dict[str, Any]:
    """Return the claims of a token signed with this key; raise jwt.InvalidTokenError. The claims are checked here."""
    checked = ("aud", "exp", "iat", "jti", "nbf", "sub")
    options: Any = {"require": ["sub", "exp"], **{f"verify_{claim}": False for claim in checked}}
    claims: dict[str, Any] = jwt.decode(token, key, algorithms=["HS256"], options=options)
    return claims


def _checked_moments(claims: dict[str, Any], now: datetime) -> datetime:
    """Return when the token expires; raise _BadClaim for one that is over, not begun, absurd, or valid too long.

    By our own clock, which tests set; a minute between two machines is allowed.
    """
    expires = _moment(claims, "exp", now)
    issued, begins = _moment(claims, "iat", now), _moment(claims, "nbf", now)
    if now > expires + LEEWAY:
        raise _BadClaim("exp", "is over")
    for claim, moment in (("iat", issued), ("nbf", begins)):
        if moment > now + LEEWAY:
            raise _BadClaim(claim, "is in the future")
    if expires - min(issued, now) > LONGEST_VALIDITY:
        raise Unauthorised("The identity token is valid for more than 24 hours; the web site must shorten it.")
    return expires


def _moment(claims: dict[str, Any], claim: str, default: datetime) -> datetime:
    if claim not in claims:
        return default
    value = claims[claim]
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise _BadClaim(claim, "is no number")
    try:
        return datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise _BadClaim(claim, "is no moment in time") from error


def _subject(value: object) -> str:
    """Return the host site's id for the customer. Two that differ must never become one, so nothing is cut.

    An id that could be a card's number is stored as its hash.
    """
    written = _written("sub", value)
    if len(written) > LONGEST_SUBJECT:
        raise _BadClaim("sub", f"is longer than {LONGEST_SUBJECT} characters")
    if visible(written) != written:
        raise _BadClaim("sub", "holds characters that nobody can see")
    return _hashed(written) if id_holds_card(written) else written


def _checked_id(value: object) -> str:
    jti = _written("jti", value)
    return jti if len(jti) <= LONGEST_SUBJECT and visible(jti) == jti else _hashed(jti)


def _written(claim: str, value: object) -> str:
    """Return a claim that is text; a whole number is its digits, as many sites send their own row ids."""
    if isinstance(value, bool) or not isinstance(value, str | int):
        raise _BadClaim(claim, "is neither text nor a whole number")
    written = str(value)
    if not written.strip():
        raise _BadClaim(claim, "is empty")
    return written


def _check_audience(claimed: object, wanted: str | None) -> None:
    """Raise _BadClaim unless the token names the configured audience; without one every token will do."""
    named = claimed if isinstance(claimed, list) else [claimed]
    if wanted is not None and wanted not in named:
        raise _BadClaim("aud", "names another audience than TECHREF_IDENTITY_AUDIENCE")


def _hashed(value: str) -> str:
    return "sha256:" + hashlib.sha256(value.encode("utf-8", "surrogatepass")).hexdigest()


async def _use_once(ctx: Context, jti: str, expires: datetime) -> None:
    """Record a use; raise Unauthorised for a second one.

    Rows go by housekeeping, a day after the token's end: a clock that was ahead for hours must not make it new.
    """
    try:
        async with ctx.db.write() as session:
            session.add(IdentityTokenUse(jti=jti, expires_at=expires))
    except IntegrityError as error:
        raise Unauthorised("The identity token was used before; sign in to the web site again.") from error


async def _contract(ctx: Context, number: object) -> str | None:
    if not isinstance(number, str):
        return None
    async with ctx.db.read() as session:
        wanted = select(Contract).where(Contract.number_key == number_key(number[:LONGEST_SUBJECT]))
        contract: Contract | None = await session.scalar(wanted)
    return contract.number if contract else None


def _text(value: object, limit: int) -> str | None:
    """Return a claim that is shown, without card numbers; cut before it is read."""
    return redact_cards(visible(value[: 2 * limit]).strip()[:limit]).text or None if isinstance(value, str) else None
