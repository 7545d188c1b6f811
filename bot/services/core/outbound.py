"""Requests to addresses that an administrator has typed in, safe against server-side request forgery (SSRF).

The host is resolved here, every number of it is checked, and the connection goes to a number that was checked; no
redirect is followed, no proxy of the environment is asked, and neither time nor answer is without bounds.
"""

import asyncio
import ipaddress
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from bot.settings.env.settings import Settings
from knowledge_base.public_address import Address, is_public

SECONDS = 15.0
LARGEST_ANSWER = 2_000_000
_PORTS = {"http": 80, "https": 443}


class Unreachable(Exception):
    """No answer came; ``code`` says why, without the address."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class NotAllowed(Unreachable):
    """The address is not one that may be asked, now or later."""


@dataclass(frozen=True)
class Answer:
    """The status and the body of an answer; the body is empty unless it was asked for."""

    status: int
    body: bytes

    @property
    def is_success(self) -> bool:
        return 200 <= self.status < 300


def check_address(address: str) -> str:
    """Return the address as it is stored; raise ValueError with what is wrong, for whoever types it in."""
    try:
        parts = urlsplit(address.strip())
        port = parts.port
        httpx.URL(address.strip())
    except (ValueError, httpx.InvalidURL):
        raise ValueError("this is no address") from None
    if parts.scheme not in _PORTS or not parts.hostname or port == 0:
        raise ValueError("write an address that begins with https://")
    if parts.username or parts.password or parts.fragment:
        raise ValueError("write the address without a name, a password or a #")
    return address.strip()


async def request(
    settings: Settings,
    method: str,
    address: str,
    *,
    content: bytes | None = None,
    headers: Mapping[str, str],
    read: bool = False,
) -> Answer:
    """Send one request and return its answer, with the body when it is to be ``read``.

    Raises NotAllowed for a private address outside ``settings.private_networks``, and for http to a public one;
    Unreachable when no whole answer came.
    """
    try:
        async with asyncio.timeout(SECONDS):
            return await _ask(settings, method, address, content, headers, read)
    except TimeoutError:
        raise Unreachable("no answer in time") from None
    except (httpx.HTTPError, OSError) as error:
        raise Unreachable(f"no answer ({type(error).__name__})") from None


async def _ask(
    settings: Settings, method: str, address: str, content: bytes | None, headers: Mapping[str, str], read: bool
) -> Answer:
    parts = urlsplit(address)
    number = await _number(settings, parts.scheme, parts.hostname or "", parts.port or _PORTS[parts.scheme])
    async with httpx.AsyncClient(follow_redirects=False, timeout=SECONDS, trust_env=False) as client:
        sent = client.build_request(
            method,
            httpx.URL(address).copy_with(host=number),
            content=content,
            headers={"Accept-Encoding": "identity", **headers, "Host": parts.netloc},
            # The certificate must be the host's, though the connection is made by number.
            extensions={"sni_hostname": parts.hostname},
        )
        answer = await client.send(sent, stream=True)
        try:
            return Answer(answer.status_code, await _bounded(answer) if read else b"")
        finally:
            await answer.aclose()


async def _number(settings: Settings, scheme: str, host: str, port: int) -> str:
    """Return a number of the host that may be connected to. Raises NotAllowed, or Unreachable for no such host."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise Unreachable("no such host") from None
    numbers = [ipaddress.ip_address(entry[4][0]) for entry in found]
    own = all(_is_own(settings, number) for number in numbers)
    if not own and not all(is_public(number) for number in numbers):
        raise NotAllowed("private address")
    if not own and scheme != "https":
        raise NotAllowed("http outside your own network")
    return str(numbers[0])


def _is_own(settings: Settings, number: Address) -> bool:
    return any(number in network for network in settings.private_networks if network.version == number.version)


async def _bounded(answer: httpx.Response) -> bytes:
    content = bytearray()
    async for piece in answer.aiter_bytes():
        content += piece
        if len(content) > LARGEST_ANSWER:
            raise Unreachable("answer too large")
    return bytes(content)
