"""Technicians' own channels hear that somebody waits, through Apprise's real client and a server on this machine."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.hand_off import notify_team, transitions
from bot.services.hand_off.notify_team import NotAnnounced
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError
from tests.support.interview import Interview
from tests.support.service_fixtures import Customer


class Channel:
    """A chat channel's webhook. ``status`` is what it answers."""

    def __init__(self) -> None:
        self.status, self.heard = 200, list[tuple[str, dict[str, Any]]]()
        channel = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                channel.heard.append((self.path, body))
                self.send_response(channel.status)
                self.end_headers()

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def address(self, path: str) -> str:
        return f"json://127.0.0.1:{self.server.server_port}/{path}"


@pytest.fixture
def channel() -> Iterator[Channel]:
    opened = Channel()
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


async def waits(ctx: Context, problem: str = "the secret recipe file crashes when I print") -> str:
    customer = await Customer.arrives(ctx)
    interview = Interview(ctx, customer)
    await interview.starts(problem=problem, contact="kim@brightsons.example")
    reference = await interview.is_logged()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
    return reference


def announcing(ctx: Context, addresses: str) -> Context:
    settings = load_settings({"TECHREF_HOME": str(ctx.home), "TECHREF_NOTIFY_URLS": addresses})
    return replace(ctx, settings=settings)


async def test_who_waits_is_told_once_with_reference_and_team_and_nothing_else(ctx: Context, channel: Channel) -> None:
    told = announcing(ctx, f"{channel.address('all')} data={channel.address('data')}")
    reference = await waits(ctx)
    for _ in range(2):
        await notify_team.announce_waiting(told)
    ((path, body),) = channel.heard
    assert path == "/all", "the other address is for another team"
    assert reference in body["message"] and "Applications" in body["message"]
    assert "recipe" not in json.dumps(body) and "kim" not in json.dumps(body)


async def test_what_could_not_be_told_is_tried_again(ctx: Context, channel: Channel) -> None:
    told = announcing(ctx, channel.address("all"))
    reference = await waits(ctx)
    channel.status = 500
    with pytest.raises(NotAnnounced) as raised:
        await notify_team.announce_waiting(told)
    assert "127.0.0.1" not in str(raised.value)
    channel.status = 200
    await notify_team.announce_waiting(told)
    assert [reference in body["message"] for _, body in channel.heard] == [True, True]


async def test_without_addresses_nothing_is_told_and_old_news_never(ctx: Context, channel: Channel) -> None:
    await waits(ctx)
    await notify_team.announce_waiting(ctx)
    ctx.clock.advance(hours=2)  # type: ignore[attr-defined]
    await notify_team.announce_waiting(announcing(ctx, channel.address("all")))
    assert channel.heard == []


def test_a_wrong_address_is_told_without_showing_it() -> None:
    with pytest.raises(SettingsError, match="write Apprise addresses") as raised:
        load_settings({"TECHREF_NOTIFY_URLS": "hooks.example/T0/secret"})
    assert "secret" not in str(raised.value)
