"""Tell a customer who pays, in plain words, before the questions get long: the reason, the price, the way to pay."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from bot.services.billing import entitlement, online_payment, payment_page
from bot.services.billing.payment_provider import PaymentProvider
from bot.services.billing.phone_payment import ByPhone
from bot.services.conversation.system_notice import SystemNotice
from bot.services.core import audit
from bot.services.core.context import Context
from bot.settings.support.support import Support
from bot.store.tables import AuditEntry, Conversation, HandOff, Issue
from bot.triage.billing.entitlement import Entitlement, Kind, Reason
from bot.triage.text.time_format import LOCALE, format_day, format_minutes

TOLD = "terms.told"
# The payload of the button that begins to prove a contract; the gateway answers it, the engine never sees it.
PROVE = "/prove_contract"
PRICE_PAGE = "what-support-costs"


async def terms_notice(
    session: AsyncSession, ctx: Context, conversation: Conversation, issue: Issue
) -> SystemNotice | None:
    """Return who pays for the issue; None when it was said of this kind in the conversation before.

    Nor is it said of an issue that a technician has had already: they settle it with the customer.
    """
    had = select(HandOff.id).where(HandOff.issue_id == issue.id, HandOff.claimed_at.is_not(None)).limit(1)
    if await session.scalar(had) is not None:
        return None
    judged = await entitlement.entitlement_of_issue(session, ctx, issue)
    told = select(AuditEntry.details).where(AuditEntry.conversation_id == conversation.id, AuditEntry.action == TOLD)
    if any(details.get("kind") == judged.kind for details in await session.scalars(told)):
        return None
    paid = judged.reason is Reason.PAID
    left = await entitlement.time_left(session, ctx, issue.customer_id) if paid else 0
    support = ctx.support_for(conversation)
    words = entitlement_reason(support, judged, left)
    cards: list[dict[str, str]] = []
    if judged.kind is Kind.PAYMENT_REQUIRED:
        words, cards = _price_line(ctx, support, issue.reference, "" if judged.reason is Reason.NO_CONTRACT else words)
    choices = [{"title": support.buttons.prove_contract, "payload": PROVE}] if judged.reason is Reason.TO_CHECK else []
    details = {"kind": judged.kind}
    audit.record(session, "system", TOLD, ctx.clock(), conversation=conversation, issue_id=issue.id, details=details)
    return SystemNotice(words, tuple(cards), tuple(choices))


def _price_line(ctx: Context, support: Support, reference: str, reason: str) -> tuple[str, list[dict[str, str]]]:
    """Return the price and the way to pay, with the links to pay and to all of it; ``reason`` goes before them."""
    offer, terms = provider_of(ctx).offer(ctx, support, reference), support.terms
    page = {"title": terms.page_title, "url": f"{support.manual_address}/{PRICE_PAGE}", "excerpt": terms.page_excerpt}
    line = " ".join(filter(None, (reason, price_sentence(support, reference), offer.words)))
    return line, [*offer.cards, page]


def entitlement_reason(support: Support, judged: Entitlement, left: int) -> str:
    """Why it is so, in a sentence."""
    words: str = getattr(support.terms, judged.reason)
    locale = locale_of(support)
    day = format_day(judged.day, locale) if judged.day else ""
    return words.format(left=format_minutes(left, locale), day=day, status=judged.status or "", product=support.product)


def price_sentence(support: Support, reference: str) -> str:
    """Return what it costs, the minimum and what becomes of unused time: told before anybody pays."""
    charges = support.charges
    return support.terms.price.format(
        rate=format_money(support, int(charges.hourly_rate * 100)),
        cards=brands_in_words(support),
        minimum=format_minutes(charges.minimum_minutes, locale_of(support)),
        unused=unused_time_sentence(support),
        hold=charges.place_held_hours,
        reference=reference,
    )


def brands_in_words(support: Support) -> str:
    """Return the card brands that are taken, as a list in the language of the settings."""
    return (" or " if support.hours_words.is_english else " / ").join(support.charges.cards)


def locale_of(support: Support) -> str:
    """Return the locale of durations and dates in the language of the settings."""
    return LOCALE if support.hours_words.is_english else support.spoken_language


def unused_time_sentence(support: Support) -> str:
    """Return what becomes of time that was paid and not used."""
    if support.charges.unused_time == "kept":
        return support.terms.unused_kept.format(days=support.charges.kept_days)
    return support.terms.unused_paid_back


def format_money(support: Support, amount: int) -> str:
    """Return an amount in hundredths, as written: ``120.00 USD``."""
    return f"{amount / 100:,.2f} {support.charges.currency}"


def provider_of(ctx: Context) -> PaymentProvider:
    """Return how customers pay here: online when that is set up, else by telephone."""
    return online_payment.online_provider(ctx) if payment_page.is_open(ctx) else ByPhone()
