"""A Stripe on loopback that Stripe's own library talks to: the three calls we make, with Stripe's own rules.

Form-encoded requests with a bearer key, idempotency keys that give the first answer again, objects with their real
shape, expansion only when it is asked for, and signed webhooks. ``/checkout/{id}`` is the page where the card is typed.
"""

import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from tests.support.serving import serving

KEY, WEBHOOK_SECRET = "sk_test_loopback", "whsec_loopback"


@dataclass
class FakeStripe:
    """What happened there, and what it is told to do. ``down``: answers every call with 500."""

    url: str = ""
    sessions: dict[str, dict[str, Any]] = field(default_factory=dict)
    created: list[dict[str, str]] = field(default_factory=list)
    by_idempotency: dict[str, dict[str, Any]] = field(default_factory=dict)
    down: bool = False

    def create(self, form: dict[str, str], idempotency: str) -> dict[str, Any]:
        self.created.append(form)
        if idempotency in self.by_idempotency:
            return self.by_idempotency[idempotency]
        number = len(self.sessions) + 1
        amount = int(form["line_items[0][price_data][unit_amount]"]) * int(form["line_items[0][quantity]"])
        session = {
            "id": f"cs_test_{number:04d}",
            "object": "checkout.session",
            "amount_total": amount,
            "currency": form["line_items[0][price_data][currency]"],
            "status": "open",
            "payment_status": "unpaid",
            "payment_intent": None,
            "client_reference_id": form["client_reference_id"],
            "success_url": form["success_url"],
            "url": f"{self.url}/checkout/cs_test_{number:04d}",
        }
        self.sessions[str(session["id"])] = self.by_idempotency[idempotency] = session
        return session

    def pay(self, checkout_id: str, brand: str = "visa", amount: int | None = None) -> None:
        """The customer pays with a card of this brand."""
        session = self.sessions[checkout_id]
        session.update(
            status="complete",
            payment_status="paid",
            amount_total=session["amount_total"] if amount is None else amount,
            payment_intent={
                "id": f"pi_{checkout_id}",
                "object": "payment_intent",
                "latest_charge": {
                    "id": f"ch_{checkout_id}",
                    "object": "charge",
                    "payment_method_details": {"type": "card", "card": {"brand": brand, "last4": "4242"}},
                },
            },
        )

    def expire(self, checkout_id: str) -> None:
        self.sessions[checkout_id]["status"] = "expired"

    def seen(self, checkout_id: str, expanded: list[str]) -> dict[str, Any]:
        """A session as Stripe gives it: what is not asked to be expanded is an id."""
        session = dict(self.sessions[checkout_id])
        if session["payment_intent"] and "payment_intent.latest_charge" not in expanded:
            session["payment_intent"] = session["payment_intent"]["id"]
        return session

    def webhook(self, checkout_id: str, kind: str = "checkout.session.completed") -> tuple[bytes, str]:
        """Body and Stripe-Signature of a call about the checkout."""
        event = {
            "id": f"evt_{checkout_id}",
            "object": "event",
            "type": kind,
            "data": {"object": self.seen(checkout_id, [])},
        }
        body = json.dumps(event).encode()
        return body, signature(body)


def signature(body: bytes, at: float | None = None, secret: str = WEBHOOK_SECRET) -> str:
    stamp = int(time.time() if at is None else at)
    signed = hmac.new(secret.encode(), f"{stamp}.".encode() + body, hashlib.sha256).hexdigest()
    return f"t={stamp},v1={signed}"


@contextmanager
def fake_stripe() -> Iterator[FakeStripe]:
    """A running one; its address is what TECHREF_STRIPE_API_URL gets."""
    stripe = FakeStripe()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
            form = {name: values[0] for name, values in parse_qs(body, keep_blank_values=True).items()}
            path = urlsplit(self.path).path
            if path.startswith("/checkout/"):
                checkout_id = path.rpartition("/")[2]
                stripe.pay(checkout_id, form["brand"])
                self.answer(303, b"", [("Location", stripe.sessions[checkout_id]["success_url"])])
            elif self.allowed():
                self.json(200, stripe.create(form, self.headers.get("Idempotency-Key", "")))

        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            checkout_id = parts.path.rpartition("/")[2]
            if parts.path.startswith("/checkout/"):
                page = (
                    "<!doctype html><title>Checkout</title><h1>Checkout</h1><form method='post'>"
                    "<label>Card <select name='brand'><option>visa</option><option>amex</option></select></label>"
                    "<button>Pay</button></form>"
                )
                self.answer(200, page.encode(), [("Content-Type", "text/html")])
            elif self.allowed():
                if checkout_id not in stripe.sessions:
                    error = {"error": {"type": "invalid_request_error", "message": "No such checkout.session"}}
                    return self.json(404, error)
                query = parse_qs(parts.query)
                expanded = [value for name, values in query.items() if name.startswith("expand") for value in values]
                self.json(200, stripe.seen(checkout_id, expanded))
            return None

        def allowed(self) -> bool:
            if stripe.down:
                self.json(500, {"error": {"type": "api_error", "message": "down"}})
            elif self.headers.get("Authorization") != f"Bearer {KEY}":
                self.json(401, {"error": {"type": "invalid_request_error", "message": "Invalid API Key"}})
            else:
                return True
            return False

        def json(self, status: int, value: object) -> None:
            self.answer(status, json.dumps(value).encode(), [("Content-Type", "application/json")])

        def answer(self, status: int, body: bytes, headers: list[tuple[str, str]]) -> None:
            self.send_response(status)
            for name, value in (*headers, ("Content-Length", str(len(body)))):
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Quiet: the tests look at what it was asked."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    stripe.url = f"http://127.0.0.1:{server.server_address[1]}"
    with serving(server):
        yield stripe
