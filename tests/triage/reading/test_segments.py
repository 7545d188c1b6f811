"""A message is split where another question or matter begins, and nowhere else."""

import pytest

from bot.triage.reading.segments import segments

SPLIT = (
    (
        "1) printing crashes with QB-2107, 2) the bank import says QB-6003, 3) how do I add a user? mail a@b.example",
        [
            "printing crashes with QB-2107",
            "the bank import says QB-6003",
            "how do I add a user?",
            "mail a@b.example",
        ],
    ),
    (
        "the scanner jams and besides our price list is empty",
        ["the scanner jams", "our price list is empty"],
    ),
    (
        "the fax works, second the till prints nothing; third our list is gone",
        ["the fax works", "the till prints nothing;", "our list is gone"],
    ),
    (
        "labels print blank AND ALSO the server kicks us out with QB-4003.",
        ["labels print blank", "the server kicks us out with QB-4003."],
    ),
    (
        "how do I reprint an invoice and how do I send one by mail?",
        ["how do I reprint an invoice", "how do I send one by mail?"],
    ),
    (
        "Please tell me: where to enter a bill, how to lock a month, and which report shows who owes us.",
        ["Please tell me: where to enter a bill", "how to lock a month", "which report shows who owes us."],
    ),
    (
        "My licence says expired although we've paid, and also how do i lock a month?",
        ["My licence says expired although we've paid", "how do i lock a month?"],
    ),
    ("it's 12.2.1, and is there a newer one?", ["it's 12.2.1", "is there a newer one?"]),
    (
        "that works now thanks. but now something else: the server can't be found",
        ["that works now thanks.", "the server can't be found"],
    ),
    (
        "ilse@shop.example. By the way, can I print several in one go?",
        ["ilse@shop.example.", "can I print several in one go?"],
    ),
)
WHOLE = (
    "Printing is cut off on the right, 12.2.1, no error message",
    "when i open the list it is empty, that is all",
    "nothing changed and nobody knows how it began",
    "How do I print an invoice for a customer who has moved and changed his name?",
    "version 12.2.1",
    "does it mail the recurring ones by itself or do i have to click",
)


@pytest.mark.parametrize(("text", "parts"), SPLIT)
def test_a_message_is_split_where_something_else_begins(text: str, parts: list[str]) -> None:
    assert [segment.text for segment in segments(text)] == parts


@pytest.mark.parametrize("text", WHOLE)
def test_one_sentence_stays_whole(text: str) -> None:
    assert [segment.text for segment in segments(text)] == [text]


def test_items_and_turns_are_marked() -> None:
    assert [segment.turns for segment in segments("printing fails. Also, the import hangs. It says QB-1.")] == [
        False,
        True,
        False,
    ]
    assert [segment.turns for segment in segments("two things: 1) a b c 2) d e f")] == [False, True, True]
