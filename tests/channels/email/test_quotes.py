"""Of a reply what nobody has said before is kept, wherever it stands; of a new mail everything."""

import time

import pytest

from bot.channels.email.quotes import new_words

OURS = "Which version of Quillbook do you use? It is shown under Help > About.\n\nWhat did you change before it began?"
BETWEEN = """On 3 Aug 2026, at 10:11, X <a@b.example> wrote:

> Which version of Quillbook do you use?

8.2, and it still crashes.

> What did you change before it began?

Nothing at all.
-- 
Kim
+49 1234
"""  # noqa: W291 - the signature's line ends with a space
ABOVE = """8.2

Am Mo., 3. Aug. 2026 um 10:11 Uhr schrieb Quillbook <support@quillbook.example>:

> Which version of Quillbook do you use? It is shown
> under Help > About.
"""
OUTLOOK = """8.2

-----Original Message-----
From: support@quillbook.example
Sent: Monday
To: kim
Subject: TR

Which version of Quillbook do you use? It is shown under Help > About.
What did you change before it began?
nothing changed here
"""


@pytest.mark.parametrize(
    ("mail", "kept"),
    [
        (ABOVE, "8.2"),
        (BETWEEN, "8.2, and it still crashes.\n\nNothing at all."),
        (OUTLOOK, "8.2\n\nnothing changed here"),
        ("> Which version of Quillbook do you use?\n8.2", "8.2"),
        ("Still broken\n\nSent from my iPhone\n", "Still broken"),
        ("The log says:\n> error 80 in printing", "The log says:\n> error 80 in printing"),
    ],
)
def test_only_new_words_of_a_reply_are_kept(mail: str, kept: str) -> None:
    assert new_words(mail, [OURS]).text == kept


def test_a_signature_is_set_apart() -> None:
    assert new_words(BETWEEN, [OURS]).cut == "-- \nKim\n+49 1234"


def test_a_new_mail_keeps_what_it_passes_on() -> None:
    passed_on = "Can you look?\n\n---------- Forwarded message ---------\nFrom: Joe\nSubject: broken\n\nIt broke."
    assert new_words(passed_on, []).text == passed_on


@pytest.mark.parametrize("line", ["From: a", "> quoted", "On Monday somebody wrote:", "-- ", "________"])
def test_twenty_thousand_odd_lines_are_read_in_a_moment(line: str) -> None:
    begun = time.process_time()
    new_words("\n".join([line] * 20_000), [OURS])
    assert time.process_time() - begun < 5
