"""What a report says in passing: negatives, printers, users, documents, reports, figures, changes, who is affected."""

from pathlib import Path

import pytest

from bot.settings.support.load import load_support
from bot.triage.reading.details import Thing, find_details

SUPPORT = load_support(Path("no-such-home"))


def facts_in(text: str) -> dict[str, str]:
    """The answers to routing questions that a text gives, by the question's id."""
    details = SUPPORT.details_of(text)
    answers = {name: details.answer_to(name, one.detail) for name, one in SUPPORT.questions.items()}
    return {name: value for name, value in answers.items() if value}


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("no error message, they are just empty", {"error_text": "no error message"}),
        ("there is no error", {"error_text": "there is no error"}),
        ("nothing pops up", {"error_text": "nothing pops up"}),
        ("it hangs without any error", {"error_text": "without any error"}),
        ("it doesn't show an error", {"error_text": "it doesn't show an error"}),
        ("I get no message from the bank", {}),
        ("there isn't any error coming up", {"error_text": "there isn't any error coming up"}),
        ("I am not getting any message", {"error_text": "I am not getting any message"}),
        ("we have not seen any error code", {"error_text": "we have not seen any error code"}),
        ("the program doesn't say anything", {"error_text": "the program doesn't say anything"}),
        ("customers don't get any message", {}),
        ("I did not receive any message from the bank", {}),
        ("we made no changes", {"what_changed": "we made no changes"}),
        ("everything is as it was", {"what_changed": "everything is as it was"}),
        ("nobody made any changes", {"what_changed": "nobody made any changes"}),
        ("QB-2107, no other error", {"error_text": "QB-2107"}),
        ("nothing changed, as far as I know", {"what_changed": "nothing changed"}),
        ("nobody installed anything", {"what_changed": "nobody installed anything"}),
        ("we have not changed anything", {"what_changed": "we have not changed anything"}),
        ("no changes on our side", {"what_changed": "no changes on our side"}),
        ("I restarted it and nothing changed", {"tried": "I restarted it", "what_changed": None}),
        ("since the Windows update yesterday", {"since": "since the Windows update yesterday"}),
        ("after moving to the new PC", {"what_changed": "after moving to the new PC"}),
        ("since we updated to 12.2.1 last week", {"product_version": "12.2.1"}),
        ("we did get a new switch last weekend", {"what_changed": "we did get a new switch last weekend"}),
        ("the router was replaced on monday", {"what_changed": "the router was replaced on monday"}),
        ("there was a windows update on friday", {"what_changed": "there was a windows update on friday"}),
        ("it crashes after I click print", {"what_changed": None}),
        ("should we update Windows first?", {}),
        ("I restarted it twice", {"tried": "I restarted it twice"}),
        ("tried another printer and rebooted", {"tried": "tried another printer and rebooted"}),
        ("I tried to print an invoice", {}),
        ("I have to restart it every hour", {}),
        ("we haven't tried anything yet", {"tried": "we haven't tried anything yet"}),
        ("HP LaserJet 400 cuts it off", {"printer": "HP LaserJet 400"}),
        ("on a Brother HL-2350", {"printer": "Brother HL-2350"}),
        ("brother mfc-l2710dw; 12.2.1", {"printer": "brother mfc-l2710dw"}),
        ("my brother cannot print", {}),
        ("the printer is a Foomatic X200", {"printer": "Foomatic X200"}),
        ("the printer is broken", {}),
        ("User jenny, role Sales, gets an error", {"which_user": "User jenny, role Sales"}),
        ("our user 'petra' (role Bookkeeper) cannot sign in", {"which_user": "user 'petra' (role Bookkeeper)"}),
        ("the user is tim", {"which_user": "user is tim"}),
        ("a user cannot sign in", {}),
        ("user rights are wrong", {}),
        ("invoice INV-2291 is empty", {"document": "invoice INV-2291"}),
        ("credit note CN-118", {"document": "credit note CN-118"}),
        ("the invoice is wrong", {}),
        ("the balance sheet for 2025 is off", {"report": "balance sheet for 2025"}),
        ("the VAT return for the second quarter", {"report": "VAT return for the second quarter"}),
        ("the balance sheet is off", {}),
        ("it shows 4,210 where I expected 4,120", {"expected": "it shows 4,210 where I expected 4,120"}),
        ("should be 0, shows 0.05", {"expected": "should be 0, shows 0.05"}),
        ("I expected more", {}),
        ("it happens on every workstation", {"one_or_all": "on every workstation"}),
        ("only her", {"one_or_all": "only her"}),
        ("it's not just me", {}),
        ("four people are stuck and payday is tomorrow", {"impact": "four people; payday is tomorrow"}),
        ("just me, no rush", {"impact": "just me; no rush", "one_or_all": "just me"}),
        ("12.2.1, zoe@exportshop.example", {"product_version": "12.2.1"}),
        ("12.2, zoe@exportshop.example", {"product_version": "12.2"}),
        ("we wrote it on 12.2.2025 and it cost 12.50", {}),
        ("the server is 192.168.0.12", {}),
        ("E-2207: The archive is damaged", {"error_text": "E-2207: The archive is damaged"}),
        ("App.IOException: no access\n  at App.Run()", {"error_text": "App.IOException: no access"}),
    ],
)
def test_facts_are_read_as_people_write_them(text: str, facts: dict[str, str | None]) -> None:
    found = facts_in(text)
    assert {name: found.get(name) for name in facts} == facts
    if not facts:
        assert found == {}


def test_a_whole_report_in_one_line_answers_every_question() -> None:
    found = facts_in(
        "Printing is cut off on the right, 12.2.1, no error message, HP LaserJet 400, nothing changed, only me, no "
        "rush. zed@quillpress.example"
    )
    wanted = ("product_version", "error_text", "printer", "what_changed", "impact")
    assert set(wanted) <= set(found)


def test_a_vendors_own_things_are_found_by_its_own_words() -> None:
    drawing = Thing("drawing", "numbered", ("drawing", "plan"))
    assert find_details("drawing D-1045 is empty", things=[drawing]).things == {"drawing": "drawing D-1045"}
    assert find_details("drawing D-1045 is empty").things == {}
