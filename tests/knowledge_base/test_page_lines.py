"""A short message about a page is answered by the lines that fit it, and by none when the page does not answer."""

from pathlib import Path

import pytest

from knowledge_base.page_lines import MOST_CHARACTERS
from knowledge_base.search import Search

pytestmark = pytest.mark.xdist_group("search")
MANUAL = Path(__file__).parents[2] / "knowledge_base/manual"
# The page that was shown, the question that led to it, a message about it, and what the answer must hold.
FOLLOW_UPS = [
    ("recurring-invoices", "how do i set up recurring invoices", "what about the last day of the month?", "Last day"),
    ("recurring-invoices", "how can i stop a recurring invoice", "just for one month i mean", "Pause"),
    ("chase-overdue-invoices", "where do i see who owes us money", "and grouped by 30 60 90 days?", "Debtors by Age"),
    ("chase-overdue-invoices", "how do I send reminders", "how do i change the wording of those", "Reminders"),
    ("credit-notes", "how do i credit a whole invoice", "it says QB-8020", "Linked Documents"),
    ("record-a-payment", "how do i record a payment", "he paid a few cents too little", "Write Off Difference"),
    ("back-up-your-company", "how do I make a backup?", "where should i keep them", "Keep three"),
    ("back-up-your-company", "how do i back up the company file", "is onedrive ok for that", "OneDrive"),
    ("import-a-bank-statement", "how do I import it?", "plus and minus are the wrong way round", "Reverse sign"),
    ("reconcile-a-bank-account", "how do i reconcile a month", "what about the credit card?", "card company"),
    ("enter-a-bill", "how do i enter a supplier bill", "and pay it by card?", "By card or cash"),
    ("add-a-user", "how do i let my accountant in", "does he take up a seat", "takes no seat"),
    ("set-up-a-printer", "how do i set up a printer", "and for labels?", "Label"),
    ("set-up-a-printer", "how do i choose the printer", "and on a Mac?", "Quillbook > Settings > Printing"),
    ("add-a-customer", "how do I add a customer", "different delivery address", "Addresses > Add"),
    ("write-an-invoice", "how do i write an invoice", "Issue is grey", "drafts only"),
    ("close-the-year", "how do i close the year", "how long does that take", "seconds to some minutes"),
    ("run-a-report", "how do i run a report", "can it be mailed every month automatically", "Schedule"),
    ("recurring-invoices", "how do i send an invoice monthly", "can I pause it for the summer?", "Pause"),
    ("add-a-user", "how do i give a colleague access", "and if she waits longer than three days?", "Make another"),
    ("reset-a-password", "the administrator forgot it", "and the recovery code is gone as well", "for its owner"),
    ("find-your-version-and-serial-number", "where do I see the version", "and on an iMac?", "Quillbook > About"),
]
UNANSWERED = [
    ("write-an-invoice", "how do i write an invoice", "and in morse code?"),
    ("add-a-user", "how do i add a user", "does it work with fingerprints?"),
    ("set-up-a-printer", "how do i set up a printer", "and what if my cat sits on it?"),
    ("write-an-invoice", "how do i write an invoice", "can it order pizza?"),
    ("add-a-user", "how do i add a user", "and with face recognition?"),
]


@pytest.mark.parametrize(("page", "former", "message", "holds"), FOLLOW_UPS, ids=lambda value: value[:30])
def test_the_line_that_answers_is_found(whole_manual: Search, page: str, former: str, message: str, holds: str) -> None:
    found = whole_manual.find_lines(message, former, [page])
    assert found.confident
    assert holds in "\n".join(found.texts)
    assert sum(map(len, found.texts)) <= 2 * MOST_CHARACTERS
    assert found.section is not None and found.section.page_slug == page


@pytest.mark.parametrize(("page", "former", "message"), UNANSWERED, ids=lambda value: value[:30])
def test_what_the_page_does_not_answer_is_not_confident(
    whole_manual: Search, page: str, former: str, message: str
) -> None:
    assert not whole_manual.find_lines(message, former, [page]).confident


def test_a_page_is_named_by_its_address_too_and_its_steps_lose_their_numbers(whole_manual: Search) -> None:
    found = whole_manual.find_lines("which tray?", "how do i set up a printer", ["/manual/set-up-a-printer"])
    assert any(text.startswith("Choose the Paper and the Tray") for text in found.texts)


def test_the_section_that_was_read_gives_way_to_another(whole_manual: Search) -> None:
    asked = ("and when should I not?", "how do I credit a whole invoice", ["credit-notes"])
    first = whole_manual.find_lines(*asked)
    assert first.section is not None
    assert whole_manual.find_lines(*asked, first.section.url).score <= first.score


def test_an_unknown_page_has_no_lines(whole_manual: Search) -> None:
    assert whole_manual.find_lines("and on a Mac?", "how do I print", ["no-such-page"]).texts == ()
