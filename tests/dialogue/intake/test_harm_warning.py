"""Harm that goes on is warned of when it is spoken of for the first time."""

import pytest

from bot.dialogue.intake.harm_warning import first_harm
from bot.triage.reading.impact import Impact


@pytest.mark.parametrize(
    ("text", "before", "harm"),
    [
        ("all our invoices have disappeared", "", Impact.DATA_LOSS),
        ("all our invoices have disappeared", "our invoices disappeared", None),
        ("all our invoices have disappeared", "it crashes when I print", Impact.DATA_LOSS),
        ("nobody in the office can work", "", None),
        ("how do I print?", "", None),
    ],
)
def test_only_new_harm_that_goes_on_is_warned_of(text: str, before: str, harm: Impact | None) -> None:
    assert first_harm(text, before) is harm
