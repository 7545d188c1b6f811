"""Mail addresses that a mail can be sent to or from."""

from email_validator import EmailNotValidError, validate_email

from bot.triage.text.plain_text import visible

LONGEST_ADDRESS = 320  # characters: https://www.rfc-editor.org/rfc/rfc5321#section-4.5.3.1


def sendable(written: str) -> str:
    """Return one plain mail address with its domain in ASCII; raise ValueError for what no server takes.

    Refused are a list of addresses, what could become a header, and a part before the @ that is not ASCII, because few
    servers take that (https://www.rfc-editor.org/rfc/rfc6531#section-3.1).
    """
    plain = visible(written[:LONGEST_ADDRESS]).strip()
    try:
        checked = validate_email(plain, allow_smtputf8=False, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise ValueError(str(error)) from None
    return str(checked.ascii_email)
