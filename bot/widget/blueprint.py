"""The widget's routes: the demo page, the script of the embed tag, the chat's page and its files."""

import json
import re
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.manual_site.accent import accent_sheet
from bot.services.administration.logo import find_logo
from bot.settings.support.support import Support
from bot.widget.answers import ASK_EACH_TIME, FOR_A_YEAR, FOR_FIVE_MINUTES, send
from bot.widget.assets import CONTENT_TYPES, Asset, AssetFolder, read_assets
from bot.widget.security import chat_policy, frame_ancestors, site_policy
from bot.widget.site import site_of

PAGES = Path(__file__).parent / "pages"
HTML = "text/html; charset=utf-8"
READ = ("GET", "HEAD")
COLOUR = re.compile(r"^[0-9a-fA-F]{6}$")
OPERATORS_COLOUR = b"{{ operators_colour }}"
PRODUCT_COLOURS = b"{{ product_colours }}"
ANY_SITE = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}


def widget_blueprint(*, allowed_ancestors: str = "*", name: str = "widget") -> Blueprint:
    """Return the routes of everything that the browser needs.

    The application must hold a ``bot.services.core.context.Context`` as ``app.ctx.techref``: names, hours and colour
    come from its support.yml. ``allowed_ancestors`` are the origins that may show the chat in a frame, separated by
    spaces; ValueError if one is no origin.
    """
    pages = _Pages(read_assets(), frame_ancestors(allowed_ancestors))
    blueprint = Blueprint(name)
    for handler, address in (
        (pages.demo, "/"),
        (pages.privacy, "/privacy"),
        (pages.chat, "/widget/"),
        (pages.embed, "/widget/embed.js"),
        (pages.accent, "/widget/accent.css"),
        (pages.static, "/widget/static/<digest:str>/<path:path>"),
    ):
        blueprint.add_route(handler, address, methods=READ)
    return blueprint


class _Pages:
    """The handlers, with their shared state."""

    def __init__(self, assets: AssetFolder, ancestors: str) -> None:
        self._assets = assets
        self._root = f"/widget/static/{assets.digest}"
        self._templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
        self._chat = self._page("chat.html", modules=assets.scripts("chat/"))
        self._chat_headers = {"Content-Security-Policy": chat_policy(ancestors)}

    async def demo(self, request: Request) -> HTTPResponse:
        """Show the vendor's support page, with the widget on it."""
        return self._site_page(request, "demo.html")

    async def privacy(self, request: Request) -> HTTPResponse:
        """Show who reads a chat and how long it is kept: the default target of support.yml's ``privacy.url``."""
        return self._site_page(request, "privacy.html")

    async def chat(self, request: Request) -> HTTPResponse:
        return send(request, self._chat, ASK_EACH_TIME, self._chat_headers)

    async def embed(self, request: Request) -> HTTPResponse:
        script, support = self._assets.files["embed.js"], _support(request)
        of_products = {product: support.for_product(product).colour for product in support.products}
        body = script.body.replace(OPERATORS_COLOUR, support.colour.encode())
        body = body.replace(PRODUCT_COLOURS, json.dumps(of_products).encode())
        return send(request, Asset(body, script.content_type), FOR_FIVE_MINUTES, ANY_SITE)

    async def accent(self, request: Request) -> HTTPResponse:
        """Return the colour tokens of the host page's ``data-colour`` (``?colour=rrggbb``), or the operator's.

        Of several products ``?product=`` names the one whose colour it is.
        """
        colour = request.args.get("colour")
        if colour is None:
            sheet = accent_sheet(_support(request).for_product(request.args.get("product")).colour)
        elif COLOUR.match(colour):
            sheet = accent_sheet(f"#{colour}")
        else:
            raise NotFound("That is not a colour of six hexadecimal digits.")
        return send(request, Asset(sheet.encode(), CONTENT_TYPES[".css"]), FOR_FIVE_MINUTES)

    async def static(self, request: Request, digest: str, path: str) -> HTTPResponse:
        asset = self._assets.files.get(path)
        if asset is None:
            raise NotFound("There is no such file of the widget.")
        # A page opened before an upgrade still uses the old digest: it gets today's file, uncacheable.
        return send(request, asset, FOR_A_YEAR if digest == self._assets.digest else ASK_EACH_TIME)

    def _site_page(self, request: Request, template: str) -> HTTPResponse:
        ctx = request.app.ctx.techref
        site = site_of(_support(request), ctx.clock(), find_logo(ctx.home) is not None)
        headers = {"Content-Security-Policy": site_policy()}
        return send(request, self._page(template, site=site), ASK_EACH_TIME, headers)

    def _page(self, template: str, **values: object) -> Asset:
        return Asset(self._templates.get_template(template).render(root=self._root, **values).encode(), HTML)


def _support(request: Request) -> Support:
    support: Support = request.app.ctx.techref.support
    return support
