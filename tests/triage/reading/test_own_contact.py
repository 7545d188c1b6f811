"""An address is the writer's own, or it is nobody's contact."""

import pytest

from bot.triage.reading.own_contact import find_given_email, find_own_email


@pytest.mark.parametrize(
    "text",
    [
        "kim@x.example",
        "It crashes when I print, kim@x.example",
        "my e-mail is kim@x.example",
        "mail me at kim@x.example.",
        "reach me at kim@x.example",
        "please reply to kim@x.example",
        "It takes a minute to open a list. Mail please to kim@x.example",
        "The import hangs. Response best to kim@x.example",
        "replies kindly to kim@x.example",
        "Since I upgraded from version 11.6 to version 12.2 it crashes when I print, kim@x.example",
        "I get error 1603 when I print. kim@x.example",
        'It says "access denied", kim@x.example',
        "Quillbook fails with error QB-2107. My address is kim@x.example",
        "JO@ACME.COM",
        "mail me at jo.smith+qb@acme.co.uk.",
        "<mailto:jo@acme.com|jo@acme.com>",
        "kim@x.example, the printer fails",
        "send me a copy to kim@x.example",
        "call (234) 555-0199 or kim@x.example",
        "e-mail: kim@x.example",
        "contact: kim@x.example",
        "It failed again\nkim@x.example",
        "I'm Kim, kim@x.example, and it is unable to start",
        "it says error 5 - kim@x.example",
        'my address is "kim@x.example"',
        "Regards, Kim\nkim@x.example",
        "you can write to me: kim@x.example",
        "printing fails kim@x.example",
        "Printing fails since yesterday. Write to kim@x.example",
        "Printing fails with an error, write to kim@x.example",
        "It crashes at every start, please write to kim@x.example",
        "Write to kim@x.example",
        "It closed while printing, QB-2107, mail to kim@x.example",
        "Quillbook cannot start, kim@x.example",
        "error 1603 kim@x.example",
    ],
)
def test_the_writers_own_address_is_found(text: str) -> None:
    assert find_own_email(text) is not None


@pytest.mark.parametrize(
    "text",
    [
        'When I e-mail an invoice it says "550 mailbox unavailable: accounts@a.example" and nothing is sent.',
        "I get 550 mailbox unavailable: a@b.example",
        "When I send an invoice to a@b.example it crashes",
        "The mail from a@b.example does not arrive",
        "<a@b.example>: Recipient address rejected",
        "From: Bob <a@b.example>",
        "2026-01-02 08:00:00 ERROR cannot deliver to a@b.example",
        "smtp error: recipient a@b.example unknown",
        "user=a@b.example login failed",
        "`to a@b.example`",
        "our customer a@b.example gets no mail",
        "I emailed the invoice to a@b.example",
        "it says: could not deliver to a@b.example",
        "undeliverable: a@b.example",
        "“Mail to a@b.example failed”",
        "the invoice for a@b.example is not sent",
        "mailing a@b.example fails",
        "error: a@b.example is not a valid recipient",
        "The message a@b.example was rejected by the server",
        "to=<a@b.example>, relay=none, status=bounced",
        "Delivery to the following recipient failed permanently:\n\n     a@b.example",
        "550 5.1.1 <a@b.example> User unknown",
        "550 5.1.1 a@b.example User unknown",
        "his address is a@b.example",
        "When I write to a@b.example it bounces",
        "we cannot write to a@b.example",
        "the invoice fails, mail to kim@x.example bounces",
    ],
)
def test_somebody_elses_address_is_nobodys_contact(text: str) -> None:
    assert find_own_email(text) is None


@pytest.mark.parametrize(
    ("text", "email"),
    [
        ("send it to kim@x.example", "kim@x.example"),
        ("Kim Miller <kim@x.example>", "kim@x.example"),
        ("kim@x.example", "kim@x.example"),
        ('it says "550 unknown: a@b.example"', None),
        ("550 mailbox unavailable: a@b.example", None),
        ("none", None),
    ],
)
def test_an_answer_to_the_question_may_be_put_in_other_ways(text: str, email: str | None) -> None:
    assert find_given_email(text) == email
