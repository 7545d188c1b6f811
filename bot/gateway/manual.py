"""The online manual as the gateway serves it."""

from collections.abc import Callable, Sequence
from typing import Any

from sanic import Blueprint

from bot.installation.manual_pages import manual_folder, manual_pages
from bot.manual_site.blueprint import manual_blueprint
from bot.services.context import Context
from knowledge_base.pages import Page


def manual(ctx: Context) -> Blueprint:
    """The online manual with Tips for Faster Service as its last page."""
    return manual_blueprint(_pages(ctx), _tips(ctx), ctx.manual.find, ctx.support)


def _pages(ctx: Context) -> Callable[[], Sequence[Page]]:
    """The pages, read again when a file changed."""
    folder = manual_folder(ctx.home)
    state: dict[str, Any] = {}

    def read() -> Sequence[Page]:
        stamp = max((file.stat().st_mtime_ns for file in folder.rglob("*.md")), default=0)
        if state.get("stamp") != stamp:
            state["stamp"], state["pages"] = stamp, manual_pages(ctx.home, ctx.support)[:-1]
        pages: Sequence[Page] = state["pages"]
        return pages

    return read


def _tips(ctx: Context) -> Page:
    return manual_pages(ctx.home, ctx.support)[-1]
