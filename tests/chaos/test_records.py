"""The judge of the chaos run finds what it looks for."""

from collections import Counter
from dataclasses import replace
from email.message import EmailMessage
from typing import Any

import pytest

from tests.chaos.outside import REFUSED, Outside, UnreliablePostbox, Webhook
from tests.chaos.records import Record, judge
from tests.chaos.stored import Stored, judge_outside

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


def stored(**changes: Any) -> Stored:
    ok = Stored(
        hand_offs=Counter({REFERENCE: 1}),
        waiting=frozenset({REFERENCE}),
        mails=(("mia@chaos.example", "sent"), (f"{REFUSED}1@chaos.example", "failed")),
        authorisations=Counter({"T1-aaa": 1}),
    )
    return replace(ok, **changes)


def seen(*, notices: int = 1, mails: tuple[str, ...] = ("<1@techref>",)) -> Outside:
    post = UnreliablePostbox(1)
    for message_id in mails:
        mail = EmailMessage()
        mail["Message-ID"] = message_id
        post.mails.append(mail)
    return Outside(Webhook(200, Counter({REFERENCE: notices})), Webhook(500), post, {})


@pytest.mark.parametrize(
    ("fault", "held", "outside"),
    [
        (None, {}, seen()),
        ("notices_lost", {}, seen(notices=0)),
        ("notices_repeated", {}, seen(notices=2)),
        ("mails_lost", {"mails": (("mia@chaos.example", "queued"),)}, seen(mails=())),
        ("mails_lost", {}, seen(mails=())),
        ("mails_repeated", {}, seen(mails=("<1@techref>", "<1@techref>"))),
        ("payments_lost", {"authorisations": Counter()}, seen()),
        ("payments_double_counted", {"authorisations": Counter({"T1-aaa": 2})}, seen()),
    ],
)
def test_the_judge_counts_what_was_lost_or_repeated_outside(
    fault: str | None, held: dict[str, Any], outside: Outside
) -> None:
    counted = judge_outside(stored(**held), outside, Counter({"T1-aaa": 1}))
    assert {name: number for name, number in counted.items() if number} == ({fault: 1} if fault else {})
