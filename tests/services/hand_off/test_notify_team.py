"""Technicians' own channels hear that somebody waits, through Apprise's real client and a server on this machine."""

import json
import threading
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from sqlalchemy import select

from bot.services.conversation import lifecycle
from bot.services.core.context import Context
from bot.services.hand_off import transitions
from bot.services.hand_off.notify_team import TeamNoticeSender
from bot.services.outbox.items import TEAM_NOTICE
from bot.services.outbox.process import process
from bot.settings.env.settings import load_settings
from bot.settings.problems import SettingsError
from bot.store.tables import IntakeAnswer, Issue, Technician
from tests.support.interview import Interview
from tests.support.outbox import outbox_items, send_due
from tests.support.service_fixtures import Customer


class Channel:
    """A chat channel's webhook. ``status`` is what it answers."""

    def __init__(self) -> None:
        self.status, self.heard = 200, list[tuple[str, dict[str, str]]]()
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


@pytest.fixture
def broken() -> Iterator[Channel]:
    opened = Channel()
    opened.status = 500
    yield opened
    opened.server.shutdown()
    opened.server.server_close()


async def waits(
    ctx: Context, problem: str = "the secret recipe file crashes when I print", team: str | None = None
) -> str:
    customer = await Customer.arrives(ctx)
    interview = Interview(ctx, customer)
    await interview.starts(problem=problem, contact="kim@brightsons.example")
    reference = await interview.is_logged()
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, customer.id, lock=True)
        if team is not None:
            (await session.get_one(Issue, conversation.issue_id)).team = team
        await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
    return reference


def announcing(ctx: Context, addresses: str) -> Context:
    settings = load_settings({"TECHREF_HOME": str(ctx.home), "TECHREF_NOTIFY_URLS": addresses})
    return replace(ctx, settings=settings)


async def look(ctx: Context) -> None:
    await send_due(ctx, TeamNoticeSender(ctx))


async def test_who_waits_is_announced_once_with_reference_and_team_and_nothing_else(
    ctx: Context, channel: Channel
) -> None:
    told = announcing(ctx, f"{channel.address('all')} data={channel.address('data')}")
    reference = await waits(told)
    for _ in range(2):
        await look(told)
    ((path, body),) = channel.heard
    assert path == "/all", "the other address is for another team"
    assert reference in body["message"] and "Applications" in body["message"]
    assert "recipe" not in json.dumps(body) and "kim" not in json.dumps(body)
    (item,) = await outbox_items(told, TEAM_NOTICE)
    assert item.state == "sent" and "127.0.0.1" not in item.target + item.key, "addresses are secrets"


async def test_of_two_addresses_the_good_one_is_notified_once_whatever_the_other_does(
    ctx: Context, channel: Channel, broken: Channel
) -> None:
    told = announcing(ctx, f"{channel.address('good')} {broken.address('bad')}")
    await waits(told)
    for _ in range(5):
        await look(told)
        ctx.clock.advance(minutes=5)  # type: ignore[attr-defined]
    assert (len(channel.heard), len(broken.heard)) == (1, 5)
    assert {item.state for item in await outbox_items(told, TEAM_NOTICE)} == {"sent", "queued"}


async def test_a_broken_address_of_one_team_silences_no_other_team(
    ctx: Context, channel: Channel, broken: Channel
) -> None:
    told = announcing(ctx, f"applications={broken.address('bad')} data={channel.address('good')}")
    await waits(told)
    other = await waits(told, "the company file is damaged and does not open", team="data")
    await look(told)
    assert [other in body["message"] for _, body in channel.heard] == [True]


async def test_a_notice_that_was_not_accepted_is_tried_again_for_an_hour(ctx: Context, channel: Channel) -> None:
    told = announcing(ctx, channel.address("all"))
    reference = await waits(told)
    channel.status = 500
    await look(told)
    (item,) = await outbox_items(told, TEAM_NOTICE)
    assert (item.state, item.error) == ("queued", "not accepted")
    channel.status = 200
    ctx.clock.advance(seconds=10)  # type: ignore[attr-defined]
    await look(told)
    assert [reference in body["message"] for _, body in channel.heard] == [True, True]


async def test_a_notice_that_nobody_needs_any_more_is_dropped_and_old_news_fails(
    ctx: Context, channel: Channel, anna: Technician
) -> None:
    told = announcing(ctx, channel.address("all"))
    await waits(told)
    await waits(told)
    claimed, _ = await outbox_items(told, TEAM_NOTICE)
    assert claimed.hand_off_id is not None
    await transitions.claim(ctx, claimed.hand_off_id, anna)
    await process(told, claimed.id, TeamNoticeSender(told))
    ctx.clock.advance(hours=2)  # type: ignore[attr-defined]
    await look(told)
    assert [item.state for item in await outbox_items(told, TEAM_NOTICE)] == ["dropped", "failed"]
    assert channel.heard == []


async def test_without_addresses_nothing_is_queued(ctx: Context) -> None:
    await waits(ctx)
    assert await outbox_items(ctx, TEAM_NOTICE) == []


async def test_an_address_removed_from_the_settings_is_not_notified(ctx: Context, channel: Channel) -> None:
    await waits(announcing(ctx, channel.address("old")))
    await look(announcing(ctx, channel.address("new")))
    assert channel.heard == [] and [item.state for item in await outbox_items(ctx, TEAM_NOTICE)] == ["dropped"]


def test_a_wrong_address_is_informed_without_showing_it() -> None:
    with pytest.raises(SettingsError, match="write Apprise addresses") as raised:
        load_settings({"TECHREF_NOTIFY_URLS": "hooks.example/T0/secret"})
    assert "secret" not in str(raised.value)


async def test_a_notice_marks_confidence_and_quotes_nothing_of_it(ctx: Context, channel: Channel) -> None:
    settings = load_settings({"TECHREF_HOME": str(ctx.home), "TECHREF_NOTIFY_URLS": channel.address("all")})
    ctx = replace(ctx, settings=settings)
    reference = await waits(ctx)
    async with ctx.db.write() as session:
        issue = (await session.scalars(select(Issue))).one()
        for answer in await session.scalars(select(IntakeAnswer).where(IntakeAnswer.intake_id == issue.intake_id)):
            answer.visibility = "technician"
    await send_due(ctx, TeamNoticeSender(ctx))
    ((_, body),) = channel.heard
    assert body["message"].startswith(reference) and body["message"].endswith(
        "Told in confidence: open it at the desk."
    )
    assert "recipe" not in json.dumps(body)
