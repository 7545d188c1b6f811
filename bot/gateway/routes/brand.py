"""The department's own logo, for the chat and the desk."""

from sanic import Blueprint, HTTPResponse, Request
from sanic.exceptions import NotFound

from bot.http.requests import ctx_of
from bot.services.administration import logo

brand = Blueprint("brand", url_prefix="/brand")


@brand.get("/logo")
async def show(request: Request) -> HTTPResponse:
    """Return the picture, of several products that of ``?product=``; 404 while there is none."""
    ctx = ctx_of(request)
    found = logo.logo_of(ctx.home, ctx.support.for_product(request.args.get("product")))
    if found is None:
        raise NotFound("There is no logo.")
    file, kind = found
    headers = {"Cache-Control": "no-cache", "Content-Security-Policy": "default-src 'none'; sandbox"}
    return HTTPResponse(file.read_bytes(), content_type=kind, headers=headers)
