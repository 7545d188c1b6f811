"""Tell from the results of our own mail server whether the domain in From has vouched for a mail (DMARC)."""

import re
from email.message import Message

from bot.channels.email import headers
from bot.triage.text.mailbox import domain_of

_COMMENT = re.compile(r"\([^()]{0,500}\)")
_DMARC = re.compile(r"\s*dmarc\s*=\s*pass\b", re.IGNORECASE)
_FROM = re.compile(r"\bheader\.from\s*=\s*\"?([^\s;\"]+)", re.IGNORECASE)


def is_authenticated(message: Message, address: str, server: str | None) -> bool:
    """Return whether ``server``, our own, says that DMARC passed for the domain of ``address``.

    Without ``server`` nobody's word is taken. A sender can write the header as well: the server removes those that name
    it (https://www.rfc-editor.org/rfc/rfc8601#section-5), and what stands below its own, the uppermost, is not read.
    """
    if not server:
        return False
    own = next((one for one in headers.raw(message, "Authentication-Results") if _says(one) == server.lower()), None)
    return own is not None and any(_passes(result, address) for result in _plain(own).split(";")[1:])


def _plain(value: str) -> str:
    return _COMMENT.sub(" ", value)


def _says(value: str) -> str:
    """Return which server a header is of."""
    return (_plain(value).partition(";")[0].split() or [""])[0].strip('"').lower()


def _passes(result: str, address: str) -> bool:
    if _DMARC.match(result) is None:
        return False
    about = _FROM.search(result)
    return about is not None and domain_of(f"@{about[1].rpartition('@')[2]}") == domain_of(address)
