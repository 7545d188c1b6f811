"""Determine a request's client address. A proxy's header counts only when the settings trust that proxy.

Anybody can write ``X-Forwarded-For``; a gateway that believed it would let every client choose the address that its
requests are counted by:
https://developer.mozilla.org/en-US/docs/Web/HTTP/Reference/Headers/X-Forwarded-For#security_and_privacy_concerns
"""

import ipaddress
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from sanic import Request

Network = ipaddress.IPv4Network | ipaddress.IPv6Network
Address = ipaddress.IPv4Address | ipaddress.IPv6Address
SCHEMES = ("http", "https")
# The network that a household or office gets of IPv6: https://www.rfc-editor.org/rfc/rfc6177
OFFICE_BITS = 64


class GatewayRequest(Request):
    """A request whose ``forwarded`` holds ``for`` and ``proto`` of trusted proxies, and nothing else."""

    @property
    def forwarded(self) -> Any:
        if self.parsed_forwarded is None:
            self.parsed_forwarded = self._trusted_headers()
        return self.parsed_forwarded

    def _trusted_headers(self) -> Any:
        trusted = self.app.ctx.techref.settings.trusted_proxies
        if not trusted or not _is_one_of(_read(self.ip), trusted):
            return {}
        written = [one.strip() for line in self.headers.getall("x-forwarded-for", []) for one in line.split(",")]
        headers: dict[str, str] = {}
        if (address := _first_stranger(written, trusted)) is not None:
            headers["for"] = str(address)
        scheme = (self.headers.getone("x-forwarded-proto", None) or "").strip().lower()
        if scheme in SCHEMES:
            headers["proto"] = scheme
        return headers


def client_address(request: Request) -> str:
    """Return the key of rate limits: an IPv4 address, or the IPv6 network of the address."""
    return _counted(request.remote_addr or request.ip)


@lru_cache(maxsize=10_000)
def _counted(written: str) -> str:
    address = _read(written)
    if isinstance(address, ipaddress.IPv6Address):
        return str(ipaddress.IPv6Network((int(address), OFFICE_BITS), strict=False))
    return str(address) if address is not None else written


def _first_stranger(written: Sequence[str], trusted: Sequence[Network]) -> Address | None:
    """Return the last address that is no trusted proxy: earlier ones are the client's own claim."""
    for one in reversed(written):
        address = _read(one)
        if address is None or not _is_one_of(address, trusted):
            return address
    return None


def _read(written: str) -> Address | None:
    """Parse an address, without the port or brackets that some proxies write; None for anything else."""
    host = written.partition("]")[0].lstrip("[") if written.startswith("[") else written
    if host.count(":") == 1:
        host = host.partition(":")[0]
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


def _is_one_of(address: Address | None, networks: Sequence[Network]) -> bool:
    return address is not None and any(address in network for network in networks)
