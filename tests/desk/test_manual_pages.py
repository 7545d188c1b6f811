"""Pages of the manual are written in the browser: nothing is public before a person has published it."""

import asyncio
from typing import Any

from sqlalchemy import select

from bot.services.manual import tips
from bot.store.tables import Issue, PageVersion, SearchRecord
from tests.support.gateway_fixture import Case, Desk, Gateway
from tests.support.products import LEDGER, STOCKROOM, two_products

TEXT = "## Copy\n\n1. Copy the folder."
PAGE = {"title": 'Move "it" to a new server', "chapter": "Servers", "order": "2", "text": TEXT}


async def new(desk: Desk, **fields: Any) -> str:
    answer = await desk.post("manual/pages", {**PAGE, **fields})
    assert answer.status_code == 201, answer.text
    return str(answer.json()["then"]).rpartition("/")[2]


async def newest(gateway: Gateway, slug: str) -> int:
    async with gateway.ctx.db.read() as session:
        query = select(PageVersion.id).where(PageVersion.page == slug).order_by(PageVersion.id.desc()).limit(1)
        return await session.scalar(query) or 0


async def public(gateway: Gateway, slug: str) -> str:
    await asyncio.sleep(1.1)  # the site looks at the files once a second
    answer = await gateway.browser().get(f"/manual/{slug}")
    return answer.text if answer.status_code == 200 else ""


