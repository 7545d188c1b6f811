"""Add, change and remove the products of support.yml by the fields of a form; the whole file has the rest."""

import re
from collections.abc import Mapping
from typing import Any

from bot.services.administration import operator_settings
from bot.services.administration.operator_settings import Proposal
from bot.services.core.context import Context
from bot.services.core.errors import BadSettings, NotFound
from bot.settings.support.demo_product import PRODUCT
from bot.settings.support.entry_lists import CATEGORIES, REQUESTS
from bot.settings.support.own_file import DEFAULT
from bot.settings.support.products import FEWEST, PRODUCTS

LINES = ("aliases", "slack_workspaces", "slack_channels", "teams_tenants", "email_addresses")
TEXTS = ("company", "phone", "website", "colour", "error_code", "assistant_name", "greeting")
LONGEST_ID = 40
_NOT_IN_ID = re.compile(r"[^a-z0-9]+")


def list_products(ctx: Context) -> list[dict[str, Any]]:
    """Return each product with its own values as text, and what it inherits where it says nothing."""
    return [_shown(ctx, product_id) for product_id in ctx.support.products]


def propose_product(ctx: Context, fields: Mapping[str, Any]) -> tuple[str, Proposal]:
    """Return the id of a new product, and the file with it.

    The first that is added is the second product: the one that there was gets an entry too, with all that it has.
    ``empty``: it begins without the categories and requests of the others. Raises Invalid (``bad_settings``).
    """
    name = _line(fields, "name")
    if not name:
        raise BadSettings("Write the product's name. Nothing was saved.")
    support, values = ctx.support, dict[str, Any]()
    taken = set(support.products)
    if not support.products:
        first = id_of(support.product, taken)
        values |= {PRODUCT: support.product, f"{PRODUCTS}.{first}.name": support.product}
        taken.add(first)
    product_id = id_of(name, taken)
    values |= _values(product_id, fields)
    if fields.get("empty") is True:
        values |= {f"{PRODUCTS}.{product_id}.{key}": [] for key in (CATEGORIES, REQUESTS)}
    return product_id, operator_settings.propose_values(ctx, values)


def propose_change(ctx: Context, product_id: str, fields: Mapping[str, Any]) -> Proposal:
    """Return the file with a product's fields set, and those that are empty inherited; raises NotFound, Invalid."""
    _check_known(ctx, product_id)
    return operator_settings.propose_values(ctx, _values(product_id, fields))


def propose_removal(ctx: Context, product_id: str) -> Proposal:
    """Return the file without a product; with one product left there is nothing to choose, and no section.

    Its issues keep its id, and its manual its folder. Raises NotFound, Invalid.
    """
    _check_known(ctx, product_id)
    last_but_one = len(ctx.support.products) == FEWEST
    return operator_settings.propose_values(ctx, {PRODUCTS if last_but_one else f"{PRODUCTS}.{product_id}": DEFAULT})


def id_of(name: str, taken: set[str]) -> str:
    """Return an id made of a name that no other product has."""
    made = _NOT_IN_ID.sub("_", name.lower()).strip("_")[: LONGEST_ID - 3] or PRODUCT
    made = made if made[0].isalpha() else f"{PRODUCT}_{made}"
    return next(one for one in (made, *(f"{made}_{number}" for number in range(2, 99))) if one not in taken)


def _check_known(ctx: Context, product_id: str) -> None:
    if product_id not in ctx.support.products:
        raise NotFound("There is no such product; nothing was changed.")


def _shown(ctx: Context, product_id: str) -> dict[str, Any]:
    product, view = ctx.support.products[product_id], ctx.support.for_product(product_id)
    own = {name: str(product.own.get(name) or "") for name in TEXTS}
    return {
        "id": product_id,
        "name": product.name,
        **{name: ", ".join(getattr(product, name)) for name in LINES},
        **own,
        "inherited": {name: str(getattr(ctx.support, name) or "") for name in TEXTS},
        "manual": f"{view.manual_address}/",
        "folder": view.manual_folder,
        "more": sorted(set(product.own) - set(TEXTS)),
    }


def _values(product_id: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    """Return the edits of the file by key; only fields that are there are edited."""
    at = f"{PRODUCTS}.{product_id}"
    values: dict[str, Any] = {f"{at}.name": _line(fields, "name")} if "name" in fields else {}
    for name in LINES:
        if name in fields:
            values[f"{at}.{name}"] = [one for one in map(str.strip, _line(fields, name).split(",")) if one] or DEFAULT
    for name in TEXTS:
        if name in fields:
            values[f"{at}.{name}"] = _line(fields, name) or DEFAULT
    return values


def _line(fields: Mapping[str, Any], name: str) -> str:
    value = fields.get(name, "")
    if not isinstance(value, str):
        raise BadSettings(f"{name} must be text. Nothing was saved.")
    return " ".join(value.split())
