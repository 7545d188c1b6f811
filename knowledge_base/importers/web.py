"""Fetch the pages of one site, safe against server-side request forgery (SSRF).

The address comes from an operator, its content from anybody: a name that resolves into our own network, a redirect to a
cloud's metadata service, a page without end. Every address is therefore resolved here, checked, and connected to by the
very number that was checked; redirects are followed only within the site; size and time are bounded:
https://cheatsheetseries.owasp.org/cheatsheets/Server_Side_Request_Forgery_Prevention_Cheat_Sheet.html
"""

import ipaddress
import socket
import time
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

import httpx

from knowledge_base.importers.document import LARGEST_FILE, NotImported
from knowledge_base.public_address import is_public

MOST_REDIRECTS = 3
SECONDS_A_PAGE = 30.0
_PORTS = {"http": 80, "https": 443}
_HEADERS = {"User-Agent": "TechRef manual import", "Accept-Encoding": "gzip"}


@dataclass(frozen=True)
class Fetched:
    """A page's bytes with the server's headers; ``url`` is the address after redirects."""

    url: str
    content: bytes
    content_type: str
    charset: str | None


class Site:
    """The host, and port, of one address. ``private_addresses``: the operator allows one in our own network."""

    def __init__(self, address: str, private_addresses: bool = False) -> None:
        parts = _parts(address)
        self.host, self._ports = parts.host, {parts.port}
        if parts.port in _PORTS.values():
            # The same site with and without encryption.
            self._ports |= set(_PORTS.values())
        self._private = private_addresses
        self._client = httpx.Client(follow_redirects=False, timeout=SECONDS_A_PAGE / 2, trust_env=False)

    def close(self) -> None:
        self._client.close()

    def holds(self, address: str) -> bool:
        """Return True for an address of this site."""
        try:
            parts = _parts(address)
        except NotImported:
            return False
        return parts.host == self.host and parts.port in self._ports

    def fetch(self, address: str, largest: int = LARGEST_FILE) -> Fetched:
        """Return the page at an address of this site. Raises NotImported with the reason."""
        deadline = time.monotonic() + SECONDS_A_PAGE
        for _ in range(MOST_REDIRECTS + 1):
            if not self.holds(address):
                raise NotImported(f"leads to another site ({_host_in(address)[:80]})")
            answer = self._once(address, largest, deadline)
            if isinstance(answer, Fetched):
                return answer
            address = answer
        raise NotImported("redirects without end")

    def _once(self, address: str, largest: int, deadline: float) -> Fetched | str:
        """Return the page, or the address that it redirects to."""
        parts = _parts(address)
        try:
            target = httpx.URL(address).copy_with(host=self._number(parts))
        except httpx.InvalidURL:
            raise NotImported("no address of a page") from None
        request = self._client.build_request(
            "GET",
            target,
            headers={**_HEADERS, "Host": urlsplit(address).netloc.rpartition("@")[2]},
            # The certificate must be the host's, though the connection is made by number.
            extensions={"sni_hostname": parts.host},
        )
        try:
            answer = self._client.send(request, stream=True)
        except (httpx.HTTPError, OSError) as error:
            raise NotImported(f"broken: it does not answer ({type(error).__name__})") from None
        try:
            if answer.is_redirect:
                return _joined(address, answer.headers["location"])
            if answer.status_code != httpx.codes.OK:
                raise NotImported(f"broken: the site answers {answer.status_code}")
            content = _bounded(answer, largest, deadline)
        except (httpx.HTTPError, OSError) as error:
            raise NotImported(f"broken: it ended before it was whole ({type(error).__name__})") from None
        finally:
            answer.close()
        content_type = answer.headers.get("content-type", "").partition(";")[0].strip().lower()
        return Fetched(address, content, content_type, answer.charset_encoding)

    def _number(self, parts: "_Parts") -> str:
        """Resolve and check the host's address. Raises NotImported."""
        try:
            found = socket.getaddrinfo(parts.host, parts.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NotImported(f"broken: there is no host {parts.host}") from None
        numbers = [ipaddress.ip_address(entry[4][0]) for entry in found]
        if not self._private and not all(is_public(number) for number in numbers):
            raise NotImported(
                f"{parts.host} is in a private network; allow it explicitly (--private-addresses) if that is meant"
            )
        return str(numbers[0])


@dataclass(frozen=True)
class _Parts:
    host: str
    port: int


def _parts(address: str) -> _Parts:
    """Parse an address; raises NotImported for anything but http and https with a host."""
    try:
        split = urlsplit(address)
        port = split.port
    except ValueError:
        raise NotImported("no address of a page") from None
    if split.scheme not in _PORTS or not split.hostname:
        raise NotImported("only addresses that begin with http:// or https:// are fetched")
    return _Parts(split.hostname.lower(), port or _PORTS[split.scheme])


def _host_in(address: str) -> str:
    try:
        return urlsplit(address).netloc
    except ValueError:
        return "no address"


def _joined(address: str, location: str) -> str:
    """Return where a redirect leads. Raises NotImported for what is no address."""
    try:
        return urljoin(address, location)
    except ValueError:
        raise NotImported("redirects to what is no address") from None


def _bounded(answer: httpx.Response, largest: int, deadline: float) -> bytes:
    """Return the body, decompressed piece by piece, so that a small one cannot grow huge in memory."""
    content = bytearray()
    for piece in answer.iter_bytes():
        content += piece
        if len(content) > largest:
            raise NotImported(f"huge: more than {largest // 1_000_000} MB")
        if time.monotonic() > deadline:
            raise NotImported(f"broken: fetching it took more than {SECONDS_A_PAGE:.0f} seconds")
    return bytes(content)
