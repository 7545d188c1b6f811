"""Several products of one installation: how each is recognised, and in what it differs from the rest of support.yml.

    products:
      ledger: {name: Ledger}
      stockroom:
        name: Stockroom
        aliases: [Stock Room]
        slack_workspaces: [T0STOCK]
        colour: "#7a3e00"
        categories: [{id: scanner, title: Scanner, team: systems, keywords: [scanner], questions: [tried]}]

Whatever an entry does not say is as at the top level.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ConfigDict, field_validator, model_validator

from bot.settings.problems import SettingsError, did_you_mean
from bot.settings.support.demo_product import NAME, PRODUCT, without_demo
from bot.settings.support.entry_lists import base_of, expanded, in_order
from bot.settings.support.overlay import overlaid
from bot.settings.support.parts import Line, Part
from bot.triage.text.mail_address import sendable

PRODUCTS = "products"
# What an entry may say differently from the top level. Hours, prices, teams and the queue are those of the one desk.
OWN_KEYS = (
    "company",
    "error_code",
    "assistant_name",
    "phone",
    "website",
    "colour",
    "greeting",
    "quick_replies",
    "emergency_contact",
    "questions",
    "categories",
    "requests",
    "buttons",
    "tips_card",
    "sentences",
    "wording",
    "translations",
    "glossary",
    "synonyms",
)
# An id is a part of the manual's addresses, where these are taken.
TAKEN = ("static", "search", "searches", "pictures")
FEWEST = 2


class ProductEntry(Part):
    """One of several products. Keys of support.yml beside these fields are its own values of them."""

    model_config = ConfigDict(frozen=True, extra="allow")

    name: Line
    aliases: tuple[Line, ...] = ()
    slack_workspaces: tuple[Line, ...] = ()
    slack_channels: tuple[Line, ...] = ()
    teams_tenants: tuple[Line, ...] = ()
    email_addresses: tuple[Line, ...] = ()

    @field_validator("email_addresses")
    @classmethod
    def _plain_addresses(cls, addresses: tuple[str, ...]) -> tuple[str, ...]:
        for address in addresses:
            try:
                sendable(address)
            except ValueError:
                raise ValueError(f'"{address}" is no e-mail address') from None
        return addresses

    @model_validator(mode="after")
    def _known_keys(self) -> "ProductEntry":
        fields = list(type(self).model_fields)
        for key in self.own:
            if key not in OWN_KEYS:
                hint = did_you_mean(key, [*fields, *OWN_KEYS])
                raise ValueError(f"{key}: there is no such key of a product.{hint}")
        return self

    @property
    def own(self) -> Mapping[str, Any]:
        """Return the product's own values of keys of support.yml."""
        return self.model_extra or {}

    @property
    def names(self) -> tuple[str, ...]:
        """Return what customers call it."""
        return (self.name, *self.aliases)


def problem_of(products: Mapping[str, ProductEntry]) -> str | None:
    """Return what makes these products unusable together; None for usable ones, and for none at all."""
    if not products:
        return None
    if len(products) < FEWEST:
        return "name at least two products, or leave the section out: with one there is nothing to choose"
    if taken := sorted(products.keys() & set(TAKEN)):
        return f"{taken[0]}: the manual has this address; choose another id"
    of_name: dict[str, str] = {}
    for product_id, product in products.items():
        for name in product.names:
            other = of_name.setdefault(name.casefold(), product_id)
            if other != product_id:
                return f'{product_id}: "{name}" is a name of {other} as well; customers could not say which they mean'
    return None


def names_of(products: Any) -> list[str]:
    """Return the names of the products of a file as it is written, which may be anything."""
    entries = products.values() if isinstance(products, dict) else ()
    named = [entry.get("name") for entry in entries if isinstance(entry, dict)]
    return [name for name in named if isinstance(name, str)]


def common_name(names: Sequence[str]) -> str:
    """Return how several products are called together: "Ledger, Stockroom and Till"."""
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)


def main_product(own: Mapping[str, Any]) -> str | None:
    """Return the product of the file that has the name of the whole installation: its manual is the one there was."""
    products = own.get(PRODUCTS) or {}
    name = own.get(PRODUCT, NAME)
    return next((product_id for product_id, product in products.items() if product["name"] == name), None)


def values_of(top: Mapping[str, Any], product_id: str, where: str) -> dict[str, Any]:
    """Return all settings of one of the products of ``top``: its own values over those of the top level.

    Raises SettingsError for entries of a list without ids.
    """
    product = top[PRODUCTS][product_id]
    own = {key: value for key, value in product.items() if key in OWN_KEYS}
    own[PRODUCT] = product["name"]
    shipped = {key: value for key, value in top.items() if key != PRODUCTS}
    if NAME in names_of(top[PRODUCTS]):
        shipped = without_demo(shipped, own)
    try:
        entries = expanded(own, shipped, where)
    except SettingsError as error:
        raise SettingsError(where, [f"{PRODUCTS}.{product_id}.{problem}" for problem in error.problems]) from None
    return {**in_order(overlaid(base_of(own, shipped), entries), own), PRODUCTS: top[PRODUCTS]}
