"""The instance that is attacked: a gateway of its own on loopback, with stand-ins for Slack and for a mail server."""

import json
import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx

from tests.support.fake_microsoft import FakeMicrosoft
from tests.support.fake_slack import FakeSlack
from tests.support.mail_servers import Postbox, mail_server
from tests.support.running_stack import ROOT, RunningStack, TechnicianAccount, eventually

SECONDS_TO_START = 120
# Two customers of one company, whose domain is worth guessing codes for.
CONTRACTS = (
    "number,company,status,starts_on,contact_email,email_domains,slack_team_id\n"
    "C-ATTACK,Bakery,active,2026-01-01,boss@bakery.example,bakery.example,T0HOST\n"
)
Json = dict[str, Any]


class LoneGateway(RunningStack):
    """The gateway alone: it answers by the plain rules, and needs no minutes of training."""

    def start(self) -> None:
        self.local.mkdir(parents=True, exist_ok=True)
        self.command("migrate")
        with self._output.open("ab") as output:
            self._launcher = subprocess.Popen(
                [sys.executable, "-m", "bot.gateway"],
                cwd=ROOT,
                env=self.environ,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        eventually(self.is_ready, SECONDS_TO_START, "the gateway's start")

    def is_ready(self) -> bool:
        assert self._launcher
        assert self._launcher.poll() is None, f"the gateway ended:\n{self.output()}"
        try:
            return self._probe.get(f"{self.url}/healthz").status_code == httpx.codes.OK
        except httpx.TransportError:
            return False


@dataclass
class Customer:
    """A visitor's conversation and its token."""

    http: httpx.Client
    id: str
    token: str

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    def writes(self, text: str) -> httpx.Response:
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        return self.http.post(f"/api/conversations/{self.id}/messages", json=body, headers=self.headers)

    def reads(self) -> list[Json]:
        answer = self.http.get(f"/api/conversations/{self.id}/messages", headers=self.headers)
        messages: list[Json] = answer.json()["messages"]
        return messages


@dataclass
class Target:
    """What the attacks are run against."""

    stack: LoneGateway
    slack: FakeSlack
    postbox: Postbox
    accounts: dict[str, TechnicianAccount] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return self.stack.url

    @property
    def identity_secret(self) -> str:
        return self.stack.environ["TECHREF_IDENTITY_SECRET"]

    def browser(self, **headers: str) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False, headers=headers)

    def customer(self, **opening: Any) -> Customer:
        http = self.browser()
        opened = http.post("/api/conversations", json=opening)
        assert opened.status_code == httpx.codes.CREATED, opened.text
        return Customer(http, opened.json()["conversation_id"], opened.json()["token"])

    def technician(self, role: str) -> httpx.Client:
        """A signed-in browser of a technician of this role."""
        account = self.accounts.setdefault(role, self.stack.add_technician(f"Attacked {role}", role))
        http = self.browser()
        answer = http.post("/desk/api/login", json={"email": account.email, "password": account.password})
        assert answer.status_code == httpx.codes.OK, answer.text
        http.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return http

    def raw(self, data: bytes, seconds: float = 10) -> bytes:
        """Send bytes as they are; what came back until the gateway closed or fell silent."""
        port = self.stack.port
        with socket.create_connection(("127.0.0.1", port), timeout=seconds) as connection:
            connection.sendall(data)
            received = b""
            try:
                while part := connection.recv(65_536):
                    received += part
                    if b"\r\n\r\n" in received:
                        break
            except (TimeoutError, ConnectionError):
                pass
        return received

    def seconds_of_healthz(self) -> float:
        began = time.monotonic()
        httpx.get(f"{self.url}/healthz", timeout=60, trust_env=False)
        return time.monotonic() - began

    def mailed(self) -> list[tuple[str, str]]:
        """(recipient, whole text) of every mail that has left."""
        return [(str(mail["To"]), f"{mail['Subject']}\n{mail.get_content()}") for mail in list(self.postbox.mails)]


@contextmanager
def target(home: Path, more: Mapping[str, str] = MappingProxyType({})) -> Iterator[Target]:
    """A gateway that runs for the block, on a temporary home, with nobody else's data; ``more`` are settings."""
    microsoft, slack, postbox = FakeMicrosoft(), FakeSlack().start(), Postbox()
    with mail_server(postbox) as smtp_url:
        environ = {"TECHREF_SMTP_URL": smtp_url, "TECHREF_STRIPE_WEBHOOK_SECRET": "whsec_attacked_" + "x" * 24, **more}
        stack = LoneGateway(home, microsoft, slack, environ)
        try:
            stack.start()
            file = home / "contracts.csv"
            file.write_text(CONTRACTS, encoding="utf-8")
            stack.command("contract", "import", str(file))
            yield Target(stack, slack, postbox)
            stack.stop()
        finally:
            if stack._launcher is not None and stack._launcher.poll() is None:
                os.kill(stack._launcher.pid, 9)
            microsoft.close()
            slack.stop()


def quiet_for(seen: Callable[[], int], seconds: float = 1.5, most: float = 20) -> int:
    """Wait until ``seen`` has not grown for a while; its last value."""
    deadline, last, since = time.monotonic() + most, seen(), time.monotonic()
    while time.monotonic() < deadline and time.monotonic() - since < seconds:
        time.sleep(0.1)
        if (now := seen()) != last:
            last, since = now, time.monotonic()
    return last


def error_code(answer: httpx.Response) -> str:
    try:
        return str(answer.json()["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return json.dumps(answer.text[:60])
