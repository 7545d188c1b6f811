"""The pages that the gateway serves besides its API, each filled from support.yml."""

from collections.abc import Callable, Sequence

from sanic import Blueprint

from bot.installation.manual_pages import manual_folder, manual_pages
from bot.manual_site import Vendor, manual_blueprint
from bot.services.context import Context
from bot.triage.hours_in_words import describe_week
from bot.widget.blueprint import widget_blueprint
from bot.widget.site import Site
from knowledge_base.pages import Page


def widget(ctx: Context) -> Blueprint:
    """The demo page and the chat."""
    support = ctx.support
    site = Site(
        company=support.company,
        product=support.product,
        phone=support.phone,
        phone_href=support.phone_href,
        office_hours=describe_week(support.office_hours),
        colour=support.colour,
    )
    return widget_blueprint(lambda: site)


def manual(ctx: Context) -> Blueprint:
    """The online manual with Tips for Faster Service as its last page."""
    support = ctx.support
    vendor = Vendor(support.company, support.product, support.phone, support.phone_href)
    return manual_blueprint(_pages(ctx), _tips(ctx), ctx.manual.find, vendor)


def _pages(ctx: Context) -> Callable[[], Sequence[Page]]:
    """The pages, read again when a file changed."""
    folder, state = manual_folder(ctx.home), {}

    def read() -> Sequence[Page]:
        stamp = max((file.stat().st_mtime_ns for file in folder.rglob("*.md")), default=0)
        if state.get("stamp") != stamp:
            state["stamp"], state["pages"] = stamp, manual_pages(ctx.home, ctx.support)[:-1]
        return state["pages"]

    return read


def _tips(ctx: Context) -> Page:
    return manual_pages(ctx.home, ctx.support)[-1]