async def test_a_page_is_drafted_previewed_published_and_removed(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", "supervisor")
    slug = await new(eva)
    assert slug == "move-it-to-a-new-server"
    page = (await eva.browser.get(f"/desk/manual/pages/{slug}")).text
    assert "<li>Copy the folder.</li>" in page and "Nobody sees it before you publish it" in page
    assert await public(gateway, slug) == ""
    assert (await eva.post(f"manual/pages/{slug}/publish", {"draft": await newest(gateway, slug)})).status_code == 200
    assert "Copy the folder." in await public(gateway, slug)
    base = await newest(gateway, slug)
    changed = await eva.post(f"manual/pages/{slug}/draft", {**PAGE, "text": "Ask us.", "base": base})
    assert changed.status_code == 200
    assert "Copy the folder." in await public(gateway, slug), "a draft changes nothing"
    late = await eva.post(f"manual/pages/{slug}/draft", {**PAGE, "text": "Later.", "base": base})
    assert late.status_code == 409 and "nothing was saved" in late.json()["error"]["message"]
    stale = await eva.post(f"manual/pages/{slug}/publish", {"draft": base})
    assert stale.status_code == 409
    assert (await eva.post(f"manual/pages/{slug}/discard", {"draft": await newest(gateway, slug)})).status_code == 200
    assert (await eva.post(f"manual/pages/{slug}/restore", {"version": 1})).status_code == 200
    assert (await eva.post(f"manual/pages/{slug}/publish", {"draft": await newest(gateway, slug)})).status_code == 200
    assert (await eva.post(f"manual/pages/{slug}/remove")).status_code == 200
    assert await public(gateway, slug) == ""
    assert (await eva.post(f"manual/pages/{slug}/remove")).status_code == 404


async def test_tips_are_edited_with_placeholders_and_put_back(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", "supervisor")
    page = (await eva.browser.get(f"/desk/manual/pages/{tips.SLUG}")).text
    assert "{product} open if it will open" in page and "Quillbook open if it will open" in page
    wrong = {"title": "Tips", "text": "Call {fone}.", "base": 0}
    answer = await eva.post(f"manual/pages/{tips.SLUG}/draft", wrong)
    assert answer.status_code == 422 and "{fone} stands for nothing" in answer.json()["error"]["message"]
    fine = {"title": "Before you call", "text": "Call {phone}: {hours}.\n\n<!-- checklist -->", "base": 0}
    assert (await eva.post(f"manual/pages/{tips.SLUG}/draft", fine)).status_code == 200
    draft = await newest(gateway, tips.SLUG)
    assert (await eva.post(f"manual/pages/{tips.SLUG}/publish", {"draft": draft})).status_code == 200
    text = await public(gateway, tips.SLUG)
    assert "Call 234-542-4400: Monday to Friday" in text and "Before you call" in text and "Nearly always" in text
    assert (await eva.post(f"manual/pages/{tips.SLUG}/remove")).status_code == 200
    assert "Be frank and explicit" in await public(gateway, tips.SLUG)


async def test_what_cannot_be_a_page_is_refused_at_its_field(gateway: Gateway) -> None:
    eva, anna = await gateway.technician("Eva", "supervisor"), await gateway.technician("Anna")
    for fields, said in (({"title": " "}, "title"), ({"text": ""}, "text"), ({"order": "x"}, "order")):
        answer = await eva.post("manual/pages", {**PAGE, **fields})
        assert answer.status_code == 422 and answer.json()["error"]["message"].startswith(said)
    assert (await anna.post("manual/pages", PAGE)).status_code == 403
    assert (await anna.browser.get("/desk/manual/pages")).status_code == 403
    for slug in ("..%2F..%2Fsupport", "nothing", "new"):
        assert (await eva.post(f"manual/pages/{slug}/publish", {"draft": 1})).status_code == 404
    assert await new(eva, title="New") == "new-2"
    assert await new(eva, title="新しい") == "page"


async def asked_in_vain(gateway: Gateway, case: Case, question: str) -> None:
    async with gateway.ctx.db.write() as session:
        issue = await session.scalar(select(Issue).where(Issue.reference == case.reference))
        assert issue is not None
        record = SearchRecord(
            conversation_id=case.conversation_id, question=question, shown=[], confident=False, solved=None
        )
        record.issue_id, record.created_at, record.score, record.source = issue.id, gateway.clock(), 0.1, "chat"
        session.add(record)


async def solved(gateway: Gateway, case: Case, desk: Desk, *texts: str) -> None:
    await desk.claim(case)
    for text in texts:
        assert (await desk.say(case, text)).status_code < 300
    assert (await desk.post(f"conversations/{case.conversation_id}/resolve", {"text": ""})).status_code < 300


async def test_a_gap_begins_a_page_with_the_anonymised_answer_that_solved_it(gateway: Gateway) -> None:
    eva, anna = await gateway.technician("Eva", "supervisor"), await gateway.technician("Anna")
    case = await gateway.case(contact="Mia Brandt, mia@bakery.example")
    await asked_in_vain(gateway, case, "how do I move it to a new server?")
    answer = "Copy the folder to the new server, Mia, then write to anna@desk.example or call 0151 23456789."
    await solved(gateway, case, anna, "Hello Mia", "Which server is it, please tell me?", answer)
    gaps = (await eva.browser.get("/desk/manual")).text
    assert "Write this page" in gaps
    params = {"days": "90", "question": "how do I move it to a new server?"}
    page = (await eva.browser.get("/desk/manual/pages/new", params=params)).text
    assert "Copy the folder to the new server" in page and case.reference in page
    for secret in ("Mia", "Brandt", "anna@", "0151", "Hello", "Which server"):
        assert secret not in page, secret
    assert "How do I move it to a new server" in page
    slug = await new(eva, title="Move", origin=case.reference)
    assert case.reference in (await eva.browser.get(f"/desk/manual/pages/{slug}")).text


async def test_what_was_said_in_confidence_begins_no_page(gateway: Gateway) -> None:
    eva, anna = await gateway.technician("Eva", "supervisor"), await gateway.technician("Anna")
    case = await gateway.case(private={"what_changed": "I deleted the ledger by mistake"})
    await asked_in_vain(gateway, case, "how do I get the ledger back?")
    await solved(gateway, case, anna, "You deleted the ledger, so restore it from the backup of yesterday.")
    params = {"days": "90", "question": "how do I get the ledger back?"}
    page = (await eva.browser.get("/desk/manual/pages/new", params=params)).text
    assert "restore it" not in page and "begins empty" in page


async def test_each_product_has_pages_drafts_and_tips_of_its_own(gateway: Gateway) -> None:
    gateway.ctx.support = two_products()
    eva, about = await gateway.technician("Eva", "supervisor"), f"?product={STOCKROOM}"
    first = str((await eva.post("manual/pages", PAGE)).json()["then"])
    other = str((await eva.post(f"manual/pages{about}", {**PAGE, "text": "Scan it."})).json()["then"])
    slug = first.partition("?")[0].rpartition("/")[2]
    assert other == f"/desk/manual/pages/{slug}{about}", "two manuals may have a page of one name"
    drafts = {
        name: (await eva.browser.get(f"/desk/manual/pages/{slug}?product={name}")).text for name in (LEDGER, STOCKROOM)
    }
    assert "Copy the folder." in drafts[LEDGER] and "Scan it." not in drafts[LEDGER]
    assert "Scan it." in drafts[STOCKROOM] and f"{slug}/publish{about}" in drafts[STOCKROOM]
    draft = {"draft": await newest(gateway, slug)}
    assert (await eva.post(f"manual/pages/{slug}/publish", draft)).status_code == 409, "the draft of the other manual"
    assert (await eva.post(f"manual/pages/{slug}/publish{about}", draft)).status_code == 200
    assert (gateway.ctx.home / "products" / STOCKROOM / "manual" / f"{slug}.md").exists()
    assert not (gateway.ctx.home / "manual" / f"{slug}.md").exists()
    tips_text = {"title": "Tips", "text": "Call {phone}.", "base": 0}
    assert (await eva.post(f"manual/pages/{tips.SLUG}/draft{about}", tips_text)).status_code == 200
    assert (await eva.browser.get("/desk/manual/pages?product=gone")).status_code == 404


async def test_gaps_are_of_the_product_that_was_asked_about(gateway: Gateway) -> None:
    gateway.ctx.support = two_products()
    asked = {"How do I scan a pallet?": STOCKROOM, "How do I post a journal?": LEDGER, "How do I split a line?": None}
    async with gateway.ctx.db.write() as session:
        for question, product in asked.items():
            row = SearchRecord(
                source="manual", question=question, shown=[], score=0.1, confident=False, product=product
            )
            row.created_at = gateway.clock()
            session.add(row)
    eva = await gateway.technician("Eva", "supervisor")
    for product, wanted in ((STOCKROOM, {"How do I scan a pallet?"}), (LEDGER, {*asked} - {"How do I scan a pallet?"})):
        found = (await eva.get(f"manual/gaps?product={product}")).json()["questions"]
        assert {one["question"] for one in found} == wanted
