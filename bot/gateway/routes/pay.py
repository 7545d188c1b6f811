"""Paying ahead online: our page with the terms, the way to Stripe and back, and Stripe's own word about it."""

from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from sanic import Blueprint, HTTPResponse, Request
from sanic.response import empty, html, redirect

from bot.http.files import file_with
from bot.http.requests import ctx_of
from bot.services.billing import online_payment, payment_page, payments, terms
from bot.services.billing.prices import payable_sums
from bot.services.core import rate_limits
from bot.services.core.context import Context
from bot.services.core.errors import NotFound, ServiceError
from bot.services.core.rate_limits import Limit

pay = Blueprint("pay")

PAGES = Path(__file__).parent / "pay_pages"
AN_HOUR = Limit(burst=10, per_second=10 / 3600)
CHECKOUT = "https://checkout.stripe.com"
PAGE = "/pay/<reference:str>/<signature:str>"

_templates = Environment(
    loader=FileSystemLoader(PAGES), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
)


@pay.get("/pay/static/pay.css")
async def style(_request: Request) -> HTTPResponse:
    return await file_with(PAGES / "pay.css", {"Cache-Control": "public, max-age=300"})


@pay.get(PAGE)
async def show(request: Request, reference: str, signature: str) -> HTTPResponse:
    """Return what it costs, before anything is paid."""
    ctx = ctx_of(request)
    try:
        payment_page.check_signature(ctx, reference, signature)
        standing = await payments.payment_status(ctx, reference)
    except NotFound as error:
        return _page(ctx, "sorry.html", status=404, message=str(error))
    return _page(
        ctx, "pay.html", reference=reference, standing=standing, sums=payable_sums(ctx.support), unused=_unused(ctx)
    )


@pay.post(PAGE)
async def begin(request: Request, reference: str, signature: str) -> HTTPResponse:
    """On to Stripe's page for the chosen hours."""
    ctx = ctx_of(request)
    try:
        payment_page.check_signature(ctx, reference, signature)
        rate_limits.check_limit(ctx, f"pay:{reference}", AN_HOUR)
        here = f"{ctx.settings.public_url or f'{request.scheme}://{request.host}'}{request.path}"
        hours = request.form.get("hours") if request.form else None
        url = await payments.begin_checkout(
            ctx, online_payment.online_provider(ctx), reference, hours, (f"{here}/done", here)
        )
    except ServiceError as error:
        return _page(ctx, "sorry.html", status=404 if isinstance(error, NotFound) else 409, message=str(error))
    return redirect(url, status=303, headers=_headers(ctx))


@pay.get(f"{PAGE}/done")
async def done(request: Request, reference: str, signature: str) -> HTTPResponse:
    """Back from Stripe: asked at once, because the webhook may take its time."""
    ctx = ctx_of(request)
    try:
        payment_page.check_signature(ctx, reference, signature)
        state = await payments.settle_newest(ctx, online_payment.online_provider(ctx), reference)
    except ServiceError as error:
        return _page(ctx, "sorry.html", status=404 if isinstance(error, NotFound) else 409, message=str(error))
    cards = " or ".join(ctx.support.charges.cards)
    return _page(ctx, "done.html", reference=reference, state=state, cards=cards)


@pay.post("/api/payments/stripe")
async def webhook(request: Request) -> HTTPResponse:
    """Stripe tells that something became of a checkout; only a call with its signature is heard."""
    ctx = ctx_of(request)
    if not payment_page.is_open(ctx):
        raise NotFound("Online payment is not set up here.")
    provider = online_payment.online_provider(ctx)
    checkout_id = provider.checkout_of(request.body, request.headers.get("Stripe-Signature", ""))
    if checkout_id is not None:
        await payments.settle_checkout(ctx, provider, checkout_id)
    return empty()


def _unused(ctx: Context) -> str:
    return terms.unused_time_sentence(ctx.support)


def _page(ctx: Context, template: str, status: int = 200, **values: Any) -> HTTPResponse:
    support = ctx.support
    shown = _templates.get_template(template).render(company=support.company, phone=support.phone, **values)
    return html(shown, status=status, headers=_headers(ctx))


def _headers(ctx: Context) -> dict[str, str]:
    """Nothing from elsewhere; the form leads on to the payment partner, whose stand-in may be on this machine."""
    api = urlsplit(ctx.settings.stripe_api_url)
    partner = f"{api.scheme}://{api.netloc}" if api.scheme == "http" else CHECKOUT
    policy = (
        f"default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'self' {partner}"
    )
    return {"Content-Security-Policy": policy, "Cache-Control": "no-store", "Referrer-Policy": "no-referrer"}
