"""A card number that is written over several messages goes; what only happens to follow one another stays."""

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.privacy.redaction import NUMBER_MASK, detail_behind_card, redact_cards
from bot.triage.privacy.split_cards import split_card
from bot.triage.reading.tech_reference import new_reference
from tests.triage.privacy.test_redaction import completed

visa = st.builds(completed, st.just("4"), st.sampled_from([13, 16, 19]), st.integers(0, 10**18 - 1))
mastercard = st.builds(completed, st.sampled_from(["51", "2221"]), st.just(16), st.integers(0, 10**18 - 1))
cards = visa | mastercard


@given(cards, st.lists(st.integers(4, 12), min_size=1, max_size=3, unique=True), st.sampled_from(["{}", "{} ", "({})"]))
def test_a_number_cut_anywhere_is_masked_in_every_piece(card: str, cuts: list[int], around: str) -> None:
    places = [0, *sorted(cut for cut in cuts if cut < len(card)), len(card)]
    pieces = [card[start:end] for start, end in pairwise(places)]
    if any(len(piece) < 4 for piece in pieces[:-1]):
        return
    masked = split_card([around.format(piece) for piece in pieces])
    assert masked is not None and not re.search(r"\d", "".join(masked))


@given(cards)
def test_digit_by_digit_is_caught_at_the_last_one(card: str) -> None:
    masked = split_card(list(card))
    assert masked == [NUMBER_MASK] * len(card)


@pytest.mark.parametrize(
    "pieces",
    [
        ["my card is 4111 1111", "1111 1111 thanks"],
        ["first half 4111 1111", "second half 1111 1111"],
        ["4111 111", "1 1111 1111"],
        ["4111", "1111", "1111", "1111"],
        ["it crashes", "4111 1111 1111", "1111"],
        ["٤١١١ ١١١١", "١١١١ ١١١١"],
    ],
)
def test_how_people_really_split_it(pieces: list[str]) -> None:
    masked = split_card(pieces)
    assert masked is not None and masked[-1].count(NUMBER_MASK) == 1
    assert not any(char.isdigit() for char in "".join(masked))


def test_words_and_other_messages_stay() -> None:
    assert split_card(["it crashes", "card 4111 1111", "1111 1111, ok?"]) == [
        "it crashes",
        f"card {NUMBER_MASK}",
        f"{NUMBER_MASK}, ok?",
    ]


@given(
    st.integers(0, 99_999_999),
    st.from_regex(r"[2-9][0-9]{2}-[0-9]{3}-[0-9]{4}|[0-9]{3}-[0-9]{4}", fullmatch=True),
    st.from_regex(r"Q[0-9]{7}|QB1[12](-[0-9]{4}){4}", fullmatch=True),
)
def test_references_telephones_and_serials_in_a_row_stay(drawn: int, phone: str, serial: str) -> None:
    reference = new_reference(lambda limit: drawn)
    for pieces in ([reference, phone], [phone, reference], [serial, phone], [reference, serial, phone], [phone, phone]):
        assert split_card(pieces) is None


@pytest.mark.parametrize(
    "pieces",
    [
        ["4111 1111", "1111 1112"],
        ["version 12.2.1", "QB-2107", "since 2026-06-01"],
        ["call me at 415-555-0100", "or 234-542-4400"],
        ["4111 1111"],
        [],
    ],
)
def test_what_is_no_card_stays(pieces: list[str]) -> None:
    assert split_card(pieces) is None


@pytest.mark.parametrize(
    "pieces",
    [
        ["4111 1111", "I have 2 computers", "1111 1111"],
        ["41111111", "on 12/05", "11111111"],
        ["1111 1111", "4111 1111"],
        ["my card", "4111", "wait", "1111", "I have 2 printers", "1111", "1111"],
        ["the last half is 1111 1111", "it prints nothing", "and the first half 4111 1111"],
        ["may I pay by visa?", "4111 1111", "for invoice 2041", "version 12.2", "1111 1111"],
        [
            "My boss told me that the first half of the number on the front reads 4111 1111",
            "and the remaining half that is printed behind it reads 1111 1111",
        ],
    ],
)
def test_halves_with_others_between_them_and_in_long_sentences(pieces: list[str]) -> None:
    masked = split_card(pieces)
    assert masked is not None and "".join(masked).count(NUMBER_MASK) == sum("11" in piece for piece in pieces)
    assert not re.search("11", "".join(masked))


def test_only_who_spoke_of_a_card_has_pieces_with_words_joined() -> None:
    pieces = ["here it is 4111 1111 for you", "on 2 computers", "so on 1111 1111 for you"]
    assert split_card(pieces) is None
    assert split_card(pieces, told=True) is not None


IN_MESSAGES = (
    ("Invoice {} is printed without the logo", "so is invoice {}", "and invoice {}", "and invoice {}"),
    ("{}", "{}", "{}", "{}"),
    ("order {}", "{}", "{}", "{}"),
    ("I paid invoice {} by card", "and {}", "and {}", "and {}"),
    ("message {} the printer prints nothing",) * 4,
    ("{} fails", "{} fails", "{} too", "{} as well"),
)


@pytest.mark.parametrize("said", IN_MESSAGES, ids=lambda said: said[0])
@pytest.mark.parametrize("steps", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 2, 5, 9)])
def test_a_list_of_invoices_in_messages_of_their_own_stays(said: tuple[str, ...], steps: tuple[int, ...]) -> None:
    for first in range(4000, 5000):
        pieces = [text.format(first + step) for text, step in zip(said, steps, strict=True)]
        assert split_card(pieces) is None


def test_separated_by_words_in_one_message() -> None:
    redacted = redact_cards("4111 then 1111 then 1111 and 1111")
    assert redacted.found and not re.search(r"\d", redacted.text)


@pytest.mark.parametrize("text", ["12/27", "123", "exp 12/27 cvv 123", "cvv: 123", "0927", "12/2027, 123", "code 123"])
def test_an_expiry_or_code_behind_a_card_is_seen(text: str) -> None:
    assert detail_behind_card(text)


@pytest.mark.parametrize("text", ["12.3.1", "yes", "5", "12 computers", "invoice 2041", "TR-483-920-179", ""])
def test_other_short_messages_are_no_detail_of_a_card(text: str) -> None:
    assert not detail_behind_card(text)
