"""An address for each of several products: its conversations are about it, and its answers come from it."""

from tests.channels.email.conftest import Mailing, written
from tests.support.products import LEDGER, STOCKROOM, two_products

STOCK = "stock@northwind.example"
OUR_SUPPORT = "support@quillbook.example"


async def test_the_address_that_was_written_to_says_which_product(mailing: Mailing) -> None:
    mailing.gateway.ctx.support = two_products()
    await mailing.writes("The scanner reads nothing.", "Scanner", To=STOCK)
    await mailing.writes("The year cannot be closed.", "Year", To="Ledger <ledger@northwind.example>")
    await mailing.writes("What do you cost?", "Price", To=OUR_SUPPORT)
    assert [one.product for one in await mailing.conversations()] == [STOCKROOM, LEDGER, None]


async def test_answers_come_from_the_address_and_lead_back(mailing: Mailing) -> None:
    mailing.gateway.ctx.support = two_products()
    await mailing.writes("The scanner reads nothing.", "Scanner", To=STOCK)
    (ours,) = await mailing.mails(1)
    assert str(ours["From"]) == f"Northwind Warehousing <{STOCK}>"
    assert str(ours["Reply-To"]).startswith("Northwind Warehousing <stock+")
    body = ours.get_body(("plain",))
    assert body is not None and "+44 20 7946 0099" in body.get_content()
    await mailing.answers("It is a Bluetooth one.", ours)
    assert len(await mailing.conversations()) == 1


async def test_none_of_our_addresses_gets_a_copy(mailing: Mailing) -> None:
    mailing.gateway.ctx.support = two_products()
    await mailing.writes("The scanner reads nothing.", "Scanner", To=STOCK, Cc=f"{OUR_SUPPORT}, pat@brightson.example")
    (ours,) = await mailing.mails(1)
    assert str(ours["Cc"]) == "pat@brightson.example"


async def test_what_an_address_of_ours_writes_is_answered_by_nobody(mailing: Mailing) -> None:
    mailing.gateway.ctx.support = two_products()
    assert await mailing.outcome(written("Hello.", "Hello", STOCK)) == "own"
