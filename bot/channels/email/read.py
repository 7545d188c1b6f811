"""Read a mail: who wrote it to whom, what it answers, its words and its files. Nothing in it raises an error."""

import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from email import policy
from email.message import Message
from email.parser import BytesParser

from bot.channels.email import headers
from bot.channels.email.authentication import is_authenticated
from bot.channels.email.automatic import Automatic, Bounce, automatic, bounce_of
from bot.channels.email.headers import Mailbox
from bot.channels.email.parts import Contents, MailFile, contents_of

LONGEST_ID = 290


@dataclass(frozen=True)
class Mail:
    """A mail as it was read. ``id``: its Message-ID, else a hash of it. ``text``: all words, the quoted ones too.

    ``recipients``: To and Cc. ``delivered_to``: the addresses that mail servers wrote down beside these. ``answers``:
    the ids of mails before it, the nearest first. ``authenticated``: the domain in From has vouched for it.
    ``time_zone``: the zone of the writer's clock, as a fixed offset of the tz database.
    """

    id: str
    sender: Mailbox | None
    recipients: tuple[Mailbox, ...]
    delivered_to: tuple[Mailbox, ...]
    subject: str
    answers: tuple[str, ...]
    automatic: Automatic | None
    bounce: Bounce | None
    authenticated: bool
    text: str
    files: tuple[MailFile, ...]
    time_zone: str | None


def read_mail(raw: bytes, ours: Collection[str], server: str | None) -> Mail:
    """Return the mail. ``ours``: support's addresses; ``server``: the name of its mail server in results of DMARC."""
    # The newer policies read headers eagerly, and raise for some that people send; ours are read in `headers`.
    message = BytesParser(policy=policy.compat32).parsebytes(raw)
    senders = headers.mailboxes(message, "From")
    # Several writers, or none, are nobody that could be answered.
    sender = senders[0] if len(senders) == 1 else None
    kind = automatic(message, sender, ours)
    contents: Contents = contents_of(message)
    return Mail(
        id=_id(message, raw),
        sender=sender,
        recipients=headers.mailboxes(message, "To", "Cc"),
        delivered_to=headers.mailboxes(message, "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To"),
        subject=headers.text(message, "Subject"),
        answers=headers.message_ids(message, "References", "In-Reply-To"),
        automatic=kind,
        bounce=bounce_of(message) if kind == Automatic.BOUNCE else None,
        authenticated=sender is not None and is_authenticated(message, sender.address, server),
        text=contents.text,
        files=contents.files,
        time_zone=headers.time_zone(message),
    )


def _id(message: Message, raw: bytes) -> str:
    found = headers.message_ids(message, "Message-ID")
    if found and len(found[0]) <= LONGEST_ID:
        return found[0]
    return f"sha256:{hashlib.sha256(raw).hexdigest()}"
