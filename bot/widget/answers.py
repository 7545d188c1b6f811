"""HTTP responses of the widget: gzip when accepted, 304 when unchanged, the same security headers always."""

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.widget.assets import Asset

FOR_A_YEAR = "public, max-age=31536000, immutable"
FOR_FIVE_MINUTES = "public, max-age=300"
ASK_EACH_TIME = "no-cache"

COMMON = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "strict-origin-when-cross-origin"}
NO_GZIP = ("q=0", "q=0.0", "q=0.00", "q=0.000")


def send(request: Request, asset: Asset, caching: str, headers: dict[str, str] | None = None) -> HTTPResponse:
    """Return the asset as the response to ``request``; ``headers`` are added to the common ones."""
    sent = {**COMMON, **(headers or {}), "Cache-Control": caching, "ETag": asset.etag, "Vary": "Accept-Encoding"}
    known = {tag.strip() for tag in request.headers.get("if-none-match", "").split(",")}
    if asset.etag in known:
        return HTTPResponse(status=304, headers=sent)
    if takes_gzip(request.headers.get("accept-encoding", "")):
        sent["Content-Encoding"] = "gzip"
        return HTTPResponse(asset.compressed, headers=sent, content_type=asset.content_type)
    return HTTPResponse(asset.body, headers=sent, content_type=asset.content_type)


def takes_gzip(accepted: str) -> bool:
    """Return True when an Accept-Encoding header allows gzip:
    https://www.rfc-editor.org/rfc/rfc9110#name-accept-encoding
    """
    for offer in accepted.split(","):
        coding, _, quality = offer.strip().partition(";")
        if coding.strip().lower() == "gzip":
            return quality.replace(" ", "") not in NO_GZIP
    return False
