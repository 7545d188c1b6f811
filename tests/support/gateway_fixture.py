"""Run a whole gateway in the test's process, on a migrated database, with technicians and customers."""

import asyncio
import itertools
import json
import secrets
import socket
import ssl
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import httpx
from sanic import Sanic

from bot.dialogue.draft import CONTACT, TECHNICIAN_ONLY
from bot.gateway.app import create_app
from bot.gateway.workers import manual_upkeep, requested_work
from bot.services.conversation import lifecycle, transcript
from bot.services.conversation.opened_from import OpenedFrom
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.manual_search import Manual
from bot.services.hand_off import transitions
from bot.services.intake import draft
from bot.services.issue.open_issue import open_issue
from bot.services.queue import queue_position_cache
from bot.services.technician import accounts
from bot.settings.env.settings import Settings, load_settings
from bot.settings.support.load import load_support
from bot.store import schema
from bot.store.database import Database
from tests.support import sanic_cache
from tests.support.described import check_answer
from tests.support.running_stack import free_ports

PASSWORD = "correct horse battery"
SUPPORT = load_support(Path("no-such-home"))
# Everything here is plain http; loading the machine's certificates for each browser takes longer than a test.
PLAIN = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
_numbers = itertools.count()
sanic_cache.install()


class Clock:
    """The real time, put forward at will."""

    def __init__(self) -> None:
        self._ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now(UTC) + self._ahead

    def advance(self, **by: float) -> None:
        self._ahead += timedelta(**by)


@dataclass
class Desk:
    """A technician's browser. ``csrf`` goes along with every call once signed in; answers are held to their types."""

    browser: httpx.AsyncClient
    name: str
    email: str
    id: int

    async def sign_in(self, password: str = PASSWORD) -> httpx.Response:
        answer = await self.browser.post("/desk/api/login", json={"email": self.email, "password": password})
        if answer.status_code == httpx.codes.OK:
            self.browser.headers["X-CSRF-Token"] = answer.json()["csrf_token"]
        return answer

    async def get(self, address: str, **params: str | int) -> httpx.Response:
        return check_answer(await self.browser.get(f"/desk/api/{address}", params=params or None))

    async def post(self, address: str, body: dict[str, Any] | None = None) -> httpx.Response:
        return check_answer(await self.browser.post(f"/desk/api/{address}", json=body or {}))

    async def claim(self, case: "Case") -> httpx.Response:
        return await self.post(f"handoffs/{case.hand_off_id}/claim")

    async def say(self, case: "Case", text: str, client_id: str | None = None) -> httpx.Response:
        body = {"client_message_id": client_id or str(uuid.uuid4()), "text": text}
        return await self.post(f"conversations/{case.conversation_id}/messages", body)

    async def edit(self, case: "Case", **fields: Any) -> httpx.Response:
        """Edit the issue as it stands now."""
        issue = (await self.get(f"issues/{case.reference}")).json()
        return await self.post(f"issues/{case.reference}/edit", {"revision": issue["revision"], **fields})

    async def about(self, case: "Case", what: str = "") -> Any:
        answer = await self.get(f"conversations/{case.conversation_id}{what}")
        assert answer.status_code == httpx.codes.OK, answer.text
        return answer.json()


@dataclass
class Case:
    """A customer whose issue is logged and who waits for a technician."""

    browser: httpx.AsyncClient
    conversation_id: str
    token: str
    reference: str
    hand_off_id: int

    async def get(self, address: str) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"}
        return await self.browser.get(f"/api/{address}", headers=headers)

    async def write(self, text: str, client_id: str | None = None) -> httpx.Response:
        body = {"client_message_id": client_id or str(uuid.uuid4()), "text": text}
        address = f"/api/conversations/{self.conversation_id}/messages"
        return await self.browser.post(address, json=body, headers={"Authorization": f"Bearer {self.token}"})

    async def reads(self) -> dict[str, Any]:
        answer = await self.get(f"conversations/{self.conversation_id}/messages")
        assert answer.status_code == httpx.codes.OK, answer.text
        found: dict[str, Any] = answer.json()
        return found


