"""From "no contract" to "paid ahead" over HTTP: the page, Stripe's page, the webhook, the desk."""

import dataclasses
from collections.abc import Iterator

import httpx
import pytest
from sqlalchemy import select

from bot.store.tables import ScheduledJob
from tests.support.fake_stripe import KEY, WEBHOOK_SECRET, FakeStripe, fake_stripe
from tests.support.gateway_fixture import Case, Desk, Gateway, eventually


@pytest.fixture
def stripe(gateway: Gateway) -> Iterator[FakeStripe]:
    with fake_stripe() as running:
        gateway.ctx.settings = dataclasses.replace(
            gateway.ctx.settings,
            stripe_secret_key=KEY,
            stripe_webhook_secret=WEBHOOK_SECRET,
            stripe_api_url=running.url,
        )
        yield running


async def links_in(case: Case) -> list[str]:
    cards = [card for message in (await case.reads())["messages"] for card in message["cards"]]
    return [str(card["url"]) for card in cards if "/pay/" in card["url"]]


async def link_in(case: Case) -> str:
    (link,) = await links_in(case)
    return link


async def kind_of(desk: Desk, case: Case) -> str:
    return str((await desk.about(case))["entitlement"]["kind"])


async def receive(gateway: Gateway, body: bytes, signature: str) -> httpx.Response:
    headers = {"Stripe-Signature": signature, "Content-Type": "application/json"}
    return await gateway.browser().post("/api/payments/stripe", content=body, headers=headers)


async def test_from_the_link_in_the_chat_to_paid(gateway: Gateway, stripe: FakeStripe) -> None:
    case, anna = await gateway.case(), await gateway.technician("Anna")
    assert await kind_of(anna, case) == "payment_required"
    page = await case.browser.get(await link_in(case))
    for words in ("120.00 USD an hour", "30 minutes", "kept for 90 days", case.reference, "VISA or MasterCard"):
        assert words in page.text
    assert f"form-action 'self' {stripe.url}" in page.headers["Content-Security-Policy"]
    onward = await case.browser.post(await link_in(case), data={"hours": "1.0"})
    assert onward.status_code == 303 and onward.headers["location"] == f"{stripe.url}/checkout/cs_test_0001"
    assert "One moment" in (await case.browser.get(f"{await link_in(case)}/done")).text
    stripe.pay("cs_test_0001")
    for _ in range(2):
        assert (await receive(gateway, *stripe.webhook("cs_test_0001"))).status_code == 204
    assert "has arrived" in (await case.browser.get(f"{await link_in(case)}/done")).text
    assert await kind_of(anna, case) == "prepaid"
    assert sum(message["text"].startswith("Thank you") for message in (await case.reads())["messages"]) == 1


async def open_payments_were_looked_at(gateway: Gateway) -> None:
    """Wait for the job that asks Stripe by itself; on a clock that stands still it is not due again."""

    async def ran() -> bool:
        async with gateway.ctx.db.read() as session:
            return (
                await session.scalar(select(ScheduledJob.ran_at).where(ScheduledJob.name == "open payments"))
                is not None
            )

    await eventually(ran)


async def test_a_forged_call_pays_nothing(gateway: Gateway, stripe: FakeStripe) -> None:
    await open_payments_were_looked_at(gateway)
    case, anna = await gateway.case(), await gateway.technician("Anna")
    await case.browser.post(await link_in(case), data={"hours": "1"})
    stripe.pay("cs_test_0001")
    body, _ = stripe.webhook("cs_test_0001")
    for signature in ("", "t=1,v1=0"):
        assert (await receive(gateway, body, signature)).status_code == 422
    assert await kind_of(anna, case) == "payment_required"


async def test_a_wrong_address_an_odd_sum_and_a_partner_that_is_away(gateway: Gateway, stripe: FakeStripe) -> None:
    case = await gateway.case()
    link = await link_in(case)
    assert (await case.browser.get(link[:-1] + ("0" if link[-1] != "0" else "1"))).status_code == 404
    assert "hours must be" in (await case.browser.post(link, data={"hours": "99"})).text
    stripe.down = True
    away = await case.browser.post(link, data={"hours": "1"})
    assert away.status_code == 409 and "nothing was charged" in away.text


async def test_without_stripe_there_is_no_page_and_no_webhook(gateway: Gateway) -> None:
    case = await gateway.case()
    assert await links_in(case) == []
    assert (await receive(gateway, b"{}", "t=1,v1=0")).status_code == 404
    assert (await case.browser.get(f"/pay/{case.reference}/{'0' * 32}")).status_code == 404


async def test_a_payment_by_phone_minutes_and_a_refund_at_the_desk(gateway: Gateway) -> None:
    case, anna = await gateway.case(), await gateway.technician("Anna")
    address = f"issues/{case.reference}"
    card = {"hours": "1.0", "brand": "VISA", "authorisation": "4111 1111 1111 1111"}
    refused = await anna.post(f"{address}/payments", card)
    assert (refused.status_code, refused.json()["error"]["code"]) == (422, "card_number")
    paid = await anna.post(f"{address}/payments", {**card, "authorisation": "A-1001"})
    assert paid.status_code == 201 and paid.json()["amount"] == 12000
    assert (await anna.post(f"{address}/minutes", {"minutes": "40"})).json()["minutes_left"] == 20
    about = (await anna.about(case))["entitlement"]
    assert (about["kind"], about["worked_minutes"], about["minutes_left"]) == ("prepaid", 40, 20)
    page = (await anna.browser.get(f"/desk/conversations/{case.conversation_id}")).text
    assert "120.00 USD" in page and "A-1001" in page and "4111" not in page
    refund = await anna.post(f"payments/{paid.json()['id']}/refund", {"reference": "R-1"})
    assert refund.status_code == 200 and await kind_of(anna, case) == "payment_required"
    assert (await anna.post("issues/TR-000-000-000/payments", {**card, "authorisation": "A-2"})).status_code == 404


async def test_the_minutes_of_a_call_draw_it_down(gateway: Gateway) -> None:
    case, anna = await gateway.case(), await gateway.technician("Anna")
    fields = {"hours": "1.0", "brand": "VISA", "authorisation": "A-1"}
    await anna.post(f"issues/{case.reference}/payments", fields)
    await anna.claim(case)
    await anna.post(f"conversations/{case.conversation_id}/call")
    ended = await anna.post(f"conversations/{case.conversation_id}/call/end", {"minutes": 45})
    assert ended.status_code == 200, ended.text
    assert (await anna.about(case))["entitlement"]["minutes_left"] == 15
