"""Find the names that a note mentions."""

import pytest

from bot.triage.text.mentioned_names import mentioned

NAMES = {1: "Anna Meyer", 2: "Ann Lee", 3: "Ben", 4: "Jörg Groß", 5: "Sam Hill", 6: "Sam Wood"}


@pytest.mark.parametrize(
    ("text", "who"),
    [
        ("@Anna please look", {1}),
        ("@anna meyer, and @BEN.", {1, 3}),
        ("@Ann", {2}),
        ("@Annabel", set()),
        ("@Sam", set()),
        ("@Sam Wood knows it", {6}),
        ("@jörg gross", {4}),
        ("mail me at x@ben.example", set()),
        ("@ Ben", set()),
        ("Ben", set()),
        ("@@Ben", {3}),
        ("@" * 5000, set()),
    ],
)
def test_a_name_behind_an_at_sign_mentions_its_bearer(text: str, who: set[int]) -> None:
    assert mentioned(text, NAMES) == who
