"""What a problem stops, as customers say it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.reading.impact import Impact, assess


@pytest.mark.parametrize(
    ("text", "impact"),
    [
        ("We lost all our invoices from last year", Impact.DATA_LOSS),
        ("all of my data is gone!!", Impact.DATA_LOSS),
        ("the company file is damaged", Impact.DATA_LOSS),
        ("I accidentally deleted the whole company", Impact.DATA_LOSS),
        ("half the customers have disappeared", Impact.DATA_LOSS),
        ("entries from March seem to be missing", Impact.DATA_LOSS),
        ("ransomware!! all files on the server end in .locked", Impact.ATTACK),
        ("our invoices are encrypted and there is a ransom note", Impact.ATTACK),
        ("we have been hacked, what now", Impact.ATTACK),
        ("everything on the drive is suddenly encrypted", Impact.ATTACK),
        ("a virus has infected two of our PCs", Impact.ATTACK),
        ("somebody broke into our server last night and data is gone", Impact.ATTACK),
        ("they want 2 bitcoins for the files", Impact.ATTACK),
        ("Wir haben Ransomware auf dem Server", Impact.ATTACK),
        ("is traffic to the server encrypted?", None),
        ("are our backup files encrypted?", None),
        ("can I make the files on disk so that everything is encrypted?", None),
        ("my virus scanner blocks quillbook", None),
        ("nobody hacked us, it is only slow", None),
        ("no data was lost but it is slow", None),
        ("nothing is missing", None),
        ("one invoice is missing from my vat report", None),
        ("two customers are missing in the debtors list", None),
        ("all our invoices are missing from the list", Impact.DATA_LOSS),
        ("The invoices are not gone, they are just hidden", None),
        ("I lost my password", None),
        ("I forgot my password", None),
        ("the restore is still running, should I stop it?", Impact.JOB_RUNNING),
        ("import stuck at 40%", Impact.JOB_RUNNING),
        ("It’s been converting for three hours", Impact.JOB_RUNNING),
        ("we are in the middle of the year-end closing", Impact.JOB_RUNNING),
        ("nobody can work", Impact.EVERYONE_STOPPED),
        ("the whole office is locked out", Impact.EVERYONE_STOPPED),
        ("all five of us are stuck", Impact.EVERYONE_STOPPED),
        ("everyone can print but me", None),
        ("how do I print an invoice?", None),
        ("", None),
    ],
)
def test_impact_is_read_from_the_problem(text: str, impact: Impact | None) -> None:
    assert assess(text, {}) == impact


def test_answers_count_as_much_as_the_problem() -> None:
    assert assess("it does not start", {"impact": "Everyone; right now"}) is Impact.EVERYONE_STOPPED
    assert assess("it does not start", {"impact": "all of us"}) is Impact.EVERYONE_STOPPED
    assert assess("it does not start", {"impact": "Only me; no rush"}) is None
    assert assess("it is odd", {"what_is_missing": "our invoices are gone"}) is Impact.DATA_LOSS


def test_an_answer_that_begins_with_all_the_same_is_about_something_else() -> None:
    assert assess("it is slow", {"tried": "all the usual things, nothing helped"}) is None


def test_the_gravest_impact_is_kept() -> None:
    text = "nobody can work, the repair is still running and all our data is gone"
    assert assess(text, {}) is Impact.DATA_LOSS
    assert assess("nobody can work, the repair is still running", {}) is Impact.JOB_RUNNING


@given(st.text(max_size=500))
def test_any_text_is_assessed_without_an_error(text: str) -> None:
    assert assess(text, {"impact": text}) in (None, *Impact)
