"""The online manual as the gateway serves it."""

import logging
import math
import time
from collections.abc import Callable, Sequence

from sanic import Blueprint
from sqlalchemy.exc import DBAPIError

from bot.installation.manual_pages import manual_pages, pages_stamp
from bot.manual_site.blueprint import manual_blueprint
from bot.manual_site.finding import Finding, Hit
from bot.manual_site.price_page import price_page
from bot.services.administration.logo import find_logo
from bot.services.core.context import Context
from bot.services.core.errors import TooMany
from bot.services.manual import search_log
from bot.services.manual.tips import prose_of, tips_page
from knowledge_base.pages import Page, PageUnreadable
from knowledge_base.sources import SourceError

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 1.0


def manual(ctx: Context) -> Blueprint:
    """Return the online manual with Tips for Faster Service as its last page."""
    return manual_blueprint(
        _pages(ctx), _tips(ctx), ctx.manual.find, _Vendor(ctx), _Log(ctx), price=lambda: price_page(ctx.support)
    )


class _Vendor:
    """Names, colour and telephone as support.yml has them now: it may change while the gateway runs."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    @property
    def company(self) -> str:
        return self._ctx.support.company

    @property
    def product(self) -> str:
        return self._ctx.support.product

    @property
    def colour(self) -> str:
        return self._ctx.support.colour

    @property
    def phone(self) -> str:
        return self._ctx.support.phone

    @property
    def phone_href(self) -> str:
        return self._ctx.support.phone_href

    @property
    def logo(self) -> str | None:
        return "/brand/logo" if find_logo(self._ctx.home) else None

    @property
    def error_code(self) -> str | None:
        return self._ctx.support.error_code


class _Log:
    """Record searches on the manual's pages like the assistant's searches."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx

    async def searched(self, reader: str, finding: Finding) -> str | None:
        shown = [{"title": _title(hit), "url": hit.url} for hit in finding.hits]
        try:
            return await search_log.record_manual_search(
                self._ctx, reader, finding.question, shown, finding.score, finding.confident
            )
        except (TooMany, DBAPIError, OSError) as error:
            # A reader gets the answer whether or not it can be counted.
            log.warning("a search of the manual was not recorded: %s", type(error).__name__)
            return None

    async def opened(self, reader: str, key: str, place: int) -> None:
        await search_log.manual_hit_opened(self._ctx, reader, key, place)


def _title(hit: Hit) -> str:
    return f"{hit.title}: {hit.heading}" if hit.heading else hit.title


def _pages(ctx: Context) -> Callable[[], Sequence[Page]]:
    """Return the pages, read again when one changed; a look at the files every second is enough for people."""
    stamp, looked_at = "", -math.inf
    pages: Sequence[Page] = ()

    def read() -> Sequence[Page]:
        nonlocal stamp, looked_at, pages
        if time.monotonic() - looked_at >= LOOK_EVERY_SECONDS:
            looked_at = time.monotonic()
            if (now := pages_stamp(ctx.home)) != stamp:
                try:
                    pages = manual_pages(ctx.home, ctx.support)[:-1]
                    stamp = now
                except (PageUnreadable, SourceError) as error:
                    if not stamp:
                        raise
                    log.error("the manual's site goes on with the pages it has: %s", error)
        return pages

    return read


def _tips(ctx: Context) -> Callable[[], Page]:
    """Return the tips page, made again when its prose or support.yml has changed."""
    made_of, page, looked_at = (prose_of(ctx.home), ctx.support), tips_page(prose_of(ctx.home), ctx.support), 0.0

    def read() -> Page:
        nonlocal made_of, page, looked_at
        prose, made_for = made_of
        if time.monotonic() - looked_at >= LOOK_EVERY_SECONDS:
            looked_at, prose = time.monotonic(), prose_of(ctx.home)
        if prose != made_of[0] or made_for is not ctx.support:
            made_of, page = (prose, ctx.support), tips_page(prose, ctx.support)
        return page

    return read
