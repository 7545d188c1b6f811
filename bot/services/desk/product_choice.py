"""The products of an installation as the desk offers them; nothing is shown where there is one."""

from sqlalchemy import ColumnElement
from sqlalchemy.orm import InstrumentedAttribute

from bot.settings.support.support import Support

# What nobody has said yet, as a choice.
NOT_SAID, NOT_SAID_TITLE = "-", "Product not said"


def product_title(support: Support, product: str | None) -> str:
    """Return the product's name for a row; empty in an installation with one product."""
    if not support.products:
        return ""
    return support.product_title(product) or NOT_SAID_TITLE


def product_choices(support: Support) -> dict[str, str]:
    """Return the titles of all products by id; none in an installation with one product."""
    return {product_id: product.name for product_id, product in support.products.items()}


def filter_choices(support: Support) -> dict[str, str]:
    """Return what a list can be narrowed down to, by its value in the address."""
    choices = product_choices(support)
    return {**choices, NOT_SAID: NOT_SAID_TITLE} if choices else {}


def is_of_product(column: InstrumentedAttribute[str | None], chosen: str) -> ColumnElement[bool]:
    """Return the condition that a row is about the chosen product, or about none that anybody has said."""
    return column.is_(None) if chosen == NOT_SAID else column == chosen
