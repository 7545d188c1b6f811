"""Show the price of support on one page made of support.yml, to which the line about the price leads."""

from bot.manual_site.price_page import SLUG, price_page
from bot.services.billing.terms import PRICE_PAGE
from bot.settings.support.load import checked, shipped


def test_the_line_about_the_price_leads_to_the_page() -> None:
    assert SLUG == PRICE_PAGE


def test_the_page_has_what_the_line_leaves_out() -> None:
    page = price_page(shipped())
    assert page.title == "What support costs"
    text = str(page)
    for words in ("120.00 USD an hour", "30 minutes", "kept for 90 days", "24 hours", "Licence and activation"):
        assert words in text, words


def test_the_page_follows_the_settings() -> None:
    own = checked({"charges": {"hourly_rate": 95, "unused_time": "paid_back"}}, "support.yml")
    text = str(price_page(own))
    assert "95.00 USD an hour" in text and "paid back" in text and "kept for" not in text
