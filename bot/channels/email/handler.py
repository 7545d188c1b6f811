"""Take in a mail, whichever way it came: join it to its conversation or begin one; answer no program."""

import logging
import re
from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from bot.channels.email import spool
from bot.channels.email.automatic import Automatic
from bot.channels.email.headers import Mailbox
from bot.channels.email.quotes import new_words
from bot.channels.email.read import Mail, read_mail
from bot.services.channel import arrivals, mail_threads
from bot.services.channel.arrivals import Arrival, Place
from bot.services.channel.channel_people import EMAIL, Person
from bot.services.channel.incoming_files import SentFile
from bot.services.channel.mail_threads import MailThread, new_token
from bot.services.conversation.product_places import WRITTEN_TO
from bot.services.core.context import Context
from bot.services.core.worker_threads import READING
from bot.triage.privacy.redaction import redact_cards
from bot.triage.text.mail_address import sendable
from bot.triage.text.mailbox import domain_of
from bot.triage.text.plain_text import canonical

log = logging.getLogger(__name__)

MOST_COPIED = 20
MOST_FILES = 20
MOST_REFERENCES = 20
LONGEST_ADDRESS = 190
_TOKEN = re.compile(r"\+([a-z2-7]{20})@")
_WORD = re.compile(r"[^\W_]+")
_ANSWER = re.compile(
    r"^(?:(?:re|aw|antw|sv|vs|ref|odp|r|rv|res|fw|fwd|wg|tr|enc|rif|i)\s*(?:\[\d+\])?\s*:\s*)+", re.IGNORECASE
)


class Outcome(StrEnum):
    """The end of a mail at the gateway; each is an answer that it need not be sent again."""

    STORED = "stored"
    UNANSWERED = "stored_unanswered"
    REPEATED = "repeated"
    EMPTY = "empty"
    NO_SENDER = "no_sender"
    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    SPAM = "spam"
    OWN = "own"


@dataclass(frozen=True)
class _Written:
    """A mail with the thread that it goes on with, None for a new one. ``answered``: whether a turn answers it."""

    mail: Mail
    sender: Mailbox
    thread: MailThread | None
    answered: bool
    new_sender: bool


async def receive_mail(ctx: Context, raw: bytes) -> Outcome:
    """Store a mail once, however often it comes; return what became of it.

    Raises what ``arrive`` raises: then nothing was stored, and it is to be sent again.
    """
    ours = own_addresses(ctx)
    mail = await READING.run(read_mail, raw, ours, ctx.settings.mail_authserv_id)
    if await arrivals.has_arrived(ctx, EMAIL, mail.id):
        return Outcome.REPEATED
    if mail.automatic == Automatic.BOUNCE:
        return await _bounced(ctx, mail)
    if mail.sender is None or len(mail.sender.address) > LONGEST_ADDRESS:
        return Outcome.NO_SENDER
    sender = mail.sender
    thread = await mail_threads.find_thread(
        ctx, tokens_in(mail, ours), mail.answers, mail.subject, sender.address, authenticated=mail.authenticated
    )
    if mail.automatic is not None and (thread is None or mail.automatic == Automatic.OWN):
        log.info("a mail is answered by nobody: %s", mail.automatic)
        return Outcome(str(mail.automatic))
    new_sender = thread is not None and not thread.knows(sender.address)
    program = mail.automatic == Automatic.AUTO_REPLY or (mail.automatic is not None and new_sender)
    answered = not (new_sender or program or await mail_threads.has_had_enough(ctx, sender.address))
    return await _store(ctx, _Written(mail, sender, thread, answered, new_sender))


def own_addresses(ctx: Context) -> tuple[str, ...]:
    """Return support's own addresses, those of its products among them, in lower case."""
    of_products = (one for product in ctx.support.products.values() for one in product.email_addresses)
    return tuple(dict.fromkeys(sendable(one).lower() for one in (ctx.support.email.from_address, *of_products)))


def sender_of(ctx: Context, product: str | None) -> str:
    """Return the address that our mails about a product come from: its own first one, else that of support."""
    of_product = ctx.support.products[product].email_addresses if product in ctx.support.products else ()
    return sendable(next(iter(of_product), ctx.support.email.from_address))


def address_with(address: str, token: str) -> str:
    """Return an address of ours with a conversation's token: answers to it join the conversation."""
    local, _, domain = address.rpartition("@")
    return f"{local}+{token}@{domain}"


def without_token(address: str, ours: Collection[str]) -> str | None:
    """Return which of our addresses this is, with a token in it or without; None for somebody else's."""
    local, at, domain = address.rpartition("@")
    bare = f"{local.partition('+')[0]}{at}{domain}"
    return next((one for one in (address, bare) if one in ours), None)


def tokens_in(mail: Mail, ours: Collection[str]) -> list[str]:
    """Return the tokens in our addresses among To, Cc and what mail servers noted as the address."""
    written = (one.address for one in (*mail.delivered_to, *mail.recipients))
    found = (_TOKEN.search(one) for one in written if without_token(one, ours) is not None)
    return list(dict.fromkeys(token[1] for token in found if token))


