"""Technician and customer write to each other: once each, in order, only by who owns the conversation."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx

from tests.support.gateway_fixture import Case, Desk, Gateway, eventually, first_event, lines_of


@asynccontextmanager
async def following(desk: Desk, case: Case, after_seq: int = 0) -> AsyncIterator[httpx.Response]:
    address = f"/desk/api/conversations/{case.conversation_id}/events?after_seq={after_seq}"
    async with desk.browser.stream("GET", address) as stream:
        assert stream.status_code == 200
        yield stream


@asynccontextmanager
async def customer_following(case: Case, after_seq: int = 0) -> AsyncIterator[httpx.Response]:
    address = f"/api/conversations/{case.conversation_id}/events?after_seq={after_seq}"
    headers = {"Authorization": f"Bearer {case.token}"}
    async with case.browser.stream("GET", address, headers=headers) as stream:
        assert stream.status_code == 200
        yield stream


async def claimed(gateway: Gateway) -> tuple[Desk, Case]:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    assert (await anna.claim(case)).status_code == 200
    return anna, case


async def test_the_customer_reads_the_technicians_answer_under_their_name(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    sent = await anna.say(case, "Please restart the print service.")
    assert sent.status_code == 201
    last = (await case.reads())["messages"][-1]
    assert (last["author"], last["author_name"]) == ("technician", "Anna")
    assert last["text"] == "Please restart the print service."
    assert "client_message_id" not in last


async def test_the_technician_reads_what_the_customer_answers(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await anna.say(case, "Does it work now?")
    assert (await anna.about(case))["issue"]["status"] == "waiting_customer"
    assert (await case.write("No, still not")).status_code == 202
    page = await anna.about(case, "/messages")
    assert [message["text"] for message in page["messages"]][-2:] == ["Does it work now?", "No, still not"]
    assert page["owner"] == "technician" and page["mine"] is True

    async def back_in_progress() -> bool:
        return bool((await anna.about(case))["issue"]["status"] == "in_progress")

    await eventually(back_in_progress)


async def test_messages_after_a_seq_are_only_the_later_ones(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    everything = (await anna.about(case, "/messages"))["messages"]
    later = (await anna.about(case, f"/messages?after_seq={everything[1]['seq']}"))["messages"]
    assert later == everything[2:]


async def test_the_same_id_again_gives_the_same_row_and_sends_nothing_twice(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    first = await anna.say(case, "Hello", client_id="one")
    again = await anna.say(case, "Hello", client_id="one")
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert [message["text"] for message in (await case.reads())["messages"]].count("Hello") == 1


async def test_the_same_id_at_the_same_moment_is_stored_once(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    answers = await asyncio.gather(*(anna.say(case, "Hello", client_id="one") for _ in range(6)))
    assert sorted(answer.status_code for answer in answers) == [200] * 5 + [201]
    assert len({answer.json()["seq"] for answer in answers}) == 1


async def test_the_same_id_after_giving_the_conversation_away_still_gives_the_row(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    first = await anna.say(case, "Hello", client_id="one")
    await anna.post(f"conversations/{case.conversation_id}/resolve")
    again = await anna.say(case, "Hello", client_id="one")
    assert again.status_code == 200 and again.json()["seq"] == first.json()["seq"]


async def test_the_same_id_for_another_text_is_refused(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await anna.say(case, "Hello", client_id="one")
    refused = await anna.say(case, "Goodbye", client_id="one")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "client_message_id_reused"


async def test_a_customers_ids_never_meet_a_technicians(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    for number, client_id in enumerate(("one", "t:two", f"t:{anna.id}:three", f"t:\x1f{anna.id}:four")):
        technicians = ("one", "two", "three", "four")[number]
        assert (await case.write("From the customer", client_id)).status_code == 202
        assert (await anna.say(case, "From the technician", technicians)).status_code == 201
        assert (await case.write("From the customer", client_id)).status_code == 200


async def test_only_the_owner_of_the_conversation_may_write_in_it(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben")
    waiting = await gateway.case()
    for desk, where in ((ben, case), (anna, waiting), (ben, waiting)):
        refused = await desk.say(where, "Hello")
        assert refused.status_code == 409
        assert refused.json()["error"]["code"] == "not_owner"
    assert "Hello" not in [message["text"] for message in (await case.reads())["messages"]]


BAD_MESSAGES: list[dict[str, object]] = [
    {"text": "no id"},
    {"client_message_id": "", "text": "x"},
    {"client_message_id": 7, "text": "x"},
    {"client_message_id": "x" * 151, "text": "x"},
    {"client_message_id": "a"},
    {"client_message_id": "a", "text": "  "},
    {"client_message_id": "a", "text": None},
    {"client_message_id": "a", "text": ["x"]},
    {"client_message_id": "a", "text": "x" * 10_001},
    {"client_message_id": "a", "choice": "abc"},
    {"client_message_id": "a", "text": "x", "attachments": ["unknown"]},
    {"client_message_id": "a", "text": "x", "attachments": "unknown"},
]


async def test_a_message_that_cannot_be_taken_is_informed_why(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    before = (await case.reads())["messages"]
    for body in BAD_MESSAGES:
        refused = await anna.post(f"conversations/{case.conversation_id}/messages", body)
        assert refused.status_code == 422, body
        assert refused.json()["error"]["message"]
    assert (await case.reads())["messages"] == before


async def test_odd_characters_are_kept_as_text(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    body = b'{"client_message_id": "odd", "text": "<b>\\ud800\\u0007/restart</b>"}'
    headers = {"Content-Type": "application/json"}
    address = f"/desk/api/conversations/{case.conversation_id}/messages"
    sent = await anna.browser.post(address, content=body, headers=headers)
    assert sent.status_code == 201
    assert (await case.reads())["messages"][-1]["text"] == "<b>\N{REPLACEMENT CHARACTER}/restart</b>"


async def test_a_card_number_in_a_technicians_words_is_not_stored(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    sent = await anna.say(case, "You gave 4111 1111 1111 1111 on the phone")
    assert "4111" not in sent.text
    note = await anna.post(f"conversations/{case.conversation_id}/notes", {"text": "card 4111111111111111"})
    assert "4111" not in note.text


async def test_messages_arrive_at_both_sides_as_they_are_written(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    start = (await case.reads())["messages"][-1]["seq"]
    async with following(anna, case, start) as desk, customer_following(case, start) as chat:
        await anna.say(case, "Hello")
        assert (await first_event(chat, "message"))["text"] == "Hello"
        assert (await first_event(desk, "message"))["text"] == "Hello"
        await case.write("Hello yourself")
        assert (await first_event(desk, "message"))["text"] == "Hello yourself"


async def test_a_stream_begins_with_what_was_missed_and_how_it_stands(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    await anna.post(f"conversations/{case.conversation_id}/notes", {"text": "a note"})
    async with following(anna, case) as stream:
        assert (await first_event(stream, "message"))["seq"] == 1
        assert (await first_event(stream, "note"))["text"] == "a note"
        state = await first_event(stream, "state")
        assert (state["owner"], state["mine"], state["reference"]) == ("technician", True, case.reference)


async def test_each_sees_the_other_typing_and_nobody_sees_a_strangers(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben")
    typing = f"conversations/{case.conversation_id}/typing"
    async with following(anna, case) as desk, customer_following(case) as chat:
        await first_event(desk, "presence")
        await first_event(chat, "state")
        assert (await ben.post(typing)).status_code == 204
        assert (await anna.post(typing)).status_code == 204
        assert await first_event(chat, "typing") == {"author": "technician", "name": "Anna", "on": True}
        headers = {"Authorization": f"Bearer {case.token}"}
        await case.browser.post(f"/api/{typing}", json={}, headers=headers)
        assert (await first_event(desk, "typing"))["author"] == "customer"


async def test_the_desk_shows_who_is_there(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    ben = await gateway.technician("Ben")
    async with following(anna, case) as desk:
        assert await first_event(desk, "presence") == {"customer": False, "technicians": []}
        async with customer_following(case):
            assert (await first_event(desk, "presence"))["customer"] is True
            assert (await anna.about(case))["presence"]["customer"] is True
            async with following(ben, case):
                assert (await first_event(desk, "presence"))["technicians"] == ["Ben"]


async def test_a_stream_ends_with_its_session(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    second = Desk(gateway.browser(), anna.name, anna.email, anna.id)
    await second.sign_in()
    async with following(anna, case) as stream:
        await first_event(stream, "state")
        await anna.post("logout")
        await second.say(case, "not for a browser that has signed out")
        rest = [line async for line in lines_of(stream)]
    assert "event: signed_out" in rest
    assert not any("not for a browser" in line for line in rest)


async def test_the_queue_stream_informs_of_a_new_customer_and_of_a_claim(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    async with anna.browser.stream("GET", "/desk/api/events") as stream:
        assert (await first_event(stream, "queue"))["waiting"] == []
        case = await gateway.case()
        assert (await first_event(stream, "queue"))["waiting"] == [case.hand_off_id]
        await anna.claim(case)
        event = await first_event(stream, "queue")
        assert (event["waiting"], event["mine"], event["to_answer"]) == ([], 1, 1)


async def test_files_go_both_ways(gateway: Gateway) -> None:
    anna, case = await claimed(gateway)
    address = f"conversations/{case.conversation_id}/attachments"
    files = {"file": ("fix.txt", b"Step 1: restart", "text/html")}
    kept = await anna.browser.post(f"/desk/api/{address}", files=files)
    assert kept.status_code == 201
    body = {"client_message_id": "f", "text": "", "attachments": [kept.json()["attachment_id"]]}
    assert (await anna.post(f"conversations/{case.conversation_id}/messages", body)).status_code == 201
    (shown,) = (await case.reads())["messages"][-1]["attachments"]
    assert shown["name"] == "fix.txt"
    read = await case.get(f"{address}/{shown['attachment_id']}")
    assert read.content == b"Step 1: restart"
    own = await anna.get(f"{address}/{shown['attachment_id']}")
    assert own.content == b"Step 1: restart"
    assert "sandbox" in own.headers["Content-Security-Policy"]
    assert own.headers["Content-Disposition"].startswith("inline") and "text/plain" in own.headers["Content-Type"]
    assert read.headers["Content-Disposition"].startswith("attachment"), "the customer's page shows none of ours"
    other = await gateway.case()
    elsewhere = await anna.get(f"conversations/{other.conversation_id}/attachments/{shown['attachment_id']}")
    assert elsewhere.status_code == 404