@dataclass
class Gateway:
    """A running gateway and the browsers that its tests open; all are closed with it."""

    ctx: Context
    app: Sanic[Any, Any]
    address: str
    clock: Clock
    browsers: list[httpx.AsyncClient] = field(default_factory=list)

    def browser(self) -> httpx.AsyncClient:
        opened = httpx.AsyncClient(base_url=self.address, trust_env=False, timeout=30, verify=PLAIN)
        self.browsers.append(opened)
        return opened

    def browser_with(self, session_cookie: str) -> httpx.AsyncClient:
        """A browser that somehow got hold of a session's cookie."""
        opened = self.browser()
        opened.cookies.set("techref_desk", session_cookie)
        return opened

    async def hire(self, name: str, role: str = "technician") -> Desk:
        """A technician who has not signed in yet."""
        email = f"{name.lower().replace(' ', '.')}.{next(_numbers)}@desk.example"
        hired = await accounts.add_technician(self.ctx, email=email, name=name, password=PASSWORD, role=role)
        return Desk(self.browser(), name, email, hired.id)

    async def technician(self, name: str, role: str = "technician") -> Desk:
        desk = await self.hire(name, role)
        assert (await desk.sign_in()).status_code == httpx.codes.OK
        return desk

    async def case(
        self,
        problem: str = "Quillbook crashes when I print an invoice",
        contact: str = "mia@bakery.example",
        private: dict[str, str] | None = None,
        product: str | None = None,
        **answers: str,
    ) -> Case:
        """A customer in the queue, brought there by the services that the dialogue uses."""
        ctx, about = self.ctx, OpenedFrom(time_zone="Europe/Madrid")
        opened = await lifecycle.open_conversation(ctx, opened_from=about, product=product)
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, opened.conversation_id, lock=True)
            now = ctx.clock()
            message = await transcript.append_message(
                session, conversation, now, author="customer", author_name="You", text=problem
            )
            asked = await draft.begin_draft(session, ctx, conversation)
            await draft.add_to_problem(session, asked, problem, now, message.id)
            await draft.save_answer(session, asked, CONTACT, contact, now)
            for name, value in answers.items():
                await draft.save_answer(session, asked, name, value, now)
            for name, value in (private or {}).items():
                await draft.save_answer(session, asked, name, value, now, visibility=TECHNICIAN_ONLY)
            issue = await open_issue(session, ctx, conversation, asked, actor="assistant")
            said = ctx.support.wording.reference_given.format(reference=issue.reference)
            await transcript.say(session, conversation, now, said, author_name=ctx.support.company)
            waiting = await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
            await transitions.post_queue_notices(session, ctx, conversation)
        assert waiting is not None
        return Case(self.browser(), opened.conversation_id, opened.token, issue.reference, waiting.id)

    async def another(self, case: Case, problem: str) -> str:
        """Return the reference of one more issue that the customer logs while the first waits."""
        ctx = self.ctx
        async with ctx.db.write() as session:
            conversation = await lifecycle.load(session, case.conversation_id, lock=True)
            asked = await draft.begin_draft(session, ctx, conversation)
            await draft.add_to_problem(session, asked, problem, ctx.clock(), None)
            await draft.save_answer(session, asked, CONTACT, "mia@bakery.example", ctx.clock())
            issue = await open_issue(session, ctx, conversation, asked, actor="assistant")
            await transitions.request_hand_off(session, ctx, conversation, reason="asked", actor="assistant")
        return issue.reference


def settings_of(home: Path, environ: Mapping[str, str]) -> Settings:
    """Settings of a gateway whose engine and action server are not there, on an empty, migrated database."""
    port, rasa, actions = free_ports(3)
    keys = {
        "TECHREF_HOME": str(home),
        "TECHREF_PORT": str(port),
        "TECHREF_RASA_PORT": str(rasa),
        "TECHREF_ACTIONS_PORT": str(actions),
        "TECHREF_INTERNAL_SECRET": secrets.token_hex(16),
        **environ,
    }
    settings = load_settings(keys)
    schema.check(settings.database_url)
    return settings


