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
        "set the status: In progress",
    ]
    assert issue["timeline"][-1]["who"] == "Anna"
