"""The Tech Reference: how it is drawn, what its check digit catches, and how it is found in a message."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import damm

from bot.triage.reading.tech_reference import find_references, new_reference, spell_out

VALID = "TR-483-920-179"
TYPO = "TR-483-920-170"

references = st.integers(0, 99_999_999).map(lambda drawn: new_reference(lambda limit: drawn))


def found(text: str) -> list[tuple[str, bool]]:
    return [(one.reference, one.valid) for one in find_references(text)]


def test_the_examples_of_this_file_are_what_they_claim() -> None:
    assert damm.is_valid("483920179")
    assert not damm.is_valid("483920170")


def test_a_new_reference_asks_for_eight_digits_and_adds_a_check_digit() -> None:
    limits: list[int] = []

    def randbelow(limit: int) -> int:
        limits.append(limit)
        return 48392017

    assert new_reference(randbelow) == VALID
    assert limits == [100_000_000]


def test_small_draws_keep_their_leading_zeros() -> None:
    assert new_reference(lambda limit: 7).startswith("TR-000-000-07")


@given(references, st.integers(0, 8), st.integers(1, 9))
def test_every_single_wrong_digit_is_reported_as_a_typo(reference: str, place: int, shift: int) -> None:
    digits = list(reference.replace("TR-", "").replace("-", ""))
    digits[place] = str((int(digits[place]) + shift) % 10)
    assert [one.valid for one in find_references("TR-" + "".join(digits))] == [False]


@given(references, st.integers(0, 7))
def test_every_swapped_pair_of_neighbours_is_reported_as_a_typo(reference: str, place: int) -> None:
    digits = list(reference.replace("TR-", "").replace("-", ""))
    if digits[place] == digits[place + 1]:
        return
    digits[place], digits[place + 1] = digits[place + 1], digits[place]
    assert [one.valid for one in find_references("TR-" + "".join(digits))] == [False]


WAYS = [
    "{a}-{b}-{c}",
    "{a} {b} {c}",
    "{a}{b}{c}",
    "TR-{a}-{b}-{c}",
    "TR{a}{b}{c}",
    "tr {a} {b} {c}",
    "Tr-{a}{b}{c}",
    "#{a}-{b}-{c}",
    "#TR-{a}-{b}-{c}",
    "TR#{a}{b}{c}",
    "TR: {a}-{b}-{c}",
    "T.R. {a} {b} {c}",
    "TR‑{a}‑{b}‑{c}",
    "TR–{a}–{b}–{c}",
    "TR\N{MINUS SIGN}{a}\N{MINUS SIGN}{b}\N{MINUS SIGN}{c}",
    "ref {a}{b}{c}",
    "reference no. {a} {b} {c}",
    "Tech Reference # {a}-{b}-{c}",
    "tech ref number is {a}.{b}.{c}",
    "my reference number is {a} - {b} - {c}!",
    "({a}-{b}-{c})",
    "TR-{a}-\n{b}-{c}",
    "{a}-{b} {c}",
    "hello, {a}-{b}-{c}, any news?",
    "TR\N{NO-BREAK SPACE}{a}{b}{c}",
]


@given(references, st.sampled_from(WAYS))
def test_each_way_of_writing_a_reference_is_read(reference: str, way: str) -> None:
    _, a, b, c = reference.split("-")
    assert found(way.format(a=a, b=b, c=c)) == [(reference, True)]


@given(references)
def test_digits_of_other_scripts_are_read(reference: str) -> None:
    for zero in ("０", "٠", "०"):
        shifted = reference.translate({ord("0") + n: chr(ord(zero) + n) for n in range(10)})
        assert found(f"my ref is {shifted}") == [(reference, True)]


@given(references)
def test_a_reference_read_aloud_is_understood(reference: str) -> None:
    assert found(spell_out(reference)) == [(reference, True)]
    assert found(spell_out(reference).removeprefix("T R, ")) == [(reference, True)]
    assert found(spell_out(reference).replace("zero", "oh").replace(",", "").upper()) == [(reference, True)]


@pytest.mark.parametrize(
    "text",
    [
        "four eight three nine two oh one seven nine",
        "it's four-eight-three, nine-two-zero, one-seven-nine thanks",
        "TR four eight three dash nine two nought dash one seven nine",
        "tech reference four eight three 920 one seven 9",
        "4 8 3 9 2 0 1 7 9",
    ],
)
def test_spoken_digits_are_read(text: str) -> None:
    assert found(text) == [(VALID, True)]


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("double nine one two three four five six", "9912345 6"),
        ("nine double two treble three double 4", "92233344"),
        ("triple 0, double 1, treble 5", "00011555"),
    ],
)
def test_doubled_spoken_digits_are_read(text: str, digits: str) -> None:
    eight = digits.replace(" ", "")
    check = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"][
        int(damm.calc_check_digit(eight))
    ]
    written = new_reference(lambda limit: int(eight))
    assert found(f"TR {text} {check}") == [(written, True)]


@pytest.mark.parametrize(
    "text",
    [
        "483-920-170",
        "483920170",
        "my reference is 483 920 170",
        "483-920-170 is my ticket number",
        "#483920170",
        "the ref you gave me was 483920170",
        "TR-483-920-170",
        "tech reference: 48-39-20-170",
    ],
)
def test_a_wrong_check_digit_is_returned_as_a_likely_typo(text: str) -> None:
    assert found(text) == [(TYPO, False)]


@pytest.mark.parametrize(
    ("text", "reference"),
    [
        ("TR-483-920-17", "TR-483-920-17"),
        ("TR-483-920-17 2 days ago", "TR-483-920-17"),
        ("TR-483-920-1700", "TR-483-920-1700"),
    ],
)
def test_a_reference_with_a_digit_too_few_or_too_many_is_a_typo(text: str, reference: str) -> None:
    assert found(text) == [(reference, False)]


@pytest.mark.parametrize(
    "text",
    [
        "TR-483-920-179 2 days ago",
        "you logged 483-920-179 3 weeks ago",
        "TR 483 920 179, 234-542-4400",
        "call me on 234-542-4400 about TR-483-920-179 - 2 printers are down",
        "I was on the phone. 483-920-179",
        "this one 483-920-179",
        "on 2024-01-15 you gave me 483920179 for QB-2107",
        "I am a contract customer, 483-920-179",
    ],
)
def test_numbers_around_a_reference_do_not_hide_it(text: str) -> None:
    assert found(text) == [(VALID, True)]


@pytest.mark.parametrize(
    "text",
    [
        "234-542-4400",
        "(234) 542-4400",
        "+1 234 542 4400",
        "+48 483 920 179",
        "phone 483 920 179",
        "tel. 483920179",
        "call me at 483 920 179",
        "483 920 179 is my phone number",
        "4111 1111 1111 1111",
        "card 483920179",
        "invoice 483920179",
        "invoice no. 483-920-179",
        "Inv #483920179",
        "account number: 483920179",
        "2024-01-15",
        "15/01/2024 08:00",
        "1,483,920,179",
        "$483,920,179",
        "$483920179",
        "483920179.50",
        "INV483920179",
        "QB-483-920-179",
        "1-483-920-179",
        "483-920-179-22",
        "483 920 179 224",
        "1483920179",
        "4839201700",
        "192.168.100.200",
        "https://example.com/a/483920179",
        "0x80070005",
        "routing number 483920179",
        "version 11.4.2",
        "",
        "order 12, 3 of 5, one two three",
        "we paid 483920179 last year",
        "some text 483920170 in between",
        "TR",
        "TR-12",
        "the tr 5 printer",
        "reference manual page 12",
        "serial 483-920-179",
        "555 483 920 179",
    ],
)
def test_other_numbers_are_left_alone(text: str) -> None:
    assert found(text) == []


def test_offsets_cover_the_reference_with_its_prefix() -> None:
    text = "Ｍy ref: TR–483–920–179 and 483920170 are my references"
    spans = [text[one.start : one.end] for one in find_references(text)]
    assert spans == ["TR–483–920–179", "483920170"]


@given(st.text(max_size=300) | st.text("TRtr #-.,0123456789 onesvdublxi\n", max_size=300))
def test_any_text_at_all_is_read_without_an_error(text: str) -> None:
    for one in find_references(text):
        assert 0 <= one.start < one.end <= len(text)


def test_long_texts_are_read_in_bounded_work() -> None:
    rng = random.Random(7)
    for alphabet in ("0123456789", "12 3-", "tr one 483-920-179 ", "#"):
        text = "".join(rng.choice(alphabet) for _ in range(10_000))
        assert len(find_references(text)) <= 2_000


@pytest.mark.parametrize("text", [TYPO, "TR-483920179", "483-920-179", "", "TR-٤٨٣-920-179"])
def test_only_a_valid_reference_is_read_aloud(text: str) -> None:
    with pytest.raises(ValueError, match="not a Tech Reference"):
        spell_out(text)


@pytest.mark.parametrize(
    "text",
    [
        "INFO lock 483920179 acquired",
        "thread 483920179 waits",
        "2026-01-02 08:00:00 lock 483920179 held by 12",
        "pid 483920179",
        "id=483920179",
        "in case 483920179 is locked",
        "Object reference 483920179 not set",
        "the file has 483920179 bytes",
        "total 483 920 179 rows",
        "handle 483920179: please close",
        "error in page 483920179",
        "db lock 483920179 could not be taken and the import stops",
    ],
)
def test_nine_digits_of_a_program_are_no_reference_though_the_check_digit_is_right(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    "text",
    [
        "483920179",
        "it's 483920179",
        "my number is 483920179",
        "any news on 483920179?",
        "483920179, any news?",
        "what about 483920179",
        "status of 483920179",
        "you gave me 483920179",
        "the number you gave me was 483920179",
        "ref 483920179",
        "483 920 179",
        "I have 483920179",
        "Hi, 483920179 please",
        "my case 483920179",
        "ticket 483920179 is still open",
        "here it is: 483920179",
        "regarding 483920179: it fails again",
    ],
)
def test_nine_digits_alone_or_beside_a_word_for_them_are_one(text: str) -> None:
    assert found(text) == [(VALID, True)]
