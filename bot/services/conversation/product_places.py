"""Which products a place serves: a Slack channel or workspace, a Teams tenant, an address for mail, a web page."""

from collections.abc import Mapping
from typing import Any

from bot.services.core.channel_names import EMAIL, SLACK, TEAMS
from bot.services.core.errors import Invalid
from bot.settings.support.support import Support

# The key of a channel thread's reference that says which of our addresses a mail was sent to.
WRITTEN_TO = "written_to"


def products_at(support: Support, channel: str, workspace: str, reference: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the products that name this place, else all; none in an installation with one product.

    ``reference`` is the one of a channel's thread. A Slack channel counts before its workspace.
    """
    for field, name in _names_of_place(channel, workspace, reference):
        found = tuple(
            product_id
            for product_id, product in support.products.items()
            if name.casefold() in {one.casefold() for one in getattr(product, field)}
        )
        if found:
            return found
    return tuple(support.products)


def only_product_at(support: Support, channel: str, workspace: str, reference: Mapping[str, Any]) -> str | None:
    """Return the product of a place that serves one of several; None for any other place."""
    found = products_at(support, channel, workspace, reference)
    return found[0] if len(found) == 1 else None


def product_named(support: Support, written: object) -> str | None:
    """Return the product that a web page names; None for none, and for one that there is not.

    A tag that has outlived its product still opens a chat, which then asks. Raises Invalid for what is no text.
    """
    if written is not None and not isinstance(written, str):
        raise Invalid("product must be text; nothing was opened.")
    return known_product(support, written)


def known_product(support: Support, product: str | None) -> str | None:
    """Return the id of a product if support.yml has it; None for any other."""
    return product if product in support.products else None


def _names_of_place(channel: str, workspace: str, reference: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return (field of a product, what it may hold), what counts first first."""
    if channel == SLACK:
        return [("slack_channels", str(reference.get("channel", ""))), ("slack_workspaces", workspace)]
    if channel == TEAMS:
        return [("teams_tenants", str(reference.get("tenant") or workspace))]
    return [("email_addresses", str(reference.get(WRITTEN_TO, "")))] if channel == EMAIL else []
