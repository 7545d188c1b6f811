"""Load-test a gateway with many open chats: its memory, and the delay from storing a message to its event.

    python bench/streams.py [--home HOME] [--streams 1000] [--talking 100] [--rate 20] [--seconds 60]

``--streams`` customers have their chat open. ``--talking`` of them have a technician, and the two write to each other
in turn, ``--rate`` messages a second in all of them together. Every stream is watched: the delay is the time from
``created_at`` of a message, set before it is committed, to its line on the stream. A stack of its own is started, with
limits that let one address do all this; with ``--home`` it is kept, and need not train its model another time.
"""

import argparse
import asyncio
import itertools
import json
import secrets
import tempfile
import time
import uuid
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import psutil
from turns import quantile

from tests.support.running_stack import UNLIMITED, RunningStack, TechnicianAccount, running_stack

AT_ONCE = 8
HEARTBEAT_SECONDS = 15


@dataclass
class Chat:
    """One customer with an open stream."""

    conversation_id: str
    token: str
    after: int = 0
    owner: str = "assistant"

    @property
    def path(self) -> str:
        return f"/api/conversations/{self.conversation_id}"

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}


@dataclass
class Seen:
    """Milliseconds from stored to seen, and the messages that were seen more than once or never."""

    delays: list[float] = field(default_factory=list)
    keys: list[tuple[str, int]] = field(default_factory=list)
    broken: int = 0
    connected: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(0))


async def follow(host: str, port: int, chat: Chat, seen: Seen) -> None:
    """Follow a stream in plain asyncio: a thousand clients of a library would be measured more than the gateway."""
    reader, writer = await asyncio.open_connection(host, port)
    request = f"GET {chat.path}/events?after_seq={chat.after} HTTP/1.1\r\nHost: {host}:{port}\r\n"
    writer.write(f"{request}Authorization: Bearer {chat.token}\r\n\r\n".encode())
    name, counted = "", False
    try:
        async for raw in reader:
            line = raw.decode().strip()
            if line.startswith("event: "):
                name = line[7:]
                if not counted:
                    counted = True
                    seen.connected.release()
            elif line.startswith("data: ") and name == "message":
                now = datetime.now(UTC)
                message = json.loads(line[6:])
                if "author" in message:
                    stored = datetime.fromisoformat(message["created_at"])
                    seen.delays.append((now - stored).total_seconds() * 1000)
                    seen.keys.append((chat.conversation_id, message["seq"]))
        seen.broken += 1
    finally:
        writer.close()


async def open_chats(client: httpx.AsyncClient, count: int) -> list[Chat]:
    numbers = iter(range(count))

    async def some() -> list[Chat]:
        chats = []
        for _ in numbers:
            opened = (await client.post("/api/conversations", json={})).raise_for_status().json()
            chats.append(Chat(opened["conversation_id"], opened["token"]))
        return chats

    return list(itertools.chain(*await asyncio.gather(*(some() for _ in range(AT_ONCE)))))


async def hand_over(client: httpx.AsyncClient, desk: httpx.AsyncClient, chats: list[Chat]) -> None:
    """Log an issue in each chat and have the technician claim it."""
    waiting = iter(chats)

    async def some() -> None:
        for chat in waiting:
            address = f"{secrets.token_hex(4)}@bench.example"
            await says(client, chat, f"Printing fails since yesterday, all of us are stuck. Write to {address}")
            await until(client, chat, lambda state: bool(state["reference"]))
            await says(client, chat, "I need a person, please")
            await until(client, chat, lambda state: state["owner"] == "queue")
            listed = (await desk.get("/desk/api/handoffs", params={"state": "waiting"})).json()["handoffs"]
            (mine,) = [one["id"] for one in listed if one["conversation_id"] == chat.conversation_id]
            (await desk.post(f"/desk/api/handoffs/{mine}/claim", json={})).raise_for_status()

    await asyncio.gather(*(some() for _ in range(4)))


async def says(client: httpx.AsyncClient, chat: Chat, text: str) -> None:
    body = {"client_message_id": str(uuid.uuid4()), "text": text}
    (await client.post(f"{chat.path}/messages", json=body, headers=chat.headers)).raise_for_status()


