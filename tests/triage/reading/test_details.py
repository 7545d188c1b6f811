"""What is read from a message in passing, so that it is not asked again."""

import time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.reading.details import Details, find_details, looks_like_contact


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("mail me at jo.smith+qb@acme.co.uk.", {"email": "jo.smith+qb@acme.co.uk"}),
        ("JO@ACME.COM", {"email": "JO@ACME.COM"}),
        ("kim@müller.example", {"email": "kim@müller.example"}),
        ("kim@xn--mller-kva.example", {"email": "kim@xn--mller-kva.example"}),
        ("jürgen@example.com", {"email": None}),
        ("Tel.: 030 / 12 34 56", {"phone": "030 / 12 34 56"}),
        ("030/123456, Durchwahl 12", {"phone": "030/123456, Durchwahl 12"}),
        ("+49 (0) 30 123456", {"phone": "+49 (0) 30 123456"}),
        ("+49(0)30/123456-12", {"phone": "+49(0)30/123456-12"}),
        ("(030) 12 34 56 ext. 7", {"phone": "(030) 12 34 56 ext. 7"}),
        ("+1 (234) 555-0199 #12", {"phone": "+1 (234) 555-0199 #12"}),
        ("01 23 45 67 89", {"phone": "01 23 45 67 89"}),
        ("01/02/2026", {"phone": None}),
        ("since 01/05 2026 12", {"phone": None}),
        ("invoices 4003/4004/4005", {"phone": None}),
        ("192.168.0.1/24 8080", {"phone": None}),
        ("2026/01/02 08 00", {"phone": None}),
        ("since I upgraded from version 11.6 to version 12.2", {"version": "12.2"}),
        ("we upgraded Quillbook from 11.6.1 to 12.2.0 and it crashes", {"version": "12.2.0"}),
        ("upgraded to 12.2 from 11.6", {"version": "12.2"}),
        ("downgraded from 12.2 to 11.6", {"version": "11.6"}),
        ("the update 11.6 -> 12.2 broke printing", {"version": "12.2"}),
        ("version 11.6 worked, version 12.2 crashes", {"version": "12.2"}),
        ("version 12.2, before that we had version 11.6", {"version": "12.2"}),
        ("how do I upgrade from version 11.6 to 12.2?", {"version": "11.6"}),
        ("the update from 11.6 to 12.2 fails", {"version": "11.6"}),
        ("windows went from 10 to 11", {"version": None}),
        ("version 12.2 prints from 1 to 5 pages", {"version": "12.2"}),
        ("<mailto:jo@acme.com|jo@acme.com>", {"email": "jo@acme.com"}),
        ("jo@localhost or @jo or jo@", {"email": None}),
        ("call (234) 555-0199 ext 12", {"phone": "(234) 555-0199 ext 12"}),
        ("234-555-0199", {"phone": "234-555-0199"}),
        ("+44 20 7946 0958 please", {"phone": "+44 20 7946 0958"}),
        ("my number is 2345550199", {"phone": "2345550199"}),
        ("2345550199", {"phone": "2345550199"}),
        ("call 555-0199", {"phone": "555-0199"}),
        ("invoice 2345550199", {"phone": None}),
        ("QB-2107 on 2026-11-16, TR-483-920-179, 10.0.19045", {"phone": None}),
        ("card 4111 1111 1111 1111", {"phone": None}),
        ("version 12.3", {"version": "12.3"}),
        ("v 12", {"version": "12"}),
        ("v12.2.1", {"version": "12.2.1"}),
        ("Quillbook 11.4.2", {"version": "11.4.2"}),
        ("we use quillbook desktop version 12.2", {"version": "12.2"}),
        ("12.2.1", {"version": "12.2.1"}),
        ("no, version 12", {"version": "12"}),
        ("version is 11.6.", {"version": "11.6"}),
        ("Windows 10.0.19045", {"version": None}),
        ("windows version 11", {"version": None}),
        ("Quillbook 5 users", {"version": None}),
        ("we lost 12.50 dollars", {"version": None}),
        ("it says QB-2107", {"error_code": "QB-2107"}),
        ("qb 2107", {"error_code": "QB-2107"}),
        ("error 0x80070005", {"error_code": "0x80070005"}),
        ("0X8007000e", {"error_code": "0x8007000E"}),
        ("I get error code: 1603 again", {"error_code": "1603"}),
        ("Restore fails with E-2207 archive is damaged at block 42", {"error_code": "E-2207"}),
        ("it stopped with a VAT-301", {"error_code": "VAT-301"}),
        ("we saw E-2207 twice", {"error_code": "E-2207"}),
        ("meet with A-12 tomorrow", {"error_code": None}),
        ("send an e-mail 2207", {"error_code": None}),
        ("my ref is TR-483-920-179", {"error_code": None}),
        ("invoice INV-2041", {"error_code": None}),
        ("INV-2219, i mixed it up", {"error_code": None}),
        ("INV-2219", {"error_code": None}),
        ("MM-4711 when I open a channel", {"error_code": "MM-4711"}),
        ("MM-4711: every time it starts", {"error_code": "MM-4711"}),
        ('it says "Cannot open the printer"', {"error_text": "Cannot open the printer"}),
        ("a window with “File not found”", {"error_text": "File not found"}),
        ("error message: could not connect", {"error_text": "could not connect"}),
        ('the report "Sales by month" please', {"error_text": None}),
        ("we're on Windows 11.", {"operating_system": "Windows 11"}),
        ("win10 pro", {"operating_system": "Windows 10"}),
        ("Windows Server 2022", {"operating_system": "Windows Server 2022"}),
        ("macOS 14.2", {"operating_system": "macOS 14.2"}),
        ("on my MacBook", {"operating_system": "macOS"}),
        ("the server runs debian 12", {"operating_system": "Debian 12"}),
        ("it opens two windows", {"operating_system": None}),
        ("since Tuesday", {"since": "since Tuesday"}),
        ("it's broken since yesterday morning", {"since": "since yesterday morning"}),
        ("happened after the update", {"since": "after the update"}),
        ("it fails two days ago it worked", {"since": "two days ago"}),
        ("for about 3 weeks now", {"since": "for about 3 weeks now"}),
        ("how do I print invoices", {"since": None}),
        ("all five of us", {"people_stopped": "all five of us"}),
        ("it is only me", {"people_stopped": "only me"}),
        ("the whole office", {"people_stopped": "the whole office"}),
        ("12 people are stuck", {"people_stopped": "12 people"}),
        ("nobody can print", {"people_stopped": "Everyone"}),
        ("nobody in the office can work", {"people_stopped": "Everyone"}),
        ("Restore fails and no one can work, payroll is due at 3 pm", {"people_stopped": "Everyone"}),
        ("nobody can tell me why", {"people_stopped": None}),
        ("nobody could help me yesterday", {"people_stopped": None}),
        ("nobody", {"people_stopped": "nobody"}),
        ("about 5 people", {"people_stopped": "about 5 people"}),
        ("I want to add 5 users", {"people_stopped": None}),
        ("I need it by Friday at noon", {"deadline": "by Friday at noon"}),
        ("payroll is due today", {"deadline": "payroll is due today", "since": None}),
        ("must be done by end of the month", {"deadline": "by end of the month"}),
        ("no rush", {"deadline": "no rush"}),
        ("we need it on Monday", {"deadline": "need it on Monday", "since": None}),
        (
            "broken since Friday, need it on Monday",
            {"deadline": "need it on Monday", "since": "since Friday"},
        ),
        ("ASAP please", {"deadline": "ASAP"}),
        ("it was made by Anna", {"deadline": None}),
    ],
)
def test_details_are_found_as_people_write_them(text: str, facts: dict[str, Any]) -> None:
    found = find_details(text)
    assert {name: getattr(found, name) for name in facts} == facts


