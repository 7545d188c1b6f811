"""The desk's page of questions that the manual does not answer: for whom, and what is on it."""

from bot.services.conversation import lifecycle, transcript
from bot.store.tables import SearchRecord
from tests.support.gateway_fixture import Case, Gateway

QUESTION = "Does it run on a <b>Mac</b>? Write to mia@bakery.example"


async def record(gateway: Gateway, question: str = QUESTION) -> None:
    case = await gateway.case()
    async with gateway.ctx.db.write() as session:
        session.add(
            SearchRecord(
                conversation_id=case.conversation_id,
                question=question,
                shown=[{"title": "Install: Steps", "url": "/manual/install#steps", "excerpt": "…"}],
                score=0.3,
                confident=True,
                solved=False,
                created_at=gateway.clock(),
            )
        )


async def test_customers_questions_are_for_supervisors_and_admins(gateway: Gateway) -> None:
    await record(gateway)
    for role, status in (("technician", 403), ("supervisor", 200), ("admin", 200)):
        desk = await gateway.technician(role.title(), role)
        page = await desk.browser.get("/desk/manual")
        api = await desk.get("manual/gaps")
        assert (page.status_code, api.status_code) == (status, status), role
        assert ("run on a" in page.text) == (status == 200)
        assert ('href="/desk/manual"' in page.text) == (status == 200), "the navigation names it to whom it is open"


async def test_the_page_shows_words_not_markup_and_nobodys_address(gateway: Gateway) -> None:
    await record(gateway)
    await record(gateway)
    supervisor = await gateway.technician("Sue", "supervisor")
    page = (await supervisor.browser.get("/desk/manual")).text
    assert "Does it run on a &lt;b&gt;Mac&lt;/b&gt;? Write to [e-mail]" in page
    assert "mia@bakery.example" not in page
    assert "did not help 2×" in page and 'href="/manual/install"' in page
    found = (await supervisor.get("manual/gaps", days=30)).json()
    assert [question["askers"] for question in found["questions"]] == [2]
    assert found["pages"][0]["not_solved"] == 2


async def test_a_period_that_is_none_is_refused_in_words(gateway: Gateway) -> None:
    supervisor = await gateway.technician("Sue", "supervisor")
    assert (await supervisor.get("manual/gaps", days="1e9")).status_code == 422
    page = await supervisor.browser.get("/desk/manual", params={"days": "-1"})
    assert page.status_code == 422 and "days must be one of" in page.text
    empty = await supervisor.browser.get("/desk/manual", params={"days": "7"})
    assert "Nobody has asked in vain" in empty.text


async def test_a_customer_informs_which_card_was_opened_with_their_own_token_only(gateway: Gateway) -> None:
    case, other = await gateway.case(), await gateway.case()
    async with gateway.ctx.db.write() as session:
        conversation = await lifecycle.load(session, case.conversation_id, lock=True)
        card = {"title": "Install", "url": "/manual/install", "excerpt": "…"}
        said = await transcript.say(session, conversation, gateway.clock(), "Here:", author_name="T", cards=[card])
        seq = said.seq

    async def opened(holder: Case, body: object, token: str | None = None) -> int:
        headers = {"Authorization": f"Bearer {token or holder.token}"}
        address = f"/api/conversations/{holder.conversation_id}/opened-cards"
        return (await holder.browser.post(address, json=body, headers=headers)).status_code

    assert await opened(case, {"seq": seq, "card": 0}) == 204
    assert await opened(case, {"seq": seq, "card": 0}, token="guessed") == 401
    assert await opened(case, {"seq": seq, "card": 0}, token=other.token) == 404
    assert await opened(other, {"seq": seq, "card": 0}) == 404
    for nonsense in ({}, {"seq": "1", "card": 0}, {"seq": seq, "card": 5}, {"seq": 2**70, "card": 0}):
        assert await opened(case, nonsense) == 422
