"""Card numbers are replaced; what only looks like one stays."""

import random
import re
import time
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import luhn

from bot.triage.privacy.redaction import (
    CODE_MASK,
    NUMBER_MASK,
    Redacted,
    WithoutCards,
    id_holds_card,
    redact_cards,
    redact_field,
)
from bot.triage.reading.tech_reference import new_reference
from tests.triage.privacy.log_lines import KINDS, Line, block, unlucky


def completed(beginning: str, length: int, filling: int) -> str:
    body = (beginning + f"{filling:018d}")[: length - 1]
    return body + luhn.calc_check_digit(body)


visa = st.builds(completed, st.just("4"), st.sampled_from([13, 16, 19]), st.integers(0, 10**18 - 1))
mastercard = st.builds(
    completed, st.sampled_from(["51", "55", "2221", "2720", "2500"]), st.just(16), st.integers(0, 10**18 - 1)
)
amex = st.builds(completed, st.sampled_from(["34", "37"]), st.just(15), st.integers(0, 10**18 - 1))
cards = visa | mastercard | amex
up_to_16 = cards.filter(lambda number: len(number) <= 16)
separators = st.sampled_from(["", " ", "-", ".", "  ", " - ", "\N{NO-BREAK SPACE}", "–", "\u200b", "\n", "/"])


def grouped(number: str, separator: str) -> str:
    return separator.join(number[n : n + 4] for n in range(0, len(number), 4))


@given(
    cards,
    separators,
    st.sampled_from(["{}", "my card is {} ok?", "visa{}", "({})", "pay with {}, thanks", "no:{}", "{}."]),
)
def test_every_card_number_goes_whatever_is_between_its_groups(number: str, separator: str, around: str) -> None:
    if len(number) > 16 and not separator and "card" not in around and "visa" not in around:
        around = "card {}"  # nineteen digits in one run are an id, unless a card is named
    redacted = redact_cards(around.format(grouped(number, separator)))
    assert redacted.found
    assert redacted.text == around.format(NUMBER_MASK)


@given(cards, st.integers(0x0660, 0x0660) | st.integers(0xFF10, 0xFF10) | st.integers(0x0966, 0x0966))
def test_digits_of_other_scripts_go_too(number: str, zero: int) -> None:
    written = "".join(chr(zero + int(digit)) for digit in number)
    assert redact_cards(f"card {written}").text == f"card {NUMBER_MASK}"


@given(up_to_16, st.integers(1, 12), st.integers(24, 39), st.integers(0, 999))
def test_expiry_and_security_code_go_with_the_number(number: str, month: int, year: int, code: int) -> None:
    for text in (
        f"{number} {month:02d}/{year} {code:03d}",
        f"{number}, exp {month:02d}/20{year}, cvv {code:03d}",
        f"exp: {month:02d}/{year} number {number} security code is {code:03d}",
    ):
        left = redact_cards(text).text
        assert not re.search(r"\d", left)
        assert NUMBER_MASK in left and CODE_MASK in left


def test_other_numbers_of_the_message_stay() -> None:
    text = "call 234-542-4400 about TR-483-920-179, card 4111 1111 1111 1111, invoice 2041 from 01/15/2026"
    assert redact_cards(text).text == (
        f"call 234-542-4400 about TR-483-920-179, card {NUMBER_MASK}, invoice 2041 from 01/15/2026"
    )


def test_two_cards_in_one_line_both_go() -> None:
    assert redact_cards("4111111111111111 5555555555554444").text == f"{NUMBER_MASK} {NUMBER_MASK}"


def test_a_card_behind_a_long_list_of_numbers_goes() -> None:
    listed = " ".join(str(n) for n in range(1, 40))
    assert redact_cards(f"{listed} 4111 1111 1111 1111").text == f"{listed} {NUMBER_MASK}"


def test_a_security_code_alone_goes() -> None:
    redacted = redact_cards("the cvv is 123")
    assert (redacted.text, redacted.found) == (f"the cvv is {CODE_MASK}", True)


@pytest.mark.parametrize(
    "text",
    [
        "4111 1111 1111 1112",  # Luhn says no
        "1234567812345670",  # no card begins so
        "INV4111111111111111",
        "blk_4111111111111111",
        "sharingd[4111111111111111]",
        "at 12:4111111111111111",
        "request #4111111111111111",
        "dump.4111111111111111",
        "4111111111111111.5",
        "4012888888881881a3f",
        "Verification succeeded for blk_4568377692254637284",
        "Jul  2 02:18:39 sharingd[30299]: 02:18:39.156 : powered on",
        "2005-06-30-08.33.35.910212",
        "415-555-0100 234-542-4400",
        "serial Q4012558, key QB12-4831-9920-1179-3344",
        "123e4567-e89b-12d3-a456-426614174000",
        "8cd45075-2761-4713-b5ca-cee68787fa83",  # its middle is a number of a MasterCard
        "crash id {51505909-1277-4723-8DEE-DBCC3527A6C5}, dump a3f816eb4280451684322adce7d1c391",
        "2026-11-16 08:00:00 until 2026-11-17 17:00:00",
        "192.168.100.200 and 10.0.19045.3570",
        "",
        "error code 123",
    ],
)
def test_what_is_no_card_number_stays(text: str) -> None:
    redacted = redact_cards(text)
    assert (redacted.text, redacted.found) == (text, False)


@given(st.integers(0, 99_999_999), st.sampled_from(["{}", "my ref is {}", "{0} {0}", "TR {0}, tel 234-542-4400"]))
def test_tech_references_stay(drawn: int, around: str) -> None:
    text = around.format(new_reference(lambda limit: drawn))
    assert redact_cards(text).text == text


