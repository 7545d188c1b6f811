"""The public keys with which Microsoft signs what it sends us, as its OpenID document describes them."""

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
import jwt

from bot.channels.teams.service_hosts import LOOPBACK

log = logging.getLogger(__name__)

# Microsoft asks to fetch the list anew at least once a day.
KEPT = timedelta(hours=24)
# A token with an unknown key makes us look again, but strangers cannot make us look all the time.
BETWEEN_LOOKS = timedelta(minutes=5)
AFTER_A_FAILURE = timedelta(seconds=10)
MOST_BYTES = 1_000_000


class KeysUnavailable(Exception):
    """The list of keys could not be fetched, so nothing can be believed just now."""


@dataclass(frozen=True)
class SigningKey:
    """``endorsements``: the channels this key may sign for, such as "msteams"."""

    key: Any
    endorsements: frozenset[str]


class SigningKeys:
    """Keys by their id, fetched at the first request and again when they are old or one is unknown."""

    def __init__(self, http: httpx.AsyncClient, openid_url: str, clock: Callable[[], datetime]) -> None:
        self._http, self._openid_url, self._clock = http, openid_url, clock
        self._keys: dict[str, SigningKey] = {}
        self._fetched: datetime | None = None
        self._next_look: datetime | None = None
        self._fetching = asyncio.Lock()

    async def find(self, key_id: str) -> SigningKey | None:
        """Return the key of this id, or None; raises KeysUnavailable while there are no keys at all."""
        if self._is_fresh() and key_id in self._keys:
            return self._keys[key_id]
        async with self._fetching:
            if not (self._is_fresh() and key_id in self._keys) and self._may_look():
                await self._look()
        if self._fetched is None:
            raise KeysUnavailable
        return self._keys.get(key_id)

    def _is_fresh(self) -> bool:
        return self._fetched is not None and self._clock() - self._fetched < KEPT

    def _may_look(self) -> bool:
        return self._next_look is None or self._clock() >= self._next_look

    async def _look(self) -> None:
        """Fetch the list. When that fails the old keys stay good: a key is withdrawn by leaving a list we got."""
        try:
            document = await self._json(self._openid_url)
            found = await self._json(_keys_address(document))
            keys = {str(one["kid"]): _key(one) for one in found["keys"] if _is_rsa(one)}
        except (httpx.HTTPError, ValueError, TypeError, KeyError, jwt.PyJWTError) as error:
            self._next_look = self._clock() + AFTER_A_FAILURE
            log.warning("the keys of Teams could not be fetched: %s", type(error).__name__)
            return
        self._keys, self._fetched = keys, self._clock()
        self._next_look = self._fetched + BETWEEN_LOOKS

    async def _json(self, address: str) -> Any:
        answer = await self._http.get(address)
        answer.raise_for_status()
        if len(answer.content) > MOST_BYTES:
            raise ValueError("the list of keys is too long")
        return answer.json()


def _keys_address(document: dict[str, Any]) -> str:
    address = str(document["jwks_uri"])
    parts = urlsplit(address)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in LOOPBACK):
        raise ValueError("the keys lie at an address that is not https")
    return address


def _is_rsa(one: dict[str, Any]) -> bool:
    return one.get("kty") == "RSA" and bool(one.get("kid")) and one.get("use", "sig") == "sig"


def _key(one: dict[str, Any]) -> SigningKey:
    endorsements = one.get("endorsements") or ()
    return SigningKey(jwt.PyJWK(one, algorithm="RS256").key, frozenset(str(channel) for channel in endorsements))
