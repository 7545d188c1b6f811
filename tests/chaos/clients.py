"""Customers and technicians on the public API, as stubborn as a widget: all is sent until it is acknowledged."""

import asyncio
import json
import random
import secrets
import time
import uuid
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.chaos.outside import REFUSED
from tests.chaos.records import Json, Record
from tests.support.running_stack import TechnicianAccount

STORIES = (
    ("Hello", "How do I add a new customer?", "Thanks, that helped"),
    ("The program crashes whenever I print an invoice. You can reach me at {address}", "version 4.2", "since Monday"),
    ("I need a person please", "My reports are empty since yesterday", "my address is {address}", "please hurry"),
    ("The bank import stops at 40 percent", "it is the same on two computers", "{address}", "How do I make a backup?"),
    ("How do I change the tax rate?", "Printing fails with an error, write to {address}", "Windows 11", "all of us"),
)
RETRY_AFTER = (0.3, 0.6, 1.2, 2.0)
UNAVAILABLE = (httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.BAD_GATEWAY)
PATIENCE_SECONDS = 120.0


@dataclass
class Client:
    """Requests that are repeated until there is an answer."""

    http: httpx.AsyncClient
    headers: dict[str, str] = field(default_factory=dict)
    unexpected: list[str] = field(default_factory=list)

    async def asks(self, method: str, path: str, body: Json | None = None) -> httpx.Response:
        deadline, tries = time.monotonic() + PATIENCE_SECONDS, 0
        while True:
            try:
                answer = await self.http.request(method, path, json=body, headers=self.headers)
                if answer.status_code not in UNAVAILABLE:
                    if answer.status_code >= httpx.codes.INTERNAL_SERVER_ERROR:
                        self.unexpected.append(f"{answer.status_code} {method} {path.split('/')[-1]}")
                    return answer
            except httpx.TransportError:
                pass  # it is down: that is what this is about
            assert time.monotonic() < deadline, f"no answer to {method} {path} for {PATIENCE_SECONDS:.0f} s"
            await asyncio.sleep(RETRY_AFTER[min(tries, len(RETRY_AFTER) - 1)] * random.uniform(0.7, 1.3))
            tries += 1


class Customer:
    """One conversation after one of the stories."""

    def __init__(self, http: httpx.AsyncClient, number: int, pause: float) -> None:
        self.client, self.record, self._pause = Client(http), Record(), pause
        self._story = STORIES[number % len(STORIES)]
        self._news = asyncio.Event()

    async def lives(self) -> None:
        """Open, write the story with pauses, waiting for an answer most times; listens until ``leaves``."""
        opened = (await self.client.asks("POST", "/api/conversations", {})).raise_for_status().json()
        self.path = f"/api/conversations/{opened['conversation_id']}"
        self.client.headers["Authorization"] = f"Bearer {opened['token']}"
        self._listening = asyncio.create_task(self._listen())
        for line in self._story:
            await asyncio.sleep(random.uniform(0.2, 2) * self._pause)
            await self._writes(line.format(address=f"{self._local_part()}@chaos.example"))

    def _local_part(self) -> str:
        """One address in ten is refused by the mail server for good."""
        return (REFUSED if random.random() < 0.1 else "") + secrets.token_hex(4)

    async def _writes(self, text: str) -> None:
        before, client_id = len(self.record.heard), str(uuid.uuid4())
        answer = await self.client.asks("POST", f"{self.path}/messages", {"client_message_id": client_id, "text": text})
        assert answer.status_code in (200, 202), answer.text
        self.record.sent.append(client_id)
        if random.random() < 0.2:
            return  # the next message comes before the answer
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            if any(message["author"] != "customer" for message in self.record.heard[before:]):
                return
            self._news.clear()
            try:
                async with asyncio.timeout(1):
                    await self._news.wait()
            except TimeoutError:
                continue

    async def _listen(self) -> None:
        while True:
            after = self.record.heard[-1]["seq"] if self.record.heard else 0
            try:
                address = f"{self.path}/events?after_seq={after}"
                async with self.client.http.stream("GET", address, headers=self.client.headers, timeout=25) as stream:
                    name = ""
                    async for line in stream.aiter_lines():
                        if line.startswith("event: "):
                            name = line[7:]
                        elif line.startswith("data: ") and name == "message":
                            self.record.heard.append(json.loads(line[6:]))
                            self._news.set()
            except httpx.HTTPError:
                pass  # the stream broke: come back
            await asyncio.sleep(random.uniform(0.3, 1.5))

    async def leaves(self) -> None:
        """Read the transcript, give the stream a last moment to bring all of it, and stop listening."""
        read = (await self.client.asks("GET", f"{self.path}/messages")).raise_for_status().json()
        self.record.transcript, self.record.reference = read["messages"], read["reference"]
        for _ in range(100):
            if len(self.record.heard) >= len(self.record.transcript):
                break
            await asyncio.sleep(0.2)
        self._listening.cancel()
        await asyncio.gather(self._listening, return_exceptions=True)


class Technician:
    """Claims whoever waits, writes twice, and turns to the next.

    While some hand-offs are claimed their payment is recorded, twice at once with one authorisation.
    """

    def __init__(self, http: httpx.AsyncClient, account: TechnicianAccount, number: int) -> None:
        self.client, self._account, self._number = Client(http), account, number
        self.wrote: dict[str, list[str]] = {}
        self.paid: Counter[str] = Counter()

    async def works(self) -> None:
        """Until cancelled."""
        await self.signs_in()
        while True:
            await asyncio.sleep(random.uniform(1.5, 4))
            listed = await self.client.asks("GET", "/desk/api/handoffs?state=waiting")
            waiting = listed.json().get("handoffs", [])
            if not waiting:
                continue
            chosen = random.choice(waiting[:8])
            claim = self.client.asks("POST", f"/desk/api/handoffs/{chosen['id']}/claim", {})
            claimed, *_ = await asyncio.gather(claim, *self._payments(chosen["reference"]))
            if claimed.status_code == httpx.codes.OK:
                for _ in range(2):
                    await self._writes(chosen["conversation_id"])

    def _payments(self, reference: str) -> list[Coroutine[Any, Any, None]]:
        """Return the same payment twice, for half of the issues; a slow answer makes people press twice."""
        if random.random() < 0.5:
            return []
        authorisation = f"T{self._number}-{secrets.token_hex(3)}"
        return [self._records_payment(reference, authorisation) for _ in range(2)]

    async def _records_payment(self, reference: str, authorisation: str) -> None:
        body = {"hours": 1, "brand": "VISA", "authorisation": authorisation}
        answer = await self.client.asks("POST", f"/desk/api/issues/{reference}/payments", body)
        if answer.status_code == httpx.codes.CREATED:
            self.paid[authorisation] += 1

    async def signs_in(self) -> None:
        body = {"email": self._account.email, "password": self._account.password}
        signed_in = (await self.client.asks("POST", "/desk/api/login", body)).raise_for_status()
        self.client.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]

    async def _writes(self, conversation_id: str) -> None:
        text = f"This is technician {self._number}, looking into it ({secrets.token_hex(4)})."
        path = f"/desk/api/conversations/{conversation_id}/messages"
        body = {"client_message_id": str(uuid.uuid4()), "text": text}
        answer = await self.client.asks("POST", path, body)
        if answer.status_code < httpx.codes.BAD_REQUEST:
            self.wrote.setdefault(conversation_id, []).append(text)
        await asyncio.sleep(random.uniform(0.3, 1.5))
