"""Who asks for a copy of the conversation, and who speaks of other copies."""

import pytest

from bot.triage.reading.transcript_request import asks_for_copy


@pytest.mark.parametrize(
    "text",
    [
        "Can you mail me a copy of this chat?",
        "please send me the transcript",
        "I'd like a transcript of our conversation",
        "e-mail the conversation to boss@bakery.example",
        "could I get a copy of this conversation",
    ],
)
def test_a_wish(text: str) -> None:
    assert asks_for_copy(text)


@pytest.mark.parametrize(
    "text",
    [
        "I cannot e-mail a copy of an invoice",
        "send a copy of the backup file",
        "copy and paste does not work",
        "I can't e-mail a copy to my accountant",
        "please send me a copy of the update",
        "please do not send me a transcript, don't",
        "how do I send an invoice",
        "please send the transcript " + "and then look at what happens " * 5,
    ],
)
def test_no_wish(text: str) -> None:
    assert not asks_for_copy(text)
