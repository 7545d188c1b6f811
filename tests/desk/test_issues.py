"""Finding issues: by reference however it is said, by customer, by words."""

from bot.triage.reading.tech_reference import spell_out
from tests.support.gateway_fixture import Gateway


async def test_a_reference_is_found_in_any_spelling(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    await gateway.case()
    digits = case.reference.removeprefix("TR-")
    spellings = [
        case.reference,
        case.reference.lower(),
        f"tr {digits.replace('-', ' ')}",
        digits.replace("-", ""),
        f"#{digits}",
        f"It is about {case.reference}, please",
        spell_out(case.reference),
    ]
    for written in spellings:
        found = (await anna.browser.get(f"/desk/api/issues/{written.replace('#', '%23')}")).json()
        assert found["reference"] == case.reference, written
        assert found["conversation_id"] == case.conversation_id
        assert found["reference_spoken"] == spell_out(case.reference)
        searched = (await anna.get("issues", q=written)).json()["issues"]
        assert [issue["reference"] for issue in searched] == [case.reference], written


async def test_a_wrong_digit_is_informed_as_a_typo_and_nonsense_as_nonsense(gateway: Gateway) -> None:
    anna, case = await gateway.technician("Anna"), await gateway.case()
    last = case.reference[-1]
    typo = await anna.get(f"issues/{case.reference[:-1]}{(int(last) + 1) % 10}")
    assert typo.status_code == 422 and "wrong or missing" in typo.json()["error"]["message"]
    nonsense = await anna.get("issues/hello")
    assert nonsense.status_code == 422 and nonsense.json()["error"]["code"] == "bad_reference"


async def test_a_reference_that_nobody_has_is_not_found(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    answer = await anna.get("issues/TR-483-920-179")
    assert answer.status_code == 404
    assert answer.json()["error"]["code"] == "not_found"


async def test_an_issue_is_found_by_its_words_contact_answers_and_messages(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case(error_text="QB-2107 layout missing", tried="Restarted twice in Zu\u0308rich")
    await gateway.case("Something else entirely", contact="tom@joinery.example")
    await anna.claim(case)
    await anna.say(case, "Is it the printer on floor two?")
    for query in (
        "crashes print",
        "MIA@bakery",
        "QB-2107",
        "restarted twice",
        "PRINT  invoice  mia",
        "printer on floor",
        "ZÜRICH",
        "zu\u0308rich",
    ):
        found = (await anna.get("issues", q=query)).json()["issues"]
        assert [issue["reference"] for issue in found] == [case.reference], query


async def test_what_is_nowhere_finds_nothing(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    await gateway.case()
    for query in ("%", "_", "' OR 1=1 --", "nothing of the kind", "\\"):
        answer = await anna.get("issues", q=query)
        assert answer.status_code == 200
        assert answer.json()["issues"] == [], query


async def test_a_telephone_number_is_found_in_any_spelling(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    here, abroad = await gateway.case(contact="212-555-0193"), await gateway.case(contact="+49 (0)151 / 234 567 89")
    typed = await gateway.case("Call me at 617.555.0143 please", contact="this chat")
    for case, spellings in (
        (here, ("2125550193", "212-555-0193", "(212) 555 0193", "+1 212.555.0193", "0012125550193", "555-0193")),
        (abroad, ("015123456789", "+4915123456789", "0151 23456789", "0049 151 234 56789")),
        (typed, ("6175550143", "617 555 0143")),
    ):
        for written in spellings:
            found = (await anna.get("issues", q=written)).json()
            assert [issue["reference"] for issue in found["issues"]] == [case.reference], written
    assert (await anna.get("issues", q="2125550194")).json()["total"] == 0


async def test_a_typing_error_is_forgiven_and_named(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    vat, gone = await gateway.case("The VAT report is empty"), await gateway.case("Our invoices disappeared")
    for case, written, meant in (
        (vat, "vat repot", "vat report"),
        (gone, "invoices disapeared", "invoices disappeared"),
        (gone, "invocies", "invoices"),
    ):
        found = (await anna.get("issues", q=written)).json()
        assert found["meant"] == meant, written
        assert [issue["reference"] for issue in found["issues"]] == [case.reference], written
    exact = (await anna.get("issues", q="report")).json()
    assert exact["meant"] is None and exact["total"] == 1
    assert (await anna.get("issues", q="zzzzzz")).json() == {"issues": [], "total": 0, "meant": None}


async def test_the_name_of_a_file_is_found_and_all_that_fit_are_counted(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    cases = [await gateway.case(f"Problem {number}") for number in range(3)]
    await anna.claim(cases[0])
    address = f"conversations/{cases[0].conversation_id}"
    files = {"file": ("bank-import-2031.log", b"nothing", "text/plain")}
    kept = (await anna.browser.post(f"/desk/api/{address}/attachments", files=files)).json()
    await anna.post(
        f"{address}/messages", {"client_message_id": "a", "text": "", "attachments": [kept["attachment_id"]]}
    )
    found = (await anna.get("issues", q="bank-import")).json()
    assert [issue["reference"] for issue in found["issues"]] == [cases[0].reference]
    page = (await anna.browser.get("/desk/issues?q=problem")).text
    assert "3 issues</p>" in page


async def test_the_command_bar_finds_issues_and_people(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna Meyer")
    case = await gateway.case("The VAT report is empty")
    found = (await anna.get("find", q="vat repot")).json()
    assert [issue["reference"] for issue in found["issues"]] == [case.reference]
    assert (found["total"], found["meant"]) == (1, "vat report")
    people = (await anna.get("find", q="meyer")).json()["people"]
    assert people == [
        {
            "name": "Anna Meyer",
            "about": "colleague: open issues",
            "href": f"/desk/issues?technician={anna.id}&status=open",
        }
    ]


async def test_without_words_the_newest_come_first_and_a_status_narrows_it_down(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    first, second = await gateway.case(), await gateway.case()
    await anna.claim(first)
    listed = (await anna.get("issues")).json()["issues"]
    assert [issue["reference"] for issue in listed] == [second.reference, first.reference]
    working = (await anna.get("issues", status="in_progress")).json()["issues"]
    assert [issue["reference"] for issue in working] == [first.reference]
    assert (await anna.get("issues", status="lost")).status_code == 422


async def test_an_issue_shows_its_answers_what_is_missing_and_its_life(gateway: Gateway) -> None:
    anna = await gateway.technician("Anna")
    case = await gateway.case(product_version="12.2.1", impact="Only me; today")
    await anna.claim(case)
    issue = (await anna.get(f"issues/{case.reference}")).json()
    assert [answer["question_id"] for answer in issue["answers"]] == ["problem", "contact", "impact", "product_version"]
    assert "Printer" in issue["missing"] and issue["details_complete"] is False
    assert [entry["what"] for entry in issue["timeline"]] == [
        "logged the issue",
        "asked for a technician",
        "told the customer who pays",
        "claimed the conversation",
        "set the status: New → In progress",
    ]
    assert issue["timeline"][-1]["who"] == "Anna"
