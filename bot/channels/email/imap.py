"""Fetch mail from a mailbox over IMAP: what is unread is handed in, and marked as read once it is stored.

A fetcher that is killed between the two hands the mail in again, and it is found to be stored already.
"""

import asyncio
import logging
import ssl
import time
from collections.abc import Callable
from urllib.parse import parse_qsl, unquote, urlsplit

from imapclient import SEEN, IMAPClient
from imapclient.exceptions import IMAPClientError

from bot.channels.channel import BackgroundStep
from bot.channels.email.handler import receive_mail
from bot.services.core import log_format
from bot.services.core.context import Context
from bot.services.core.errors import ServiceError
from bot.services.core.worker_threads import WorkerThreads
from bot.settings.env.parsing import LOOPBACK

log = logging.getLogger(__name__)

# Each call is answered within so long, or the connection is begun anew.
TIMEOUT_SECONDS = 60.0
# The server says at once when a mail has come (IDLE, https://www.rfc-editor.org/rfc/rfc2177); one that cannot is asked.
LISTENED_SECONDS, ASKED_EVERY_SECONDS = 20.0, 20.0
# A mail that could not be stored is tried again after so long; the others do not wait for it.
AGAIN_SECONDS = 60.0
MOST_AT_ONCE = 50
_SIZE, _BODY = b"RFC822.SIZE", b"BODY[]"
# One mailbox, one connection: its calls go one after the other.
_THREAD = WorkerThreads("imap", 1)


class Unreachable(OSError):
    """The mailbox does not answer, or lets nobody in."""


def open_mailbox(url: str, timeout: float = TIMEOUT_SECONDS) -> IMAPClient:
    """Sign in to the mailbox and select its folder. Raises OSError, IMAPClientError."""
    parts = urlsplit(url)
    options = dict(parse_qsl(parts.query))
    here, wrapped = parts.hostname in LOOPBACK, parts.scheme == "imaps"
    context = ssl.create_default_context(cafile=options.get("ca"))
    client = IMAPClient(
        parts.hostname or "",
        parts.port,
        ssl=wrapped,
        ssl_context=context if wrapped else None,
        timeout=timeout,
    )
    try:
        if not wrapped and options.get("tls", "off" if here else "required") == "required":
            client.starttls(context)
        client.login(unquote(parts.username or ""), unquote(parts.password or ""))
        client.select_folder(unquote(parts.path.strip("/")) or "INBOX")
    except BaseException:
        client.shutdown()
        raise
    return client


class Mailbox:
    """The mailbox that the settings name. ``kick`` is called when there may be files to fetch."""

    def __init__(self, ctx: Context, url: str, kick: Callable[[], None]) -> None:
        self._ctx, self._url, self._kick = ctx, url, kick
        self._client: IMAPClient | None = None
        self._not_before: dict[int, float] = {}

    def background(self) -> BackgroundStep:
        """Return the step that the gateway repeats."""
        return BackgroundStep("email mailbox", self.look, 0.1, asyncio.Event())

    async def look(self) -> None:
        """Hand in what is unread, then listen for more. Raises Unreachable."""
        try:
            await _THREAD.run(self._connect)
            for uid in await _THREAD.run(self._unread):
                await self._take(uid)
            listens = await _THREAD.run(self._listen)
        except (IMAPClientError, OSError, ssl.SSLError) as error:
            self._leave()
            raise Unreachable(f"the mailbox does not answer: {type(error).__name__}") from error
        except asyncio.CancelledError:
            self._leave()
            raise
        if not listens:
            await asyncio.sleep(ASKED_EVERY_SECONDS)

    async def _take(self, uid: int) -> None:
        raw = await _THREAD.run(self._fetch, uid)
        if raw is None:
            return
        try:
            outcome = await receive_mail(self._ctx, raw)
        except ServiceError as error:
            log.warning("a mail is not taken yet: %s", error.code)
            self._not_before[uid] = time.monotonic() + AGAIN_SECONDS
            return
        except Exception as error:
            # A fault of ours belongs to this mail: it waits, the others are taken.
            log.error("a mail cannot be taken", extra=log_format.log_fields(uid=uid), exc_info=error)
            self._not_before[uid] = time.monotonic() + AGAIN_SECONDS
            return
        log.info("a mail was fetched: %s", outcome)
        await _THREAD.run(self._done, uid)
        self._kick()

    def _connect(self) -> None:
        if self._client is not None:
            return
        self._client = open_mailbox(self._url)

    def _connected(self) -> IMAPClient:
        if self._client is None:
            raise Unreachable("the connection was given up")
        return self._client

    def _unread(self) -> list[int]:
        """Return the oldest unread mails that are due."""
        now = time.monotonic()
        found = [int(uid) for uid in sorted(self._connected().search(["UNSEEN"]))]
        self._not_before = {uid: due for uid, due in self._not_before.items() if uid in set(found)}
        return [uid for uid in found if self._not_before.get(uid, 0.0) <= now][:MOST_AT_ONCE]

    def _fetch(self, uid: int) -> bytes | None:
        """Return the mail, of one that is too large its beginning: the words come first, files that are cut off are
        refused. None for one that is gone.
        """
        client, most = self._connected(), self._ctx.support.limits.file_bytes * 2
        size = client.fetch([uid], [_SIZE]).get(uid, {}).get(_SIZE)
        if size is None:
            return None
        if size <= most:
            found = client.fetch([uid], ["BODY.PEEK[]"]).get(uid, {}).get(_BODY)
        else:
            found = client.fetch([uid], [f"BODY.PEEK[]<0.{most}>"]).get(uid, {}).get(b"BODY[]<0>")
        return bytes(found) if found is not None else None

    def _done(self, uid: int) -> None:
        self._connected().add_flags([uid], [SEEN])

    def _listen(self) -> bool:
        """Wait until a mail comes, at most 20 seconds; return False at once when the server cannot say so."""
        client = self._connected()
        if not client.has_capability("IDLE"):
            client.noop()
            return False
        client.idle()
        try:
            client.idle_check(timeout=LISTENED_SECONDS)
        finally:
            client.idle_done()
        return True

    def _leave(self) -> None:
        """Close the connection, which also ends a call that a thread waits in."""
        client, self._client = self._client, None
        if client is not None:
            try:
                client.shutdown()
            except OSError:
                log.debug("the connection to the mailbox was closed already")
