"""Addresses of files come from outside: nothing is fetched from our own network, and no token leaves for others."""

import gzip
from collections.abc import AsyncIterator, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import httpx
import pytest
import pytest_asyncio

from bot.channels.slack.client import WebApi
from bot.channels.slack.files import SlackFiles
from bot.channels.teams.client import download
from bot.channels.teams.service_hosts import AllowedHosts
from bot.services.channel.incoming_files import IncomingFile
from bot.services.core.context import Context
from bot.services.core.manual_search import Manual
from bot.services.outbox.outcomes import NotNow, Refused
from bot.settings.env.settings import load_settings
from bot.store.database import Database
from tests.support.gateway_fixture import SUPPORT
from tests.support.serving import serving

INSIDE = (
    "http://127.0.0.1:5055/",
    "https://127.0.0.1/",
    "https://localhost/",
    "https://[::1]/",
    "https://10.0.0.1/",
    "https://169.254.169.254/latest/meta-data/",
    "http://169.254.169.254/latest/meta-data/",
    "https://0.0.0.0/",
    "https://2130706433/",
    "file:///etc/passwd",
    "ftp://files.slack.com/x",
    "gopher://127.0.0.1/",
    "//127.0.0.1/",
    "",
)
SLACK_LOOKALIKES = (
    "http://files.slack.com/x",
    "https://files.slack.com:8443/x",
    "https://slack.com.evil.example/x",
    "https://notslack.com/x",
    "https://evil-slack-files.com/x",
    "https://files.slack.com@evil.example/x",
    "https://evil.example\\@files.slack.com/x",
    "https://evil.example/\\files.slack.com",
    "https://files.slack.com\n.evil.example/x",
)
TEAMS_LOOKALIKES = (
    "http://brightsons.sharepoint.com/x",
    "https://brightsons.sharepoint.com:8443/x",
    "https://sharepoint.com.evil.example/x",
    "https://evilsharepoint.com/x",
    "https://brightsons.sharepoint.com@evil.example/x",
    "https://evil.example\\@brightsons.sharepoint.com/x",
)


class Server(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Handler)
        self.asked: list[tuple[str, str | None]] = []
        self.address = f"http://127.0.0.1:{self.server_port}"


class Handler(BaseHTTPRequestHandler):
    server: Server

    def do_GET(self) -> None:
        self.server.asked.append((self.path, self.headers["Authorization"]))
        if self.path == "/redirect":
            self.send_response(302)
            self.send_header("Location", f"{self.server.address}/inside")
            self.end_headers()
            return
        body = gzip.compress(b"\0" * 200_000_000, 1) if self.path == "/bomb" else b"the file"
        self.send_response(200)
        if self.path == "/bomb":
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except OSError:
            return  # the reader has had enough

    def log_message(self, *_arguments: object) -> None:
        """Quiet."""


@pytest.fixture
def server() -> Iterator[Server]:
    running = Server()
    with serving(running):
        yield running


@pytest_asyncio.fixture
async def ctx(home: Path) -> AsyncIterator[Context]:
    settings = load_settings({"TECHREF_HOME": str(home), "TECHREF_SLACK_BOT_TOKEN": "xoxb-1"})
    made = Context(settings, SUPPORT, Database(settings.database_url), Manual(home))
    yield made
    await made.db.close()


def sent(url: str) -> IncomingFile:
    return IncomingFile(name="x.txt", source={"installation": "T1", "file": "F1", "url": url, "size": 8})


@pytest.mark.parametrize("url", [*INSIDE[:-1], *SLACK_LOOKALIKES, *TEAMS_LOOKALIKES])
async def test_slacks_token_goes_to_slacks_hosts_only(ctx: Context, url: str) -> None:
    api = WebApi(ctx)
    try:
        with pytest.raises(Refused, match="foreign_address"):
            await SlackFiles(ctx, api).fetch(sent(url))
    finally:
        await api.close()


@pytest.mark.parametrize("url", [*INSIDE, *SLACK_LOOKALIKES, *TEAMS_LOOKALIKES])
def test_files_of_teams_lie_at_microsoft_only(url: str) -> None:
    hosts = AllowedHosts()
    assert not hosts.allows(url) and not hosts.allows_file(url)


def test_the_real_addresses_are_taken(ctx: Context) -> None:
    files = SlackFiles(ctx, WebApi(ctx))
    assert files._is_slacks("https://files.slack.com/files-pri/T1-F1/download/x.txt")
    assert AllowedHosts().allows_file("https://brightsons-my.sharepoint.com/personal/x?tempauth=1")
    assert AllowedHosts().allows("https://smba.trafficmanager.net/emea/")


async def test_a_redirect_is_not_followed(server: Server) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises(Refused, match="http_302"):
            await download(http, f"{server.address}/redirect", 1000, {"Authorization": "Bearer ours"})
    assert server.asked == [("/redirect", "Bearer ours")]


async def test_a_file_that_unpacks_to_more_than_may_be_kept_is_refused(server: Server) -> None:
    async with httpx.AsyncClient(trust_env=False) as http:
        with pytest.raises((Refused, NotNow), match="file_too_large"):
            await download(http, f"{server.address}/bomb", 10_000_000, {})