class GatewayServer:
    """A listening gateway that runs once or several times, each time on the home as it is then.

    The routes, the compiled templates and SQLAlchemy's compiled statements are kept from run to run; everything else
    starts as in a new process. ``environ`` are further settings, such as a channel's.
    """

    def __init__(self, home: Path, environ: Mapping[str, str] = MappingProxyType({})) -> None:
        Sanic.test_mode = True
        self.home = home
        self._settings = settings_of(home, environ)
        self._app = create_app(self._settings, _wire)
        self._app.config.TOUCHUP = False  # it rewrites Sanic's own classes for one app; a test run has many

    @asynccontextmanager
    async def listening(self) -> AsyncIterator[None]:
        """Accept connections for as long as the block runs."""
        with socket.create_server(("127.0.0.1", 0)) as listening:
            server = await self._app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
            assert server is not None
            await server.startup()  # type: ignore[no-untyped-call]
            await server.start_serving()  # type: ignore[no-untyped-call]
            self._address = f"http://127.0.0.1:{listening.getsockname()[1]}"
            self._server = server
            try:
                yield
            finally:
                server.close()  # type: ignore[no-untyped-call]
                await server.wait_closed()  # type: ignore[no-untyped-call]

    @asynccontextmanager
    async def running(self) -> AsyncIterator[Gateway]:
        """Start the gateway's workers; at the end close the browsers and stop the workers."""
        ctx: Context = self._app.ctx.techref
        # What the run before began late may have connected again, to the database that has made room for a new one.
        await ctx.db.close()
        clock = self._renew(ctx)
        await self._server.before_start()  # type: ignore[no-untyped-call]
        gateway = Gateway(ctx, self._app, self._address, clock)
        try:
            yield gateway
        finally:
            for browser in gateway.browsers:
                await browser.aclose()
            await self._disconnect()
            await self._server.before_stop()  # type: ignore[no-untyped-call]

    def _renew(self, ctx: Context) -> Clock:
        """Put everything back that the run before may have changed in the wiring; return the new run's clock."""
        clock = Clock()
        for remembered in (
            rate_limits._debts,
            queue_position_cache._readings,
            manual_upkeep._upkeeps,
            requested_work._doings,
        ):
            remembered.pop(ctx, None)
        # The routes hold these very objects.
        Manual.__init__(ctx.manual, self.home)
        Context.__init__(ctx, self._settings, SUPPORT, ctx.db, ctx.manual, clock)
        return clock

    async def _disconnect(self) -> None:
        """Abort what is still connected, such as a browser's idle connections, and wait for its handlers to end."""
        connections = set(self._server.connections)
        handlers = [one._task for one in connections if one._task]
        for one in connections:
            one.abort()
        if handlers:
            await asyncio.wait(handlers)


def _wire(settings: Settings) -> Context:
    """Wire the gateway as ``wire`` does, without reading the 500 lines of support.yml for each test."""
    return Context(settings, SUPPORT, Database(settings.database_url), Manual(settings.home))


@asynccontextmanager
async def open_gateway(home: Path, environ: Mapping[str, str] = MappingProxyType({})) -> AsyncIterator[Gateway]:
    """Run a gateway of one test's own on ``home``; ``environ`` are further settings, such as a channel's."""
    server = GatewayServer(home, environ)
    async with server.listening(), server.running() as gateway:
        yield gateway


async def first_event(stream: httpx.Response, wanted: str, seconds: float = 10) -> dict[str, Any]:
    """The data of the next event of this name."""
    async with asyncio.timeout(seconds):
        name = ""
        async for line in lines_of(stream):
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: ") and name == wanted:
                found: dict[str, Any] = json.loads(line.removeprefix("data: "))
                return found
    raise AssertionError(f"the stream ended without {wanted}")


_open_lines: dict[int, AsyncIterator[str]] = {}


def lines_of(stream: httpx.Response) -> AsyncIterator[str]:
    """The stream's lines; httpx lets a stream be iterated only once, so its iterator is kept."""
    return _open_lines.setdefault(id(stream), stream.aiter_lines())


async def eventually(check: Callable[[], Awaitable[bool]], seconds: float = 15) -> None:
    """Wait until ``check`` says yes."""
    deadline = asyncio.get_running_loop().time() + seconds
    while not await check():
        assert asyncio.get_running_loop().time() < deadline, f"it did not happen within {seconds:.0f} s"
        await asyncio.sleep(0.1)
