"""E-mail in support.yml: the sender, the occasions, and the texts."""

from typing import Annotated

from pydantic import Field, field_validator

from bot.settings.support.parts import Line, Part, Words
from bot.settings.support.sentence import sentence
from bot.triage.text.mail_address import sendable

_Subject = Annotated[Line, sentence("company")]


class Subjects(Part):
    """The subjects of mails without an issue; the others carry ``wording.email_subject``."""

    transcript: _Subject
    code: _Subject
    test: _Subject
    answer: _Subject
    invitation: _Subject
    webhook_paused: _Subject


class Texts(Part):
    """The texts of the mails."""

    reference: Annotated[Words, sentence("reference", "phone", must="reference")]
    reply: Annotated[Words, sentence("reference", "technician", "link", "until", "phone", must="link")]
    reply_unproven: Annotated[Words, sentence("reference", "phone", must="reference")]
    transcript: Annotated[Words, sentence("reference", "transcript", must="transcript")]
    left_out: Line
    transcript_link: Annotated[Words, sentence("reference", "link", "until", "phone", must="link")]
    code: Annotated[Words, sentence("code", "minutes", must="code")]
    confirm: Words
    test: Annotated[Words, sentence("company")]
    invitation: Annotated[Words, sentence("company", "name", "link", must="link")]
    webhook_paused: Annotated[Words, sentence("name", "address", "page", must="address")]
    one_answer: Annotated[Words, sentence("answer", must="answer")]
    signature: Annotated[Words, sentence("company", "phone")]


class Email(Part):
    """Mail, outgoing and incoming: ``from_address`` takes the answers. ``per_address_a_day`` keeps the chat from being
    used to flood a mailbox, and two programs from writing to each other for ever.
    """

    from_address: str
    reply_unread_minutes: int = Field(ge=1, le=1440)
    link_hours: int = Field(ge=1, le=168)
    per_address_a_day: int = Field(ge=1)
    subjects: Subjects
    texts: Texts

    @field_validator("from_address")
    @classmethod
    def _an_address(cls, address: str) -> str:
        try:
            return sendable(address)
        except ValueError as error:
            raise ValueError(f"write an e-mail address that mail can be sent from: {error}") from None