def test_one_long_sentence_gives_everything() -> None:
    found = find_details(
        'Since the update on Tuesday, Quillbook 12.2.1 on Windows 11 says "Cannot open printer" (QB-2107), '
        "all five of us are stuck, the tax return is due today. jo@acme.com or 234-555-0199, TR-483-920-179"
    )
    assert found.email == "jo@acme.com" and found.phone == "234-555-0199"
    assert found.version == "12.2.1" and found.operating_system == "Windows 11"
    assert found.error == "QB-2107: Cannot open printer"
    assert found.since == "Since the update on Tuesday"
    assert found.impact == "all five of us; the tax return is due today"
    assert [one.reference for one in found.references] == ["TR-483-920-179"]


def test_how_many_are_stopped_answers_without_a_date_and_a_date_alone_does_not() -> None:
    assert find_details("all five of us are stuck").impact == "all five of us"
    assert find_details("I need it by Friday").impact is None


def test_a_code_inside_the_error_text_is_not_said_twice() -> None:
    assert find_details('it says "QB-2107 failed"').error == "QB-2107 failed"
    assert find_details("QB-2107").error == "QB-2107"


def test_our_product_may_have_another_name() -> None:
    assert find_details("Ledgerly 3.1", product="Ledgerly").version == "3.1"
    assert find_details("Quillbook 3.1 please", product="Ledgerly").version is None


@pytest.mark.parametrize("text", ["jo@acme.com", "2345550199", "ring 020 7946 0958", "+1 (234) 555-0199"])
def test_a_way_to_reach_somebody_is_recognised(text: str) -> None:
    assert looks_like_contact(text)


@pytest.mark.parametrize("text", ["", "no", "TR-483-920-179", "483920179", "QB-2107", "12.2.1", "call me"])
def test_what_reaches_nobody_is_no_contact(text: str) -> None:
    assert not looks_like_contact(text)


def test_every_named_detail_exists() -> None:
    nothing = find_details("")
    assert {name: nothing.answer_to("a question", name) for name in Details.names()} == dict.fromkeys(Details.names())


@given(st.text(max_size=400) | st.text("aA1 -.@\"':,()+x0\n since by error v", max_size=400))
def test_any_text_is_read_without_an_error_and_quoted_as_written(text: str) -> None:
    found = find_details(text)
    for name in ("email", "phone", "error_text", "since", "people_stopped", "deadline"):
        value = getattr(found, name)
        assert value is None or (value and value in text)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "1 ",
        "a",
        "a@",
        "a.",
        '"',
        "(1",
        "1-",
        "after the ",
        "one ",
        "need it ",
        "error: ",
        "v ",
        " ",
        "\n",
        "by ",
        "all of ",
        "4111 ",
        "is due ",
        "x" * 64 + "@",
        "٣",
        "é",
    ],
)
def test_ten_thousand_characters_are_read_in_bounded_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    find_details(text)
    assert time.process_time() - began < 2.0  # all take well under 0.3 s; a quadratic pattern takes minutes