def _written_to(ctx: Context, mail: Mail) -> dict[str, str]:
    """Return which of our addresses a mail was sent to, for the reference of its thread, where there are several."""
    if not ctx.support.products:
        return {}
    ours = own_addresses(ctx)
    found = (without_token(one.address, ours) for one in (*mail.recipients, *mail.delivered_to))
    address = next(filter(None, found), None)
    return {WRITTEN_TO: address} if address else {}


async def _bounced(ctx: Context, mail: Mail) -> Outcome:
    bounce = mail.bounce
    known = bounce is not None and bounce.failed and await mail_threads.note_bounce(ctx, bounce.about, bounce.status)
    log.info("a delivery report came%s", " about a mail of ours" if known else "")
    return Outcome.BOUNCE


async def _store(ctx: Context, written: _Written) -> Outcome:
    mail, thread = written.mail, written.thread
    text = await _words(ctx, mail, thread)
    files = tuple([await _spooled(ctx, file.name, file.data) for file in mail.files[:MOST_FILES]])
    token = thread.token if thread else new_token()
    arrived = await arrivals.arrive(
        ctx,
        Arrival(
            channel=EMAIL,
            source_id=mail.id,
            place=_place(ctx, written, token),
            person=_person(written, token),
            text=text,
            conversation_id=thread.conversation_id if thread else None,
            files=files,
            answered=written.answered,
            time_zone=mail.time_zone if thread is None or written.sender.address == thread.address else None,
        ),
    )
    if arrived is None:
        return Outcome.EMPTY
    if arrived.repeated:
        return Outcome.REPEATED
    return Outcome.STORED if written.answered else Outcome.UNANSWERED


async def _spooled(ctx: Context, name: str, data: bytes) -> SentFile:
    return SentFile(name, {"spooled": await spool.keep(ctx, data)})


async def _words(ctx: Context, mail: Mail, thread: MailThread | None) -> str:
    """Return what is new in a mail; of one that begins something, with the subject, unless its words say it."""
    before = await mail_threads.said_before(ctx, thread) if thread else []
    body = (await READING.run(new_words, mail.text, before)).text
    if thread is not None:
        return body
    subject = _ANSWER.sub("", mail.subject).strip()
    if not subject or _bare(subject) in _bare(body):
        return body
    return f"{subject}\n\n{body}".strip()


def _bare(text: str) -> str:
    """Return the words alone, to tell whether a subject only repeats what stands below it."""
    words = " ".join(_WORD.findall(canonical(text)))
    return f" {words} "


def _person(written: _Written, token: str) -> Person:
    """Return the writer. Whom nothing proves is a person of this conversation only: anybody may write any name."""
    sender = written.sender
    thread = written.thread
    is_customer = thread is not None and sender.address == thread.address
    workspace = thread.reference.get("workspace") if thread is not None and is_customer else None
    if workspace is None:
        workspace = domain_of(sender.address) if written.mail.authenticated else f"unproven {token}"
    name = redact_cards(sender.name).text or sender.address
    proven = written.mail.authenticated or (is_customer and thread is not None and thread.by_secret)
    return Person(str(workspace)[:100], sender.address, name, proven=proven)


def _place(ctx: Context, written: _Written, token: str) -> Place:
    """Return where answers go. Only a mail whose writer is proven says who else gets them: anybody can write a From,
    and would read what the customer is told by standing in Cc.
    """
    mail, thread = written.mail, written.thread
    answers = list(dict.fromkeys([mail.id, *mail.answers]))[:MOST_REFERENCES] if mail.id.startswith("<") else []
    heard: dict[str, Any] = {"answers": answers} if answers else {}
    if thread is not None and (written.new_sender or not written.answered):
        senders = dict(thread.reference.get("new_senders", {}))
        if written.new_sender:
            senders[written.sender.address] = redact_cards(written.sender.name).text
        return Place(mail_threads.WORKSPACE, token, {"new_senders": senders}, bool(thread.people))
    person = _person(written, token)
    customer = thread.address if thread else written.sender.address
    if not person.proven and not (thread is not None and thread.by_secret):
        copied = thread.people if thread else []
    else:
        gone = set(thread.reference.get("removed", ())) if thread else set()
        agreed = [one for one in thread.reference.get("agreed", ()) if one not in gone] if thread else []
        copied = list(dict.fromkeys([*_copied(ctx, mail, written.sender, customer, gone), *agreed]))
    reference = {"token": token, "address": customer, "cc": copied, **heard}
    if thread is None:
        reference |= {"subject": redact_cards(_ANSWER.sub("", mail.subject)).text[:200], "workspace": person.workspace}
        reference |= _written_to(ctx, mail)
    if written.sender.address == customer:
        reference |= {"proven": person.proven or bool(thread and thread.reference.get("proven"))}
    return Place(mail_threads.WORKSPACE, token, reference, bool(copied), readers_change=True)


def _copied(ctx: Context, mail: Mail, sender: Mailbox, customer: str, gone: set[str]) -> list[str]:
    """Return who gets our answers beside the customer: everybody in the newest mail."""
    ours = own_addresses(ctx)
    people = dict.fromkeys(one.address for one in (sender, *mail.recipients))
    own = {one for one in people if without_token(one, ours) is not None}
    return [one for one in people if one not in own | gone and one != customer][:MOST_COPIED]
