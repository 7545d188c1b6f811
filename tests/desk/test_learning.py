"""Supervisors label what was misunderstood; technicians may not."""

from bot.services.conversation import lifecycle, transcript
from bot.services.understanding import learned_examples
from bot.store.tables import InboundEvent, Turn
from tests.support.gateway_fixture import Gateway


async def misunderstood(gateway: Gateway, text: str) -> None:
    ctx = gateway.ctx
    opened = await lifecycle.open_conversation(ctx)
    async with ctx.db.write() as session:
        conversation = await lifecycle.load(session, opened.conversation_id, lock=True)
        now = ctx.clock()
        message = await transcript.append_message(
            session, conversation, now, author="customer", author_name="You", text=text
        )
        event = InboundEvent(
            source="web",
            source_id=opened.conversation_id,
            conversation_id=opened.conversation_id,
            message_id=message.id,
            status="done",
            created_at=now,
        )
        session.add(event)
        await session.flush()
        session.add(
            Turn(
                conversation_id=opened.conversation_id,
                inbound_event_id=event.id,
                result="done",
                intent="nlu_fallback",
                rule="not understood",
                created_at=now,
            )
        )


async def test_a_supervisor_teaches_a_phrase_and_takes_it_back(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", role="supervisor")
    await misunderstood(gateway, "flibber 47110 <b>now</b>")
    page = (await eva.browser.get("/desk/administration/learning")).text
    assert "flibber [number] &lt;b&gt;now" in page and "4711" not in page
    (phrase,) = (await eva.get("learning")).json()["phrases"]
    answer = await eva.post(f"learning/{phrase['key']}", {"intent": "how_to"})
    assert "+    - flibber 12" in answer.json()["diff"]
    assert (await eva.get("learning")).json()["phrases"] == []
    (sentence,) = learned_examples.learned_examples(gateway.ctx.home)["how_to"]
    assert (await eva.post("learning/forget", {"intent": "how_to", "sentence": sentence})).status_code == 200
    assert learned_examples.learned_examples(gateway.ctx.home) == {}


async def test_labels_that_mean_nothing_are_refused(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", role="supervisor")
    await misunderstood(gateway, "flibber")
    (phrase,) = (await eva.get("learning")).json()["phrases"]
    assert (await eva.post(f"learning/{phrase['key']}", {"intent": "dance"})).status_code == 422
    assert (await eva.post(f"learning/{phrase['key']}", {"intent": 7})).status_code == 422
    assert (await eva.post("learning/0000000000000000", {"intent": "how_to"})).status_code == 404


async def test_a_technician_sees_neither_page_nor_list(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    for address in ("/desk/administration/learning", "/desk/api/learning"):
        answer = await anna.browser.get(address)
        assert answer.status_code == 403
    assert "Administration" not in (await anna.browser.get("/desk")).text
