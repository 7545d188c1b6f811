"""Tell mail that programs send: nothing of it is ever answered, so that two programs never write to each other."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from email.message import Message
from enum import StrEnum

from bot.channels.email import headers
from bot.channels.email.headers import Mailbox

_DAEMON = re.compile(r"(?:mailer-daemon|mailerdaemon|postmaster|mail-daemon|bounces?(?:[-+=].*)?)@")
_NO_REPLY = re.compile(r"(?:no|do[-_.]?not|not|never)[-_.]?(?:re(?:ply|spond|sponse)|antwort\w*)(?:[-_.+].*)?@")
_BULK = {"bulk", "junk", "list", "auto_reply", "auto-reply"}
# A mail of nobody: https://www.rfc-editor.org/rfc/rfc3834, https://www.rfc-editor.org/rfc/rfc2919
_AUTO_HEADERS = (
    "X-Autoreply",
    "X-Autorespond",
    "X-Autoresponder",
    "X-Auto-Reply",
    "X-AutoReply-From",
    "X-Mail-Autoreply",
)
_LIST_HEADERS = (
    "List-Id",
    "List-Post",
    "List-Help",
    "List-Unsubscribe",
    "Mailing-List",
    "X-Mailing-List",
    "Feedback-ID",
)
_SPAM_HEADERS = ("X-Spam-Flag", "X-Spam-Status", "X-Spam", "X-Spam-Action", "X-Bogosity", "X-Forefront-Antispam-Report")
_SPAM = re.compile(r"(?:yes|true|spam|reject|add header|soft reject)\b|.*\bSFV:SPM\b", re.IGNORECASE)


class Automatic(StrEnum):
    """Why a mail is answered by nobody."""

    BOUNCE = "bounce"
    AUTO_REPLY = "auto_reply"
    LIST = "list"
    SPAM = "spam"
    OWN = "own"


@dataclass(frozen=True)
class Bounce:
    """A delivery report: the status, such as 5.1.1, and the ids of the mail that it is about."""

    failed: bool
    status: str
    about: tuple[str, ...]


def automatic(message: Message, sender: Mailbox | None, ours: Collection[str]) -> Automatic | None:
    """Return which kind of automatic mail this is; None for what a person wrote. ``ours``: support's addresses."""
    if message.get_content_type() == "multipart/report" or _is_from_a_daemon(message, sender):
        return Automatic.BOUNCE
    if sender is not None and sender.address in ours:
        return Automatic.OWN
    if any(_SPAM.match(value) for name in _SPAM_HEADERS for value in headers.raw(message, name)):
        return Automatic.SPAM
    our_list = _is_our_own_list(message, ours)
    if _is_auto_reply(message, our_list) or (sender is not None and _NO_REPLY.match(sender.address)):
        return Automatic.AUTO_REPLY
    if not our_list and any(headers.raw(message, name) for name in _LIST_HEADERS):
        return Automatic.LIST
    return None


def _is_our_own_list(message: Message, ours: Collection[str]) -> bool:
    """Return whether an address of support is a list, such as a group of its mail provider: all mail comes by it."""
    names = [f"<{one.replace('@', '.')}>" for one in ours]
    return any(name in value.lower() for value in headers.raw(message, "List-Id") for name in names)


def _is_from_a_daemon(message: Message, sender: Mailbox | None) -> bool:
    empty_path = any(value.strip() == "<>" for value in headers.raw(message, "Return-Path"))
    daemon = sender is not None and _DAEMON.match(sender.address) is not None
    return bool(headers.raw(message, "X-Failed-Recipients")) or daemon or (empty_path and not _is_auto_reply(message))


def _is_auto_reply(message: Message, our_list: bool = False) -> bool:
    submitted = headers.raw(message, "Auto-Submitted")
    if any(value.partition(";")[0].strip().lower() != "no" for value in submitted):
        return True
    if not our_list and any(value.lower() in _BULK for value in headers.raw(message, "Precedence")):
        return True
    return any(headers.raw(message, name) for name in _AUTO_HEADERS)


def bounce_of(message: Message) -> Bounce:
    """Return what a report of a mail server says (https://www.rfc-editor.org/rfc/rfc3464), as far as it can be read."""
    text = ""
    about: list[str] = list(headers.message_ids(message, "In-Reply-To", "References"))
    for part in message.walk():
        kind = part.get_content_type()
        if kind == "message/delivery-status":
            text += "\n".join(str(block) for block in _blocks(part))
        elif kind == "text/rfc822-headers":
            about += re.findall(r"(?im)^message-id:\s*(<[^<>\s]+>)", _plain(part))
        elif kind == "message/rfc822":
            about += [one for inner in _blocks(part) for one in headers.message_ids(inner, "Message-ID")]
    status = re.search(r"(?im)^status:\s*([245]\.\d{1,3}\.\d{1,3})", text)
    failed = re.search(r"(?im)^action:\s*failed", text) is not None
    return Bounce(failed, status[1] if status else "", tuple(dict.fromkeys(about)))


def _blocks(part: Message) -> list[Message]:
    payload = part.get_payload()
    return [one for one in payload if isinstance(one, Message)] if isinstance(payload, list) else []


def _plain(part: Message) -> str:
    payload = part.get_payload(decode=True)
    return payload.decode("utf-8", errors="replace") if isinstance(payload, bytes) else ""
