"""What is read as a contract number, an address at work, a code; and what is not."""

import pytest

from bot.triage.reading.proof_words import asks_to_prove, code_in, contract_number_in, work_address_in
from bot.triage.text.free_mail import is_free_mail


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("our contract number is C-1001", "C-1001"),
        ("Contract no. QB/2231, printing crashes", "QB/2231"),
        ("contract #4711", "4711"),
        ("agreement number: ab-12_3", "AB-12_3"),
        ("we have a contract", None),
        ("contract 1 of 2", None),
        ("C-1001", None),
        ("my invoice number is 2041", None),
        ("contract number please", None),
    ],
)
def test_a_number_counts_where_it_is_called_a_contracts(text: str, number: str | None) -> None:
    assert contract_number_in(text, asked=False) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [("C-1001", "C-1001"), ("it's C-1001.", "C-1001"), ("#4711", "4711"), ("12.2.1", None), ("I do not know it", None)],
)
def test_alone_it_counts_when_we_had_asked(text: str, number: str | None) -> None:
    assert contract_number_in(text, asked=True) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("123456", "123456"),
        ("123 456", "123456"),
        ("the code is 123-456.", "123456"),
        ("Code: 1 2 3 4 5 6", "123456"),
        ("١٢٣٤٥٦", "123456"),
        ("here it is: 123456", "123456"),
        ("1234567", None),
        ("12345", None),
        ("invoice 123456", None),
        ("123456 does not work", None),
    ],
)
def test_a_code_is_six_digits_and_nothing_else(text: str, code: str | None) -> None:
    assert code_in(text) == code


def test_addresses_and_wishes() -> None:
    assert work_address_in("Mia@Bakery.example") == "mia@bakery.example"
    assert work_address_in("it is mia@bakery.example, thanks") == "mia@bakery.example"
    assert work_address_in("when I mail an invoice to mia@bakery.example the program crashes at once") is None
    assert asks_to_prove("Can I prove our contract?") and asks_to_prove("please send me the code")
    assert not asks_to_prove("what is the error code?")


@pytest.mark.parametrize(
    "domain",
    [
        *("gmail.com", "GMX.de", "mail.yahoo.co.uk", "web.de."),
        *("outlook.it", "onet.pl", "ukr.net", "proton.me", "xtra.co.nz"),  # providers in other countries
        *("mailinator.com", "10minutemail.com", "guerrillamail.com"),  # addresses for an hour
        *("tuta.io", "mailbox.org", "sfr.fr", "telia.com"),  # in none of the kept lists
    ],
)
def test_free_mail_proves_nothing(domain: str) -> None:
    assert is_free_mail(domain)


@pytest.mark.parametrize(
    "domain", ["bakery.example", "notgmail.com", "com", "co.uk", "uk", "", "microsoft.com", "siemens.de", "ox.ac.uk"]
)
def test_a_companys_domain_does(domain: str) -> None:
    assert not is_free_mail(domain)