@given(
    st.uuids(version=4), st.sampled_from(["{}", "id {} and {0.hex}", "(build-{}),", "https://x.example/{0}?a={0.hex}"])
)
def test_random_ids_stay(drawn: UUID, around: str) -> None:
    text = around.replace("{}", "{0}").format(drawn)
    assert redact_cards(text) == Redacted(WithoutCards(text), False)


@given(st.integers(8, 32).flatmap(lambda size: st.binary(min_size=size, max_size=size)).map(bytes.hex))
def test_a_random_id_of_any_length_holds_no_card(drawn: str) -> None:
    assert drawn.isdigit() or not id_holds_card(drawn)


@pytest.mark.parametrize(
    "made", ["4604809665823387a1", "649e4129836939390683", "a5355ff846fd0f928b232dc820a4929031259002570456ba"]
)
def test_digits_of_a_card_within_hexadecimal_ones_are_random(made: str) -> None:
    assert not redact_cards(made).found and not id_holds_card(made)


def test_a_uuid_whose_groups_look_like_those_of_a_card_holds_none() -> None:
    made = "b18c8632-2266-4668-8665-0967dbc38a39"
    assert redact_field(made).found and not id_holds_card(made)


@pytest.mark.parametrize(
    "sent", ["4111111111111111", "order-4111111111111111", "4111 1111 1111 1111", "visa4111111111111111"]
)
def test_an_id_that_is_or_names_a_card_holds_one(sent: str) -> None:
    assert id_holds_card(sent)


@pytest.mark.parametrize("around", ["8cd45075-2761-4713-b5ca-cee68787fa83 {}", "{},a3f816eb4280451684322adce7d1c391"])
def test_a_card_beside_a_random_id_is_masked(around: str) -> None:
    assert redact_cards(around.format("4111 1111 1111 1111")).text == around.format(NUMBER_MASK)


@given(st.from_regex(r"[1-9][0-9]{2}-[0-9]{3}-[0-9]{4}( ext [0-9]{1,4})?", fullmatch=True))
def test_telephone_numbers_stay(phone: str) -> None:
    assert not redact_cards(f"call {phone} or +1 {phone}").found


@given(st.integers(10**12, 10**19 - 1).map(str).filter(lambda digits: not luhn.is_valid(digits)))
def test_long_ids_that_fail_the_check_stay(digits: str) -> None:
    assert redact_cards(f"id {digits}").text == f"id {digits}"


@given(st.from_regex(r"Q[0-9]{7}|QB1[12](-[0-9]{4}){4}", fullmatch=True))
def test_serial_numbers_and_licence_keys_stay(serial: str) -> None:
    assert redact_cards(f"our serial is {serial}").text == f"our serial is {serial}"


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_pasted_lines_of_logs_stay(kind: Line) -> None:
    blocks = [block(kind, seed) for seed in range(100)]
    assert [one for one in blocks if redact_cards(one) != Redacted(WithoutCards(one), False)] == []


def test_the_ids_of_the_logs_would_be_cards_by_their_digits_alone() -> None:
    drawn = [unlucky(random.Random(seed), 16) for seed in range(100)]
    assert all(redact_cards(f"card {number}").found for number in drawn)


LISTS = (
    *("Invoices {}, {}, {} and {} print without the logo", "{}, {}, {}, {}", "{} {} {} {}", "{}\n{}\n{}\n{}"),
    *("invoices {}/{}/{}/{}", "{}-{}-{}-{}", "numbers {}, {}, {}, {} are gone", "{}; {}; {}; {}"),
    *("we cannot pay {}, {}, {} or {} by card", "{} and {}, then {}, then {}"),
)


@pytest.mark.parametrize("written", LISTS)
@pytest.mark.parametrize("steps", [(0, 1, 2, 3), (3, 2, 1, 0), (0, 2, 5, 9)])
def test_a_list_of_four_digit_numbers_is_no_card(written: str, steps: tuple[int, ...]) -> None:
    texts = [written.format(*(first + step for step in steps)) for first in range(4000, 5000)]
    assert [text for text in texts if redact_cards(text).found] == []


def test_a_list_that_a_card_is_said_to_be_is_one() -> None:
    assert redact_cards("my card: 4111-1111-1111-1111, not invoices 4003, 4004, 4005").text == (
        f"my card: {NUMBER_MASK}, not invoices 4003, 4004, 4005"
    )


@pytest.mark.parametrize(
    "value", ["x_4111111111111111", "/a/4111111111111111/b", "4111.1111.1111.1111.png", "id=4111111111111111"]
)
def test_a_field_without_words_holds_no_digits_of_a_card(value: str) -> None:
    assert redact_field(value).found and "1111" not in redact_field(value).text


@given(st.text(max_size=300) | st.text("4111 -.5/\n", max_size=300))
def test_redacting_twice_changes_nothing_more(text: str) -> None:
    once = redact_cards(text)
    assert redact_cards(once.text).text == once.text
    assert once.found or once.text == text


@pytest.mark.parametrize("piece", ["1", "4", "4 ", "4111 ", "1-", "cvv ", "exp ", "12/27 ", "4111111111111111 "])
def test_ten_thousand_characters_are_redacted_in_bounded_time(piece: str) -> None:
    text = (piece * 10_000)[:10_000]
    began = time.process_time()
    redact_cards(text)
    assert time.process_time() - began < 2.0
