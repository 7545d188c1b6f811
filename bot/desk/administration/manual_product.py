"""Which of several products' manuals a page of the desk is about: ``?product=``, else the installation's own."""

from typing import Any

from sanic import Request

from bot.desk.request_context import DeskRequest
from bot.services.core.errors import NotFound
from bot.services.desk.product_choice import product_choices


def product_of(request: Request, visit: DeskRequest) -> str | None:
    """Return the product whose manual it is, of several; of a manual that is gone nothing is changed."""
    product = request.args.get("product")
    if product and product not in visit.ctx.support.products:
        raise NotFound("There is no such product any more. Nothing was changed; load the page again.")
    return product or visit.ctx.support.main_product


def product_tabs(request: Request, visit: DeskRequest) -> dict[str, Any]:
    """Return what the tabs of the products need, and what an address is followed by to stay with this one."""
    product = product_of(request, visit)
    choices = product_choices(visit.ctx.support)
    return {"product": product, "products": choices, "about": f"?product={product}" if product else ""}
