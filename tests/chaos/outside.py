"""The services that TechRef sends to, as stand-ins on loopback: two notify addresses, of which one fails, and mail."""

import json
import random
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from aiosmtpd.smtp import SMTP, Envelope

from tests.chaos.deliveries import Deliveries
from tests.chaos.records import REFERENCE
from tests.support.mail_servers import Postbox, mail_server

# Recipients whose address begins so are refused for good by the mail server.
REFUSED = "refused-"
# Of the first attempts to send a mail so many are put off with a 4xx answer.
PUT_OFF = 0.2
KILL = "kill"


@dataclass
class Webhook:
    """A team's notify address. ``status`` is its answer, ``notices`` has the references that it was told."""

    status: int
    notices: Deliveries = field(default_factory=Deliveries)
    requests: int = 0

    def answer(self, body: str) -> int:
        self.requests += 1
        if self.status < 400:
            for reference in set(REFERENCE.findall(body)):
                self.notices.add(reference)
        return self.status


class UnreliablePostbox(Postbox):
    """A mail server that refuses some recipients for good and puts off some mails once."""

    def __init__(self, seed: int) -> None:
        super().__init__()
        self._random, self._put_off = random.Random(seed), set[str]()
        self.received = Deliveries()

    async def handle_RCPT(
        self, server: SMTP, session: Any, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if address.startswith(REFUSED):
            return "550 5.1.1 no such mailbox"
        if address not in self._put_off and self._random.random() < PUT_OFF:
            self._put_off.add(address)
            return "451 4.3.0 try again later"
        return await super().handle_RCPT(server, session, envelope, address, options)

    async def handle_DATA(self, server: SMTP, session: Any, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.received.add(str(self.mails[-1]["Message-ID"]))
        return answer


@dataclass
class Outside:
    """Everything beyond the gateway, with the settings that lead there.

    ``faults``: the (time, kind) of what befell gateways, by time.monotonic().
    """

    good: Webhook
    failing: Webhook
    post: UnreliablePostbox
    environ: dict[str, str]
    faults: list[tuple[float, str]] = field(default_factory=list)

    @property
    def kills(self) -> list[float]:
        """Return when a gateway was killed."""
        return [at for at, kind in self.faults if kind == KILL]


@contextmanager
def outside(seed: int) -> Iterator[Outside]:
    """Run the stand-ins for the block."""
    good, failing, post = Webhook(200), Webhook(500), UnreliablePostbox(seed)
    with ExitStack() as stopping:
        addresses = [stopping.enter_context(_served(webhook)) for webhook in (good, failing)]
        smtp = stopping.enter_context(mail_server(post))
        yield Outside(good, failing, post, {"TECHREF_NOTIFY_URLS": " ".join(addresses), "TECHREF_SMTP_URL": smtp})


@contextmanager
def _served(webhook: Webhook) -> Iterator[str]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(webhook.answer(str(body.get("message", ""))))
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"json://127.0.0.1:{server.server_port}/notices"
    finally:
        server.shutdown()
        server.server_close()
