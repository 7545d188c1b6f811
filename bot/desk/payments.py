"""Payments and minutes of an issue, recorded by a technician."""

from sanic import HTTPResponse, Request
from sanic.response import json

from bot.desk.request_context import DeskRequest
from bot.http.requests import json_body
from bot.services.billing import payments, work_minutes
from bot.services.billing.phone_payment import ByPhone
from bot.services.core.input_values import whole_number


async def record(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Return a payment taken on the telephone: ``hours``, ``brand``, ``authorisation``; never a card number."""
    taken = ByPhone().taken(visit.ctx, json_body(request))
    payment = await payments.record_by_phone(visit.ctx, visit.signed_in.technician, reference, taken)
    return json({**payment, "told": "The payment is recorded, and the customer is told."}, status=201)


async def refund(request: Request, visit: DeskRequest, payment_id: int) -> HTTPResponse:
    """Return a payment was paid back by hand; ``reference`` is the refund's own."""
    reference = json_body(request).get("reference")
    payment = await payments.record_refund(visit.ctx, visit.signed_in.technician, payment_id, reference)
    return json({**payment, "told": "The refund is recorded, and the customer is told."})


async def minutes(request: Request, visit: DeskRequest, reference: str) -> HTTPResponse:
    """Minutes worked on the issue; a form sends them as text."""
    written = json_body(request).get("minutes")
    number = whole_number(written, 9)
    kept = await work_minutes.record_minutes(
        visit.ctx, visit.signed_in.technician, reference, written if number is None else number
    )
    return json({**kept, "told": "The minutes are kept."})
