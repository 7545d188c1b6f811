"""One page on the price of support, made of support.yml, to which the line about the price leads."""

from bot.settings.support.support import Support
from bot.triage.text.time_format import format_minutes
from knowledge_base.pages import Page, page_from_markdown

SLUG = "what-support-costs"


def price_page(support: Support) -> Page:
    """Return the page as one more page of the manual."""
    charges, terms = support.charges, support.terms
    rate, cards = f"{charges.hourly_rate:.2f} {charges.currency}", " or ".join(charges.cards)
    kept = terms.unused_kept.format(days=charges.kept_days)
    lines = [
        f"---\ntitle: {terms.page_title}\n---",
        terms.page_excerpt,
        "## With a support contract",
        terms.covered_in_hours,
        "## Without one",
        f"- {rate} an hour, paid ahead by {cards}.",
        f"- At least {format_minutes(charges.minimum_minutes)}, once somebody has worked on your issue.",
        f"- {kept if charges.unused_time == 'kept' else terms.unused_paid_back}",
        f"- Your place in the queue counts from the Tech Reference when the payment arrives within"
        f" {charges.place_held_hours} hours. The issue stays logged in any case.",
        f"- To pay, call {support.phone} in office hours and name your Tech Reference. Never write a card number into"
        " the chat or a mail.",
        "## Free of charge",
        *[f"- {category.title}" for category in support.categories if category.free_of_charge],
    ]
    return page_from_markdown(SLUG, "\n\n".join(lines))
