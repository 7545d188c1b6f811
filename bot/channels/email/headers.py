"""Read the headers of a mail that anybody may have written: what cannot be read counts as empty and raises nothing."""

import re
from email.header import decode_header
from email.message import Message
from email.utils import getaddresses, parsedate_tz
from typing import NamedTuple

from bot.channels.email.decode import decoded
from bot.triage.text.mail_address import sendable
from bot.triage.text.plain_text import visible

_MESSAGE_ID = re.compile(r"<[^<>\s]{3,250}>")
# More of one header than anybody writes; the rest is left out.
LONGEST_HEADER = 20_000
MOST_ADDRESSES = 200


class Mailbox(NamedTuple):
    """An address in lower case with its domain in ASCII, and the name that stands beside it, or an empty one."""

    address: str
    name: str


def raw(message: Message, name: str) -> list[str]:
    """Return every header of this name as it was sent, unfolded, the uppermost first.

    The library's own reading of headers is left aside: it raises for some that people send.
    """
    wanted = name.lower()
    found = [str(value) for key, value in message.raw_items() if key.lower() == wanted]
    return [re.sub(r"\r?\n[ \t]*", " ", value)[:LONGEST_HEADER].strip() for value in found]


def text(message: Message, name: str) -> str:
    """Return the first header of this name in readable characters, on one line; empty when there is none."""
    found = raw(message, name)
    return " ".join(visible(readable(found[0])).split()) if found else ""


def mailboxes(message: Message, *names: str) -> tuple[Mailbox, ...]:
    """Return the addresses of these headers to which mail can be sent, each once, in order."""
    found: dict[str, Mailbox] = {}
    for label, written in getaddresses([value for name in names for value in raw(message, name)]):
        try:
            address = sendable(written).lower()
        except ValueError:
            continue
        found.setdefault(address, Mailbox(address, " ".join(visible(readable(label)).split())[:200]))
        if len(found) == MOST_ADDRESSES:
            break
    return tuple(found.values())


def message_ids(message: Message, *names: str) -> tuple[str, ...]:
    """Return the message ids in these headers, each once, the last and so nearest one first."""
    found = [one for name in names for value in raw(message, name) for one in _MESSAGE_ID.findall(value)]
    return tuple(dict.fromkeys(reversed(found)))


def time_zone(message: Message) -> str | None:
    """Return the zone of the writer's clock, as in the Date header: "Etc/GMT+5" is five hours behind UTC.

    None for a clock in UTC, which programs and many servers write, and for one that is not whole hours away.
    """
    found = raw(message, "Date")
    read = parsedate_tz(found[0]) if found else None
    hours, rest = divmod(read[9] or 0, 3600) if read else (0, 0)
    return f"Etc/GMT{-hours:+d}" if hours and not rest and -14 <= -hours <= 12 else None


def readable(value: str) -> str:
    """Return a header with its encoded words decoded (https://www.rfc-editor.org/rfc/rfc2047)."""
    if not value.isascii():  # eight bits that no encoded word is around
        value = decoded(value.encode("utf-8", "surrogateescape"), None)
    try:
        parts = decode_header(value)
    except (ValueError, LookupError):  # base64 that is none
        return value
    return "".join(part if isinstance(part, str) else decoded(part, charset) for part, charset in parts)