async def until(client: httpx.AsyncClient, chat: Chat, holds: Any) -> None:
    async with asyncio.timeout(60):
        while True:
            if holds((await client.get(f"{chat.path}/messages", headers=chat.headers)).json()):
                return
            await asyncio.sleep(0.1)


async def answers(desk: httpx.AsyncClient, chat: Chat) -> None:
    body = {"client_message_id": str(uuid.uuid4()), "text": "Please try that and tell me what it says now."}
    (await desk.post(f"/desk/api/conversations/{chat.conversation_id}/messages", json=body)).raise_for_status()


async def talk(
    client: httpx.AsyncClient, desk: httpx.AsyncClient, chats: list[Chat], rate: float, seconds: float
) -> int:
    """Send messages at an even pace, whether or not those before have been answered; return their number."""
    turn = itertools.cycle(
        [lambda c=chat: says(client, c, "It is still the same, I am afraid.") for chat in chats]
        + [lambda c=chat: answers(desk, c) for chat in chats]
    )
    began, sent, running = time.monotonic(), 0, set[asyncio.Task[None]]()
    for due in paces(began, rate, seconds):
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        task = asyncio.create_task(next(turn)())
        running.add(task)
        task.add_done_callback(running.discard)
        sent += 1
    await asyncio.gather(*running)
    return sent


def paces(began: float, rate: float, seconds: float) -> Iterator[float]:
    return (began + number / rate for number in range(int(rate * seconds)))


async def run(arguments: argparse.Namespace, stack: RunningStack, technician: TechnicianAccount) -> None:
    url, gateway = httpx.URL(stack.url), psutil.Process(stack.pid_of("gateway"))
    before = gateway.memory_info().rss
    many = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(base_url=url, timeout=60, limits=many, trust_env=False) as client,
        httpx.AsyncClient(base_url=url, timeout=60, limits=many, trust_env=False) as desk,
    ):
        login = {"email": technician.email, "password": technician.password}
        signed_in = (await desk.post("/desk/api/login", json=login)).raise_for_status()
        desk.headers["X-CSRF-Token"] = signed_in.json()["csrf_token"]
        chats, seen = await open_chats(client, arguments.streams), Seen()
        talking = chats[: arguments.talking]
        await hand_over(client, desk, talking)
        for chat in talking:
            read = (await client.get(f"{chat.path}/messages", headers=chat.headers)).json()
            chat.after, chat.owner = read["messages"][-1]["seq"], read["owner"]
        streams = [asyncio.create_task(follow(url.host, url.port or 80, chat, seen)) for chat in chats]
        async with asyncio.timeout(60):
            for _ in chats:
                await seen.connected.acquire()
        open_memory = gateway.memory_info().rss
        spent = sum(gateway.cpu_times()[:2])
        sent = await talk(client, desk, talking, arguments.rate, arguments.seconds)
        spent = sum(gateway.cpu_times()[:2]) - spent
        # Longer than a heartbeat: unnoticed failures are found, late messages are counted.
        await asyncio.sleep(HEARTBEAT_SECONDS + 2)
        for stream in streams:
            stream.cancel()
        await asyncio.gather(*streams, return_exceptions=True)
    print(
        json.dumps(
            {
                "streams": len(chats),
                "messages_sent": sent,
                "messages_seen": len(seen.keys),
                "seen_twice": len(seen.keys) - len(set(seen.keys)),
                "streams_broken": seen.broken,
                "per_second": arguments.rate,
                "stored_to_seen_p50_ms": round(quantile(seen.delays, 0.5), 1),
                "stored_to_seen_p95_ms": round(quantile(seen.delays, 0.95), 1),
                "stored_to_seen_max_ms": round(max(seen.delays), 1),
                "gateway_mb_before": round(before / 1e6),
                "gateway_mb_streams_open": round(open_memory / 1e6),
                "gateway_mb_after": round(gateway.memory_info().rss / 1e6),
                "gateway_cpu_percent": round(100 * spent / arguments.seconds),
            }
        )
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--home", type=Path)
    parser.add_argument("--streams", type=int, default=1000)
    parser.add_argument("--talking", type=int, default=100)
    parser.add_argument("--rate", type=float, default=20)
    parser.add_argument("--seconds", type=float, default=60)
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, running_stack(arguments.home or Path(folder), UNLIMITED) as stack:
        asyncio.run(run(arguments, stack, stack.add_technician("Anna")))


if __name__ == "__main__":
    main()
