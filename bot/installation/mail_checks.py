"""Check for `techref doctor` how mail comes in: the mailbox that it is fetched from, and the drop of a mail server."""

import time
from collections.abc import Iterator

import httpx
from imapclient.exceptions import IMAPClientError

from bot.channels.email.imap import open_mailbox
from bot.channels.email.routes import PREFIX
from bot.channels.email.verify import SIGNATURE, TIMESTAMP, signature
from bot.installation.finding import Finding
from bot.installation.readiness import base_url
from bot.settings.env.settings import Settings

SECONDS = 5.0


def check_incoming_mail(settings: Settings) -> Iterator[Finding]:
    """Check each way in that is configured; without any, mail that customers write is not read, which is no fault."""
    if not settings.imap_url and not settings.mail_drop_secret:
        yield Finding("incoming mail", None, "is off: no mailbox, and no drop", "docs/email.md says how both are set.")
    if settings.imap_url:
        yield _mailbox(settings.imap_url)
    if settings.mail_drop_secret:
        yield _drop(settings, settings.mail_drop_secret)


def _mailbox(url: str) -> Finding:
    """Sign in to the mailbox and leave it; nothing is read or marked."""
    try:
        open_mailbox(url, SECONDS).logout()
    except (IMAPClientError, OSError) as error:
        remedy = "Check host, port, user, password and folder in TECHREF_IMAP_URL; % signs stand for special letters."
        return Finding("mailbox", False, f"lets nobody in ({type(error).__name__})", remedy)
    return Finding("mailbox", True, "lets us in")


def _drop(settings: Settings, secret: str) -> Finding:
    """Drop an empty mail, which a gateway that has this secret refuses as empty, and any other as unsigned."""
    at = str(int(time.time()))
    headers = {TIMESTAMP: at, SIGNATURE: signature(secret, at, b"")}
    try:
        answer = httpx.post(f"{base_url(settings)}{PREFIX}/drop", headers=headers, timeout=SECONDS, trust_env=False)
    except httpx.HTTPError:
        return Finding("mail drop", None, "is configured; it could not be tried, because the gateway does not answer")
    if answer.status_code == httpx.codes.UNPROCESSABLE_ENTITY:
        return Finding("mail drop", True, "takes what is signed with this secret")
    remedy = "Restart the gateway, so that it has the same TECHREF_MAIL_DROP_SECRET."
    return Finding("mail drop", False, f"answers {answer.status_code} to what is signed with this secret", remedy)
