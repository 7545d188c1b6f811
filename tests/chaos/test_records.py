"""The judge of the chaos run finds what it looks for."""

from typing import Any

import pytest

from tests.chaos.records import Record, judge

REFERENCE = "TR-483-920-179"


def said(seq: int, author: str, text: str, **more: str) -> dict[str, Any]:
    return {"seq": seq, "author": author, "text": text, **more}


def good() -> Record:
    transcript = [
        said(1, "customer", "It crashes", client_message_id="a"),
        said(2, "assistant", f"Your reference is {REFERENCE}."),
        said(3, "customer", "Hurry", client_message_id="b"),
        said(4, "assistant", "A moment."),
        said(5, "technician", "Looking into it."),
    ]
    return Record(["a", "b"], ["Looking into it."], list(transcript), transcript, REFERENCE)


def broken_by(change: str) -> Record:
    record = good()
    match change:
        case "messages_lost":
            record.sent.append("c")
        case "never brought":
            record.heard.pop()
        case "duplicated_turns":
            record.transcript.insert(4, said(5, "assistant", "A moment."))
            record.transcript[5] = said(6, "technician", "Looking into it.")
            record.heard = list(record.transcript)
        case "out_of_order":
            record.sent.reverse()
        case "brought backwards":
            record.heard.reverse()
        case "bot_after_technician":
            record.transcript.append(said(6, "assistant", "Anything else?"))
            record.heard = list(record.transcript)
    return record


def test_a_good_record_has_no_fault() -> None:
    assert not judge([good()], {REFERENCE}).any()


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        ("messages_lost", "messages_lost"),
        ("never brought", "messages_lost"),
        ("duplicated_turns", "duplicated_turns"),
        ("out_of_order", "out_of_order"),
        ("brought backwards", "out_of_order"),
        ("bot_after_technician", "bot_after_technician"),
    ],
)
def test_each_broken_promise_is_found(change: str, fault: str) -> None:
    faults = judge([broken_by(change)], {REFERENCE})
    assert getattr(faults, fault) > 0, str(faults)


def test_references_are_stored_and_belong_to_one_conversation() -> None:
    faults = judge([good(), good()], set())
    assert (faults.references_duplicated, faults.spoken_but_not_stored) == (1, 1)
