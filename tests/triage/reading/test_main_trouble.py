"""An issue is called by the sentence that states its trouble."""

import pytest

from bot.triage.reading.main_trouble import main_trouble


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "Hello, the bank matching window stays empty despite the import. m@x.example. Kind regards Martin Oduya",
            "the bank matching window stays empty despite the import",
        ),
        (
            "Hello, the bank matching window stays empty despite the import. Kind regards\nMartin Oduya",
            "the bank matching window stays empty despite the import",
        ),
        ("Hi there\nour invoices print twice since Monday\nThanks, Jo", "our invoices print twice since Monday"),
        (
            "Good morning, my name is Ann Lee from Lee Ltd, and the export crashes every time.",
            "the export crashes every time",
        ),
        (
            "Dear support team, we use version 12.1. When I open the ledger it freezes. Best wishes, Tom",
            "When I open the ledger it freezes",
        ),
        ("the printer cuts off the last line", "the printer cuts off the last line"),
        ("Hi, please log: the margins jump when I save.", "the margins jump when I save"),
        ("can you record that the tax column shows zero", "the tax column shows zero"),
        ("the log file is empty after an update", "the log file is empty after an update"),
        ("jo@x.example\nBackup fails with QB-3001", "Backup fails with QB-3001"),
        ("Hi, I am Paul. The report shows wrong totals. It is urgent.", "The report shows wrong totals"),
        ("URGENT! nobody can log in", "nobody can log in"),
        ("Thanks for the quick answer yesterday. Now the tax report is empty.", "Now the tax report is empty"),
        ("Hello hello, it does not start anymore, thanks", "it does not start anymore"),
        ("error QB-2107", "error QB-2107"),
        ("Invoice printing", "Invoice printing"),
        (
            "Hey, when I click save the program closes. We run 12.2.1 on windows 11. regards, P.",
            "when I click save the program closes",
        ),
        ("Good day Mr Smith, I cannot import the CSV. Yours sincerely, Bo", "I cannot import the CSV"),
        ("slow", "slow"),
        (
            "I'm sorry to bother you, but the stock list is doubled",
            "I'm sorry to bother you, but the stock list is doubled",
        ),
        (
            "Hello, we have had trouble with quotes. The second page is lost.\nRegards, Ona",
            "we have had trouble with quotes",
        ),
        ("Hi all, I can't print labels!", "I can't print labels"),
        ("Dear Sir or Madam,\n\nthe VAT return shows zero.\n\nYours faithfully\nK. Moe", "the VAT return shows zero"),
        ("help! it crashes when I save", "it crashes when I save"),
        (
            "Guten Tag, bei uns werden die Mahnungen doppelt gedruckt. Mit freundlichen Grüßen, Otto",
            "bei uns werden die Mahnungen doppelt gedruckt",
        ),
        ("Bonjour, la facture s'imprime deux fois. Merci", "la facture s'imprime deux fois"),
        ("Hola buenas, el informe sale en blanco, gracias", "el informe sale en blanco"),
        ("Buongiorno a tutti, la stampa è vuota. Saluti", "la stampa è vuota"),
        ("Beste support, de factuur is leeg", "de factuur is leeg"),
    ],
)
def test_the_trouble_is_the_title(text: str, title: str) -> None:
    assert main_trouble(text) == title


@pytest.mark.parametrize(
    ("text", "title"),
    [
        (
            "printing is cut off on the right, version 12.2.1, no error message, HP 400, mail me at z@q.example",
            "printing is cut off on the right",
        ),
        ("no, that did not help. Restore fails with QB-2107. All of us are stopped", "Restore fails with QB-2107"),
        ("everybody is stopped! it crashes when I print, kim@x.example", "it crashes when I print"),
        ("everybody is stopped", "everybody is stopped"),
        (
            "the totals are wrong, 412 instead of 421, on the balance sheet",
            "the totals are wrong, 412 instead of 421, on the balance sheet",
        ),
    ],
)
def test_a_title_leaves_out_what_has_a_line_of_its_own(text: str, title: str) -> None:
    assert main_trouble(text) == title
