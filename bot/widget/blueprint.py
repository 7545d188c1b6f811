"""The widget's addresses: the demo page, the script of the embed tag, the chat's page and its files."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint
from sanic.exceptions import NotFound
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.widget.assets import Asset, AssetFolder, read_assets
from bot.widget.security import chat_policy, common_headers, frame_ancestors, site_policy
from bot.widget.site import SiteSource

PAGES = Path(__file__).parent / "pages"
HTML = "text/html; charset=utf-8"
FOR_A_YEAR = "public, max-age=31536000, immutable"
ASK_EACH_TIME = "no-cache"
FOR_FIVE_MINUTES = "public, max-age=300"
READ = ("GET", "HEAD")


def widget_blueprint(
    site: SiteSource, *, allowed_ancestors: str = "*", assets: AssetFolder | None = None
) -> Blueprint:
    """Everything the browser needs, without a build step.

    ``site`` is asked for each request of the demo page. ``allowed_ancestors`` are the origins that may show the chat
    in a frame, separated by spaces; ValueError if one is no origin.
    """
    folder = assets or read_assets()
    ancestors = frame_ancestors(allowed_ancestors)
    templates = Environment(loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined)
    root = f"/widget/static/{folder.digest}"
    chat = templates.get_template("chat.html").render(root=root, modules=folder.scripts("chat/"))
    chat_page = Asset(chat.encode(), HTML)
    blueprint = Blueprint("widget")

    @blueprint.route("/", methods=READ)
    async def demo(request: Request) -> HTTPResponse:
        page = templates.get_template("demo.html").render(root=root, site=site())
        return _send(request, Asset(page.encode(), HTML), ASK_EACH_TIME, {"Content-Security-Policy": site_policy()})

    @blueprint.route("/widget/", methods=READ)
    async def chat_frame(request: Request) -> HTTPResponse:
        return _send(request, chat_page, ASK_EACH_TIME, {"Content-Security-Policy": chat_policy(ancestors)})

    @blueprint.route("/widget/embed.js", methods=READ)
    async def embed(request: Request) -> HTTPResponse:
        headers = {"Cross-Origin-Resource-Policy": "cross-origin", "Access-Control-Allow-Origin": "*"}
        return _send(request, folder.files["embed.js"], FOR_FIVE_MINUTES, headers)

    @blueprint.route("/widget/static/<digest:str>/<name:path>", methods=READ)
    async def static(request: Request, digest: str, name: str) -> HTTPResponse:
        asset = folder.files.get(name)
        if asset is None:
            raise NotFound("There is no such file of the widget.")
        # A page opened before an upgrade still asks by the old digest: it gets today's file, and must not keep it.
        return _send(request, asset, FOR_A_YEAR if digest == folder.digest else ASK_EACH_TIME, {})

    return blueprint


def _send(request: Request, asset: Asset, caching: str, headers: dict[str, str]) -> HTTPResponse:
    """The asset, compressed where the browser takes it, or 304 when it has it already."""
    sent = {**common_headers(), **headers, "Cache-Control": caching, "ETag": asset.etag, "Vary": "Accept-Encoding"}
    known = request.headers.get("if-none-match", "")
    if asset.etag in (tag.strip() for tag in known.split(",")):
        return HTTPResponse(status=304, headers=sent)
    if _takes_gzip(request):
        return HTTPResponse(
            asset.compressed, headers={**sent, "Content-Encoding": "gzip"}, content_type=asset.content_type
        )
    return HTTPResponse(asset.body, headers=sent, content_type=asset.content_type)


def _takes_gzip(request: Request) -> bool:
    for offer in request.headers.get("accept-encoding", "").split(","):
        coding, _, quality = offer.strip().partition(";")
        if coding.strip() == "gzip":
            return quality.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    return False
