"""The judge of the chaos run finds what it looks for."""

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from tests.chaos.outside import KILL, REFUSED, Outside, UnreliablePostbox, Webhook
from tests.chaos.records import Record, doubled, judge
from tests.chaos.stored import CutOff, Stored, cut_off, judge_outside

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


def test_an_answer_that_comes_after_the_next_message_is_no_second_one() -> None:
    record = good()
    late = [
        ("customer", "x"),
        ("customer", "y"),
        ("assistant", "Sorry?"),
        ("customer", "z"),
        *[("assistant", "Sorry?")] * 2,
    ]
    record.transcript = [said(seq, *one, client_message_id=str(seq)) for seq, one in enumerate(late, start=1)]
    assert doubled(record) == 0
    record.transcript.append(said(7, "assistant", "Sorry?"))
    assert doubled(record) == 1


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


def seen(
    *,
    notices: tuple[float, ...] = (10.0,),
    mails: tuple[float, ...] = (20.0,),
    kills: tuple[float, ...] = (),
) -> Outside:
    """Return what arrived at these seconds, while gateways were killed at those."""
    post, good = UnreliablePostbox(1), Webhook(200)
    good.notices.times |= {REFERENCE: list(notices)} if notices else {}
    post.received.times |= {"<1@techref>": list(mails)} if mails else {}
    return Outside(good, Webhook(500), post, {}, [(10.5, "restart"), *((kill, KILL) for kill in kills)])


@pytest.mark.parametrize(
    ("fault", "held", "outside"),
    [
        (None, {}, seen()),
        ("notices_lost", {}, seen(notices=())),
        ("notices_repeated", {}, seen(notices=(10.0, 15.0))),
        ("mails_lost", {"mails": (("mia@chaos.example", "queued"),)}, seen(mails=())),
        ("mails_lost", {}, seen(mails=())),
        ("mails_repeated", {}, seen(mails=(20.0, 25.0))),
        ("payments_lost", {"authorisations": Counter()}, seen()),
        ("payments_double_counted", {"authorisations": Counter({"T1-aaa": 2})}, seen()),
    ],
)
def test_the_judge_counts_what_was_lost_or_repeated_outside(
    fault: str | None, held: dict[str, Any], outside: Outside
) -> None:
    counted = judge_outside(stored(**held), outside, Counter({"T1-aaa": 1}))
    assert {name: number for name, number in counted.items() if number} == ({fault: 1} if fault else {})


@pytest.mark.parametrize(
    ("kills", "mails", "excused"),
    [
        ((20.1,), (20.0, 25.0), 1),
        # It was on its way to the server when the gateway was killed.
        ((19.9,), (20.0, 25.0), 1),
        ((20.1,), (20.0, 25.0, 30.0), 1),
        # The first delivery was recorded long before, or both came from the same life of the gateway.
        ((23.0,), (20.0, 25.0), 0),
        ((18.0,), (20.0, 25.0), 0),
        ((20.6,), (20.0, 20.5), 0),
        ((), (20.0, 25.0), 0),
    ],
)
def test_a_repetition_is_excused_by_a_kill_at_the_delivery_before_it(
    kills: tuple[float, ...], mails: tuple[float, ...], excused: int
) -> None:
    outside = seen(mails=mails, kills=kills)
    assert cut_off(stored(), outside) == CutOff(notices=0, mails=excused)
    assert judge_outside(stored(), outside, Counter({"T1-aaa": 1}))["mails_repeated"] == len(mails) - 1 - excused


def test_notices_of_a_second_hand_off_are_no_repetition_and_need_no_excuse() -> None:
    twice, outside = stored(hand_offs=Counter({REFERENCE: 2})), seen(notices=(10.0, 15.0), kills=(10.1,))
    assert cut_off(twice, outside).notices == 0
    assert cut_off(stored(), outside).notices == 1
    assert judge_outside(stored(), outside, Counter({"T1-aaa": 1}))["notices_repeated"] == 0


def test_the_history_of_a_repetition_names_its_times_and_those_of_the_faults() -> None:
    outside = seen(mails=(20.0, 25.5), kills=(20.25,))
    assert list(outside.post.received.repeated(outside.faults)) == [
        "arrived again after 5.50 s; faults of gateways, in seconds from then: restart -9.50, kill 0.25"
    ]
    assert not list(outside.good.notices.repeated(outside.faults))
