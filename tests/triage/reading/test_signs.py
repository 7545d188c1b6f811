"""Thumbs and ticks are a yes or a no in every channel's way of writing them."""

import pytest

from bot.triage.reading.signs import in_words


@pytest.mark.parametrize(
    "text", ["👍", "👍🏽", "👍👍", " 👍 ", ":+1:", ":+1::skin-tone-3:", ":thumbsup:", "✅", "✔️", "(yes)", "👌"]
)
def test_a_thumb_up_says_yes(text: str) -> None:
    assert in_words(text) == "yes"


@pytest.mark.parametrize("text", ["👎", "👎🏿", ":-1:", ":thumbsdown:", ":thumbs_down:", "❌", "(no)"])
def test_a_thumb_down_says_no(text: str) -> None:
    assert in_words(text) == "no"


@pytest.mark.parametrize(
    "text", ["👍 but it still crashes", "👍👎", "🎉", "thanks 👍", "", ":+1", "+1", "it says :x: somewhere"]
)
def test_any_other_text_stays(text: str) -> None:
    assert in_words(text) == text
