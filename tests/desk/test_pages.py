"""The pages as the browser gets them, before any script has run."""

import pytest
from sqlalchemy import select

from bot.services.desk.contact_links import contact_links
from bot.store.tables import Conversation, SearchRecord
from tests.support.gateway_fixture import Gateway

MARKUP = "<script>alert(1)</script>\"'><img src=x>"


async def test_the_first_ten_seconds_are_all_on_the_page(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case(
        "All our invoices are gone",
        contact="mia@bakery.example, 234-555-0142",
        private={"what_changed": "deleted the folder"},
        product_version="12.2.1",
        error_text="QB-2107: cannot open",
        impact="Everyone; right now",
    )
    async with gateway.ctx.db.write() as session:
        pages = [{"title": "Restore a backup", "url": "/manual/restore-a-backup"}]
        record = SearchRecord(
            conversation_id=case.conversation_id,
            question="invoices gone",
            shown=pages,
            score=0.8,
            confident=True,
            created_at=gateway.clock(),
        )
        session.add(record)
    page = (await anna.browser.get(f"/desk/conversations/{case.conversation_id}")).text
    for shown in (
        "All our invoices are gone",
        "Data may be lost",
        "Everyone; right now",
        f"mailto:mia@bakery.example?subject={case.reference}",
        "tel:2345550142",
        "12.2.1",
        "QB-2107: cannot open",
        "deleted the folder",
        "only for technicians",
        "No contract: payment ahead",
        "Customer is away",
        "Restore a backup",
        "Details incomplete",
    ):
        assert shown in page, shown


async def test_what_customers_write_is_text_on_every_page(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case(MARKUP, contact=MARKUP, private={"what_changed": MARKUP}, tried=MARKUP)
    async with gateway.ctx.db.write() as session:
        conversation = (await session.scalars(select(Conversation))).one()
        conversation.page_url = conversation.mood = MARKUP[:20]
    for address in (
        "/desk",
        f"/desk/conversations/{case.conversation_id}",
        f"/desk/fragments/conversations/{case.conversation_id}",
        "/desk/fragments/queue?state=all",
        f"/desk/issues?q={MARKUP.replace('#', '')}",
        f"/desk/issues/{case.reference}",
        "/desk/issues?q=<script>",
    ):
        page = await anna.browser.get(address)
        assert page.status_code == 200, address
        assert "<script>alert" not in page.text and "<img src=x" not in page.text
        assert "&lt;script&gt;" in page.text, address


async def test_a_conversation_that_is_not_there_says_so_on_a_page(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    page = await anna.browser.get("/desk/conversations/unknown")
    assert page.status_code == 404
    assert "text/html" in page.headers["content-type"] and "no such conversation" in page.text
    typo = await anna.browser.get("/desk/issues/TR-111-111-112")
    assert typo.status_code == 422 and "wrong or missing" in typo.text


async def test_who_is_signed_in_already_is_not_asked_again(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    answer = await anna.browser.get("/desk/login")
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk")


async def test_scripts_are_sent_compressed_and_kept_for_a_year(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    page = (await anna.browser.get("/desk")).text
    address = page.split('<script type="module" src="')[1].split('"')[0]
    script = await anna.browser.get(address)
    assert script.status_code == 200 and "import" in script.text
    assert script.headers["content-encoding"] == "gzip" and "immutable" in script.headers["cache-control"]
    outdated = await anna.browser.get(address.replace(address.split("/")[3], "000000000000"))
    assert outdated.status_code == 200 and outdated.headers["cache-control"] == "no-cache"
    for wrong in ("nothing.js", "..%2fblueprint.py", "%2e%2e/visit.py"):
        assert (await anna.browser.get(f"/desk/static/000000000000/{wrong}")).status_code == 404


@pytest.mark.parametrize(
    ("contact", "mail", "call"),
    [
        ("mia@bakery.example", "mailto:mia@bakery.example?subject=TR-1", None),
        ("call 234-555-0142 please", None, "tel:2345550142"),
        ("this chat", None, None),
        ("", None, None),
    ],
)
def test_a_contact_becomes_the_links_it_allows(contact: str, mail: str | None, call: str | None) -> None:
    found = contact_links(contact, "TR-1")
    assert (found["email_href"], found["phone_href"], found["text"]) == (mail, call, contact)
