"""Words said in confidence are recognised in another text, whatever marks stand around them there."""

import pytest

from bot.triage.privacy.confidence import quotes
from bot.triage.text.print_lines import plain


@pytest.mark.parametrize(
    "said", ["Bob _deleted the ledger_ on purpose", "**Bob** ~~deleted~~ `the` _ledger on purpose_"]
)
def test_a_repetition_without_the_marks_is_a_repetition(said: str) -> None:
    assert quotes(plain(said), [said]) and quotes(f"noted: {said}", ["bob deleted the ledger"])
    assert not quotes("Bob deleted it, the ledger", [said])
