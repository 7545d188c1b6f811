"""Believe an activity only when Microsoft signed the request for our bot, for the address it wants answers at.

The checks and their order are those that Microsoft prescribes for bots without its SDK. Every failure is a 401 or
403; none tells the sender more than a code.
"""

import json
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from jwt.types import Options

from bot.channels.teams.refused import UnknownTenant, forbidden, unproven
from bot.channels.teams.service_hosts import AllowedHosts
from bot.channels.teams.signing_keys import KeysUnavailable, SigningKey, SigningKeys

log = logging.getLogger(__name__)

ISSUER = "https://api.botframework.com"
CHANNEL = "msteams"
LEEWAY = timedelta(minutes=5)
# The times are checked by our own clock, below.
CHECKED: Options = {
    "require": ["exp", "iss", "aud"],
    "verify_exp": False,
    "verify_nbf": False,
    "verify_iat": False,
}

Activity = dict[str, Any]
TenantCheck = Callable[[str], Awaitable[bool]]


@dataclass(frozen=True)
class Believed:
    """An activity that Microsoft vouches for. ``tenant`` is the customer's own, never that of a host."""

    activity: Activity
    tenant: str


class Verification:
    """``is_known_tenant``: whether a tenant is ours or stands on a contract."""

    def __init__(
        self,
        app_id: str,
        keys: SigningKeys,
        hosts: AllowedHosts,
        is_known_tenant: TenantCheck,
        clock: Callable[[], datetime],
    ) -> None:
        self._app_id, self._keys, self._hosts = app_id, keys, hosts
        self._is_known_tenant, self._clock = is_known_tenant, clock

    async def believe(self, authorization: str | None, body: bytes) -> Believed:
        """Check a request. Raises Refused (401 or 403), or ValueError for a signed body that is not an activity."""
        token = _bearer(authorization)
        key = await self._key(token)
        claims = self._claims(token, key)
        activity = _activity(body)
        if activity.get("channelId") != CHANNEL or CHANNEL not in key.endorsements:
            raise forbidden("channel_not_endorsed")
        self._check_address(claims, activity)
        return Believed(activity, await self._tenant(activity))

    async def _key(self, token: str) -> SigningKey:
        try:
            header = jwt.get_unverified_header(token)
        except jwt.InvalidTokenError:
            raise unproven("token_unreadable") from None
        # Before the key is even looked for: "none" has no key, and HS256 would take our public key for a secret.
        if header.get("alg") != "RS256" or not isinstance(header.get("kid"), str):
            raise unproven("token_not_rs256")
        try:
            key = await self._keys.find(header["kid"])
        except KeysUnavailable:
            raise unproven("keys_unavailable") from None
        if key is None:
            raise unproven("key_unknown")
        return key

    def _claims(self, token: str, key: SigningKey) -> dict[str, Any]:
        """Return the claims of a token that is signed, for us, by the right issuer, and valid now."""
        try:
            claims: dict[str, Any] = jwt.decode(
                token,
                key.key,
                algorithms=["RS256"],
                audience=[self._app_id, f"api://botid-{self._app_id}"],
                issuer=ISSUER,
                options=CHECKED,
            )
        except jwt.InvalidTokenError as error:
            log.info("a token was refused: %s", type(error).__name__)
            raise unproven("token_invalid") from None
        self._check_times(claims)
        return claims

    def _check_times(self, claims: dict[str, Any]) -> None:
        """By our own clock, which may differ from the sender's by five minutes."""
        now, leeway = self._clock().timestamp(), LEEWAY.total_seconds()
        times = {name: claims[name] for name in ("exp", "nbf", "iat") if name in claims}
        if any(isinstance(value, bool) or not isinstance(value, int | float) for value in times.values()):
            raise unproven("token_invalid")
        if times["exp"] <= now - leeway:
            raise unproven("token_expired")
        if max(times.get("nbf", 0), times.get("iat", 0)) > now + leeway:
            raise unproven("token_not_yet_valid")

    def _check_address(self, claims: dict[str, Any], activity: Activity) -> None:
        address = activity.get("serviceUrl")
        claimed = claims.get("serviceurl", claims.get("serviceUrl"))
        if not isinstance(address, str) or not isinstance(claimed, str) or claimed.rstrip("/") != address.rstrip("/"):
            raise forbidden("service_url_differs")
        if not self._hosts.allows(address):
            raise forbidden("service_host_not_allowed")

    async def _tenant(self, activity: Activity) -> str:
        """Return the writer's own tenant. In a channel shared between companies the host's must be known to us too."""
        host = _tenant_of_conversation(activity)
        own = _text(_object(activity.get("from")).get("tenantId")) or host
        for tenant in {host, own}:
            if not tenant or not await self._is_known_tenant(tenant):
                raise UnknownTenant(tenant, activity)
        return own


def _bearer(authorization: str | None) -> str:
    scheme, _, token = (authorization or "").partition(" ")
    if scheme.lower() != "bearer" or not token.strip():
        raise unproven("token_missing")
    return token.strip()


def _activity(body: bytes) -> Activity:
    try:
        activity = json.loads(body)
    except (ValueError, RecursionError):
        raise ValueError("the body is not JSON") from None
    if not isinstance(activity, dict):
        raise ValueError("the body is not an activity")
    return activity


def _tenant_of_conversation(activity: Activity) -> str:
    """Named in two places; when they differ neither is believed."""
    named = {
        _text(_object(_object(activity.get("channelData")).get("tenant")).get("id")),
        _text(_object(activity.get("conversation")).get("tenantId")),
    } - {""}
    return named.pop() if len(named) == 1 else ""


def _object(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(value: object) -> str:
    return value.strip().lower() if isinstance(value, str) else ""
