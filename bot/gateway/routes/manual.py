"""The online manual as the gateway serves it."""

import logging
import math
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from sanic import Blueprint
from sqlalchemy.exc import DBAPIError

from bot.installation.manual_pages import manual_pages, pages_stamp
from bot.manual_site.blueprint import ManualSource, manual_blueprint
from bot.manual_site.finding import Finding, Hit
from bot.manual_site.price_page import price_page
from bot.services.administration.logo import logo_address
from bot.services.core.context import Context
from bot.services.core.errors import TooMany
from bot.services.manual import search_log
from bot.services.manual.manual_place import manual_place, tips_prose
from bot.services.manual.tips import tips_page
from bot.settings.support.support import Support
from knowledge_base.pages import Page, PageUnreadable
from knowledge_base.search import Result
from knowledge_base.sources import Library, SourceError

log = logging.getLogger(__name__)
LOOK_EVERY_SECONDS = 1.0
View = Callable[[], Support]
"""Gives the settings of a manual's product as they are now."""


def manual(ctx: Context) -> Blueprint:
    """Return the online manual with Tips for Faster Service as its last page, and that of each of several products."""
    made: dict[str, ManualSource] = {}

    def of_product(product: str) -> ManualSource | None:
        if not ctx.support.for_product(product).manual_folder:
            return None
        return made.setdefault(product, _source(ctx, product))

    return manual_blueprint(_source(ctx, None), of_product=of_product)


def _source(ctx: Context, product: str | None) -> ManualSource:
    def view() -> Support:
        return ctx.support.for_product(product or ctx.support.main_product)

    async def find(question: str, limit: int) -> Result | None:
        return await ctx.manual_for(product).find(question, limit)

    def picture(source_id: str, name: str) -> Path | None:
        return Library(manual_place(ctx.home, view())).picture(source_id, name)

    return ManualSource(
        _pages(ctx, view),
        _tips(ctx, view),
        find,
        _Vendor(ctx, view),
        _Log(ctx, product),
        price=lambda: price_page(view()),
        picture=picture,
        address=view().manual_address if product else "/manual",
    )


class _Vendor:
    """Names, colour and telephone as support.yml has them now: it may change while the gateway runs."""

    def __init__(self, ctx: Context, view: View) -> None:
        self._ctx, self._view = ctx, view

    @property
    def company(self) -> str:
        return self._view().company

    @property
    def product(self) -> str:
        return self._view().product

    @property
    def colour(self) -> str:
        return self._view().colour

    @property
    def phone(self) -> str:
        return self._view().phone

    @property
    def phone_href(self) -> str:
        return self._view().phone_href

    @property
    def logo(self) -> str | None:
        return logo_address(self._ctx.home, self._view())

    @property
    def manuals(self) -> Sequence[tuple[str, str]]:
        views = self._ctx.support.views[1:]
        return [(view.product, f"{view.manual_address}/") for view in views]

    @property
    def error_code(self) -> str | None:
        return self._view().error_code


class _Log:
    """Record searches on the manual's pages like the assistant's searches."""

    def __init__(self, ctx: Context, product: str | None) -> None:
        self._ctx, self._product = ctx, product

    async def searched(self, reader: str, finding: Finding) -> str | None:
        shown = [{"title": _title(hit), "url": hit.url} for hit in finding.hits]
        try:
            return await search_log.record_manual_search(
                self._ctx, reader, finding.question, shown, finding.score, finding.confident, self._product
            )
        except (TooMany, DBAPIError, OSError) as error:
            # A reader gets the answer whether or not it can be counted.
            log.warning("a search of the manual was not recorded: %s", type(error).__name__)
            return None

    async def opened(self, reader: str, key: str, place: int) -> None:
        await search_log.manual_hit_opened(self._ctx, reader, key, place)


def _title(hit: Hit) -> str:
    return f"{hit.title}: {hit.heading}" if hit.heading else hit.title


def _pages(ctx: Context, view: View) -> Callable[[], Sequence[Page]]:
    """Return the pages, read again when one changed; a look at the files every second is enough for people."""
    stamp, looked_at = "", -math.inf
    pages: Sequence[Page] = ()

    def read() -> Sequence[Page]:
        nonlocal stamp, looked_at, pages
        if time.monotonic() - looked_at >= LOOK_EVERY_SECONDS:
            looked_at = time.monotonic()
            if (now := pages_stamp(ctx.home, view())) != stamp:
                try:
                    pages = manual_pages(ctx.home, view())[:-1]
                    stamp = now
                except (PageUnreadable, SourceError) as error:
                    if not stamp:
                        raise
                    log.error("the manual's site goes on with the pages it has: %s", error)
        return pages

    return read


def _tips(ctx: Context, view: View) -> Callable[[], Page]:
    """Return the tips page, made again when its prose or support.yml has changed."""
    made_of, page, looked_at = (
        (tips_prose(ctx.home, view()), view()),
        tips_page(tips_prose(ctx.home, view()), view()),
        0.0,
    )

    def read() -> Page:
        nonlocal made_of, page, looked_at
        prose, made_for = made_of
        if time.monotonic() - looked_at >= LOOK_EVERY_SECONDS:
            looked_at, prose = time.monotonic(), tips_prose(ctx.home, view())
        if prose != made_of[0] or made_for is not view():
            made_of, page = (prose, view()), tips_page(prose, view())
        return page

    return read
