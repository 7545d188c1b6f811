"""A message that asks several things is split, and a later one points at one of them."""

import pytest

from bot.triage.reading.listed_questions import listed_questions, pointed_at


@pytest.mark.parametrize(
    ("text", "questions"),
    [
        (
            "three things: how do i enter a bill, how do i lock a month, and how do i back up?",
            ("how do i enter a bill", "how do i lock a month", "how do i back up"),
        ),
        (
            "How do I add a supplier and where do I see what we owe?",
            ("How do I add a supplier", "where do I see what we owe"),
        ),
        ("where is my password? and how do I add a user?", ("where is my password", "how do I add a user")),
        (
            "1. how to make a backup 2. how to restore it 3) how to update",
            ("how to make a backup", "how to restore it", "how to update"),
        ),
        ("how do i add a user\nwhere do i see the version", ("how do i add a user", "where do i see the version")),
    ],
)
def test_several_questions_are_split(text: str, questions: tuple[str, ...]) -> None:
    assert listed_questions(text) == questions


@pytest.mark.parametrize(
    "text",
    [
        "how do I print an invoice and send it?",
        "Hi, how do I add a user?",
        "how do I see what is due",
        "it prints and prints, what now",
        "version 12.2.1, it crashes",
        "",
    ],
)
def test_one_question_is_not_split(text: str) -> None:
    assert listed_questions(text) == ()


@pytest.mark.parametrize(
    ("text", "count", "place"),
    [
        ("what about the second one?", 3, 1),
        ("and the last one?", 3, 2),
        ("and the third?", 3, 2),
        ("number two please", 3, 1),
        ("the first one didn't load", 2, 0),
        ("what about the other", 2, 1),
        ("my last question again", 4, 3),
    ],
)
def test_an_ordinal_points_at_one(text: str, count: int, place: int) -> None:
    assert pointed_at(text, count) == place


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("what about the last day of the month?", 3),
        ("the second page is empty", 3),
        ("set the first day", 2),
        ("and the third?", 2),
        ("what about the other one", 3),
        ("and the second one?", 1),
        ("and on a Mac?", 3),
    ],
)
def test_other_words_point_at_none(text: str, count: int) -> None:
    assert pointed_at(text, count) is None
