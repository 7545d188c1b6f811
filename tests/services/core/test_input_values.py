"""Whatever is written, reading it raises nothing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.services.core.input_values import is_one_of, whole_number

ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner))


@given(ANYTHING)
def test_only_known_texts_are_known(value: object) -> None:
    for known in (["a", "b"], {"a", "b"}, {"a": 1, "b": 2}):
        assert is_one_of(value, known) is (value == "a" or value == "b")


@given(st.integers(0, 999))
def test_a_number_of_few_enough_digits_is_read(number: int) -> None:
    assert whole_number(str(number), 3) == number


@pytest.mark.parametrize("written", ["", "1234", "-1", "+1", "1.0", " 1", "\u0661", "\u00b2", 1, None, True, ["1"]])
def test_everything_else_is_none(written: object) -> None:
    assert whole_number(written, 3) is None
