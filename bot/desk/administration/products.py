"""The products of the installation: add one, say how it is recognised and what is its own, remove it."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.administration.setup import address_of
from bot.desk.pages import Pages
from bot.desk.request_context import ADMINS, DeskRequest
from bot.desk.sign_in import NO_STORE
from bot.http.requests import json_body
from bot.services.administration import operator_settings, product_settings
from bot.services.administration.operator_settings import Proposal


async def listed(_request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return the products; none in an installation with one."""
    return json({"products": product_settings.list_products(visit.ctx)}, headers=NO_STORE)


async def add(request: Request, visit: DeskRequest) -> HTTPResponse:
    """Add a product; 201 ``{id}``."""
    product_id, proposal = product_settings.propose_product(visit.ctx, json_body(request))
    await _apply(visit, proposal)
    return json({"id": product_id, "then": f"/desk/administration/products#product-{product_id}"}, status=201)


async def save(request: Request, visit: DeskRequest, product_id: str) -> HTTPResponse:
    """Change a product; a field that is empty is inherited."""
    await _apply(visit, product_settings.propose_change(visit.ctx, product_id, json_body(request)))
    return json({"told": "Saved."})


async def remove(_request: Request, visit: DeskRequest, product_id: str) -> HTTPResponse:
    """Remove a product; its issues and its manual stay."""
    await _apply(visit, product_settings.propose_removal(visit.ctx, product_id))
    return json({})


async def _apply(visit: DeskRequest, proposal: Proposal) -> None:
    await operator_settings.apply_change(visit.ctx, visit.signed_in.technician, proposal)


async def page(pages: Pages, request: Request, visit: DeskRequest) -> HTTPResponse:
    """Return a form for each product, and one that adds another."""
    return pages.page(
        visit,
        "products.html",
        here="administration",
        part="products",
        products=product_settings.list_products(visit.ctx),
        present=visit.ctx.support.product,
        address=address_of(request, visit),
    )


_ONE = "/products/<product_id:str>"
API = (
    ("GET", "/products", listed, ADMINS),
    ("POST", "/products", add, ADMINS),
    ("POST", _ONE, save, ADMINS),
    ("POST", f"{_ONE}/remove", remove, ADMINS),
)
PAGES = (("/administration/products", page, ADMINS),)
