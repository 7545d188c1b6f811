"""Attacks below the application: bytes, headers, bodies, slow connections, texts that take long to read."""

import contextlib
import socket
import time
from collections.abc import Iterator

import httpx

from bot.gateway.routes.openapi import document
from tests.attack.attacks import Try, attack, held
from tests.attack.target import Target, error_code

# Others are answered all the same.
MOST_SECONDS = 3.0
SLOW_CONNECTIONS = 60
ODD_BODIES: tuple[bytes, ...] = (
    b"null",
    b"[]",
    b'"x"',
    b"1e999",
    b"NaN",
    b"{",
    b"\xff\xfe",
    b'{"a":' * 20_000,
    b"[" * 100_000,
    b'{"text": "\\ud800", "client_message_id": "\\ud800", "email": "\\ud800", "link": "\\ud800"}',
    b'{"text": {"a": 1}, "client_message_id": [], "seq": {}, "score": 99999999999999999999999}',
)
_POST = "POST /api/conversations HTTP/1.1\r\nHost: a\r\n"
REQUESTS = {
    "length and chunks": _POST + "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "two lengths": _POST + "Content-Length: 2\r\nContent-Length: 40\r\n\r\n{}",
    "a negative chunk": _POST + "Transfer-Encoding: chunked\r\n\r\n-5\r\n",
    "a length in words": _POST + "Content-Length: many\r\n\r\n{}",
    "a header of 100 kB": "GET / HTTP/1.1\r\nHost: a\r\nX: " + "x" * 100_000 + "\r\n\r\n",
    "TLS": "\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    "no HTTP": "HELO\r\n\r\n",
}
_END = "Host: a\r\nConnection: close\r\n"
_JSON = {"Content-Type": "application/json"}


@attack("requests that two servers would read differently")
def smuggling(target: Target) -> Iterator[Try]:
    for name, request in REQUESTS.items():
        received = target.raw(request.encode("latin-1"), seconds=5)
        status = received[9:12].decode("latin-1")
        got_in = status.startswith(("2", "5")) or received.count(b"HTTP/1.1") > 1
        yield held(name, unless=got_in, saying=f"answered {status or 'nothing'}")


@attack("paths that lead out of the served folders")
def traversal(target: Target) -> Iterator[Try]:
    for below in ("/manual/", "/widget/", "/desk/static/", "/brand/", "/pay/static/", "/"):
        for way in ("../" * 8, "..%2f" * 8, "%2e%2e/" * 8, "..%5c" * 8, "....//" * 8, "%00/"):
            received = target.raw(
                f"GET {below}{way}etc/passwd HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n".encode()
            )
            status = received[9:12]
            yield held(below + way, unless=b"root:" in received or status[:1] == b"5", saying=str(status))


@attack("bodies of odd shapes at every address that takes JSON")
def bodies(target: Target) -> Iterator[Try]:
    customer, admin = target.customer(), target.technician("admin")
    for path, methods in document()["paths"].items():
        for method, operation in methods.items():
            content = operation.get("requestBody", {}).get("content", {}) if isinstance(operation, dict) else {}
            if "application/json" not in content or path.startswith("/channels"):
                continue
            who, headers = (admin, {}) if path.startswith("/desk") else (customer.http, customer.headers)
            address = path.replace("{conversation_id}", customer.id).replace("{", "").replace("}", "")
            for odd in ODD_BODIES:
                as_json = {**headers, "Content-Type": "application/json"}
                answer = who.request(method, address, content=odd, headers=as_json)
                what = f"{method} {path} {odd[:12]!r}"
                yield held(what, unless=answer.status_code >= 500, saying=f"answered {answer.status_code}")


@attack("headers, cookies and links that are no text")
def odd_headers(target: Target) -> Iterator[Try]:
    own = f"/api/conversations/{target.customer().id}/messages"
    for path in (own, "/api/issues", "/desk/", "/desk/api/me", "/desk/api/handoffs"):
        for header in (b"Authorization: Bearer \xff", b"Cookie: techref_desk=\xff", b"Authorization: Bearer \x00"):
            received = target.raw(f"GET {path} HTTP/1.1\r\n{_END}".encode() + header + b"\r\n\r\n")
            status = received[9:12].decode("latin-1")
            yield held(f"{path} {header!r}", unless=status[:1] in ("2", "5"), saying=f"answered {status}")
    for link in ("\\ud800", "x" * 100_000, "\\u0000"):
        answer = target.browser().post("/api/continuations", content=f'{{"link": "{link}"}}', headers=_JSON)
        status = str(answer.status_code)
        yield held(f"link {link[:6]!r}", unless=status not in ("401", "422"), saying=f"answered {status}")


@attack("slow connections that never end their request")
def slow(target: Target) -> Iterator[Try]:
    held_open: list[socket.socket] = []
    try:
        for _ in range(SLOW_CONNECTIONS):
            one = socket.create_connection(("127.0.0.1", target.stack.port), timeout=10)
            one.sendall(b"POST /api/conversations HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n{")
            held_open.append(one)
        seconds = target.seconds_of_healthz()
        yield held(
            f"{SLOW_CONNECTIONS} connections", unless=seconds > MOST_SECONDS, saying=f"others waited {seconds:.1f} s"
        )
    finally:
        for one in held_open:
            one.close()


@attack("texts and file names that take long to read")
def timing(target: Target) -> Iterator[Try]:
    customer = target.customer()
    texts = {
        "4-": "4-" * 5_000,
        "4 ": "4 " * 5_000,
        "4111 1111": "4111 1111 " * 1_000,
        "hex and dashes": "-0" * 5_000,
        "@": "a@" * 5_000,
        "dots": "1." * 5_000,
        "brackets": "[" * 10_000,
    }
    for name, text in texts.items():
        began = time.monotonic()
        for _ in range(4):
            customer.writes(text)
        others = target.seconds_of_healthz()
        seconds = (time.monotonic() - began - others) / 4
        took = f"{seconds:.1f} s, others {others:.1f} s"
        yield held(f"message of {name}", unless=max(seconds, others) > MOST_SECONDS, saying=took)
    began = time.monotonic()
    files = {"file": ("4-" * 100_000 + ".txt", b"x")}
    with contextlib.suppress(httpx.TransportError):  # refused before it was whole
        customer.http.post(f"/api/conversations/{customer.id}/attachments", files=files, headers=customer.headers)
    seconds = time.monotonic() - began
    yield held("file name of 200 kB", unless=seconds > MOST_SECONDS, saying=f"{seconds:.1f} s")


@attack("floods that name other addresses as their own")
def floods(target: Target) -> Iterator[Try]:
    """Few copies are mailed for one address, whatever conversation asks: a header makes no other one of it."""
    for number in range(30):
        forged = {"X-Forwarded-For": f"203.0.113.{number}", "X-Real-IP": f"203.0.113.{number}"}
        guest = target.customer()
        address = f"/api/conversations/{guest.id}/transcript"
        body = {"email": f"flood{number}@elsewhere.example"}
        answer = guest.http.post(address, json=body, headers=guest.headers | forged)
        if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
            yield held("a wait is named", unless="Retry-After" not in answer.headers, saying=error_code(answer))
            return
    yield held("30 requests under 30 names", unless=True, saying="none was refused")
