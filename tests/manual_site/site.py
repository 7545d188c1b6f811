"""The manual's site on a real Sanic server, on a free port of loopback."""

import asyncio
import itertools
import socket
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
from sanic import Sanic

from bot.manual_site.blueprint import ManualSource, manual_blueprint
from bot.manual_site.finding import FindPassages, SearchLog
from bot.services.manual.tips import prose_of, tips_page
from bot.settings.support.load import load_support
from knowledge_base.pages import Page
from knowledge_base.search import Result, Search

SUPPORT = load_support(Path("no-such-home"))
TIPS = tips_page(prose_of(Path("no-such-home")), SUPPORT)
_numbers = itertools.count()


@dataclass(frozen=True)
class Vendor:
    """The vendor of support.yml, without a logo."""

    company: str = SUPPORT.company
    product: str = SUPPORT.product
    colour: str = SUPPORT.colour
    phone: str = SUPPORT.phone
    phone_href: str = SUPPORT.phone_href
    error_code: str | None = SUPPORT.error_code
    logo: str | None = None
    manuals: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class Manual:
    """The pages and the open search of the real manual."""

    pages: Sequence[Page]
    opened: Search

    def read(self) -> Sequence[Page]:
        return self.pages

    async def find(self, question: str, limit: int) -> Result | None:
        return await asyncio.to_thread(self.opened.find, question, limit)

    async def cannot_search(self, question: str, limit: int) -> Result | None:
        """What the service answers while there is no index."""
        return None


@asynccontextmanager
async def serve(
    manual: Manual,
    pages: Callable[[], Sequence[Page]] | None = None,
    find: FindPassages | None = None,
    log: SearchLog | None = None,
) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of the site; redirects are not followed."""
    app = Sanic(f"manual_site_{next(_numbers)}", configure_logging=False)
    app.config.MOTD = False
    app.config.TOUCHUP = False  # it rewrites Sanic's own classes for one app; a test run has many
    source = ManualSource(pages or manual.read, lambda: TIPS, find or manual.find, Vendor(), log)
    app.blueprint(manual_blueprint(source))
    with socket.create_server(("127.0.0.1", 0)) as listening:
        server = await app.create_server(sock=listening, return_asyncio_server=True, access_log=False)
        assert server is not None
        await server.startup()  # type: ignore[no-untyped-call]
        await server.start_serving()  # type: ignore[no-untyped-call]
        address = f"http://127.0.0.1:{listening.getsockname()[1]}"
        try:
            async with httpx.AsyncClient(base_url=address, trust_env=False) as browser:
                yield browser
        finally:
            server.close()  # type: ignore[no-untyped-call]
            await server.wait_closed()  # type: ignore[no-untyped-call]
