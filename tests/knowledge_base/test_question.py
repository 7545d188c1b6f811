"""Search a question without its frames and the product's name, and of a long one the part that asks."""

import pytest

from knowledge_base.asking_part import asking_part
from knowledge_base.question_frames import without_frames, without_product


@pytest.mark.parametrize(
    ("question", "searched"),
    [
        ("how do i reprint an invoice", "reprint an invoice"),
        ("Can you tell me how to merge customers please?", "merge customers ?"),
        ("hi, I'd like to close the year. how?", "close the year."),
        ("how do i", "how do i"),
        ("backup folder", "backup folder"),
    ],
)
def test_a_frame_says_nothing_of_the_subject(question: str, searched: str) -> None:
    assert without_frames(question) == searched


def test_the_products_name_is_on_every_page() -> None:
    assert (
        without_product("does Quillbook support scanners in quillbook?", "Quillbook") == "does it support scanners it?"
    )


RAMBLING = (
    "Hello, I keep the books of my brother's shop since last spring and we are quite happy. Yesterday a customer came "
    "in and said he never got his bill. {} He is a nice man by the way. Thank you."
)


def test_of_a_long_message_the_part_that_asks_is_searched() -> None:
    asked = "How do I print the old invoice with its former address?"
    assert asking_part(RAMBLING.format(asked)) == asked
    assert asking_part(asked) == asked


def test_a_part_that_leans_takes_the_sentence_before_it_along() -> None:
    part = asking_part(RAMBLING.format("How do I print it again?"))
    assert part == "Yesterday a customer came in and said he never got his bill. How do I print it again?"
