"""Supervisors label what was misunderstood; technicians may not."""

from bot.services.conversation import lifecycle, transcript
from bot.services.understanding import learned_examples
from bot.store.tables import InboundEvent, Turn
from tests.support.gateway_fixture import Gateway


async def misunderstood(gateway: Gateway, text: str, intent: str = "nlu_fallback", rule: str = "not understood") -> str:
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
                intent=intent,
                rule=rule,
                created_at=now,
            )
        )
    return opened.conversation_id


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


async def test_a_confident_turn_is_marked_in_the_transcript_and_taught(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", role="supervisor")
    conversation = await misunderstood(gateway, "no more push notifications since update", "solved", "solved")
    assert (await eva.get("learning")).json()["phrases"] == []
    mark = f"conversations/{conversation}/turns/1/misunderstood"
    assert (await eva.post(mark)).json() == {"marked": True}
    (turn,) = (await eva.get(f"conversations/{conversation}/turns")).json()["turns"]
    assert turn["marked"]
    (phrase,) = (await eva.get("learning")).json()["phrases"]
    assert phrase["marked"] == 1
    assert "it was taken as solved" in (await eva.browser.get("/desk/administration/learning")).text
    assert (await eva.post(f"learning/{phrase['key']}", {"intent": None})).status_code == 200
    assert (await eva.get("learning")).json()["phrases"] == [], "dismissed"
    gateway.clock.advance(minutes=1)
    assert (await eva.post(mark, {"misunderstood": False})).json() == {"marked": False}
    assert (await eva.post(mark)).status_code == 200
    assert len((await eva.get("learning")).json()["phrases"]) == 1, "marked again"
    assert (await eva.post(f"conversations/{conversation}/turns/9/misunderstood")).status_code == 404


async def test_a_list_of_sentences_is_taught_at_once(gateway: Gateway) -> None:
    eva = await gateway.technician("Eva", role="supervisor")
    asked = "Does the flibber sync to my phone?"
    lines = f"{asked}\n\n- {asked}\nMail me@me.example the wibble 47110"
    answer = await eva.post("learning/sentences", {"intent": "how_to", "sentences": lines})
    assert answer.status_code == 200 and answer.json()["added"] == 2, answer.text
    taught = learned_examples.learned_examples(gateway.ctx.home)["how_to"]
    assert "me@me.example" not in " ".join(taught) and "47110" not in " ".join(taught)
    again = await eva.post("learning/sentences", {"intent": "how_to", "sentences": lines})
    assert again.json()["told"].startswith("0 taught, 2 were known")
    for fields in ({"intent": "dance", "sentences": "x"}, {"intent": "how_to", "sentences": " "}, {"intent": "how_to"}):
        assert (await eva.post("learning/sentences", fields)).status_code == 422
    anna = await gateway.technician("Anna")
    assert (await anna.post("learning/sentences", {"intent": "how_to", "sentences": "x"})).status_code == 403


async def test_headings_of_the_manual_and_titles_of_resolved_issues_are_suggested(gateway: Gateway) -> None:
    eva, anna = await gateway.technician("Eva", role="supervisor"), await gateway.technician("Anna")
    page = "---\ntitle: Sync\n---\n\n## Sync the flibber with a phone\n\nTap it.\n"
    (gateway.ctx.home / "manual" / "sync.md").write_text(page)
    case = await gateway.case("The wibble of Mia Brandt flickers since noon", contact="mia@bakery.example")
    secret = await gateway.case("The secret wobbles a lot", private={"what_changed": "I broke it"})
    for one in (case, secret):
        await anna.claim(one)
        assert (await anna.post(f"conversations/{one.conversation_id}/resolve", {"text": ""})).status_code < 300
    page = (await eva.browser.get("/desk/administration/learning")).text
    assert "Sync the flibber with a phone" in page and "flickers since noon" in page
    assert "secret wobbles" not in page
