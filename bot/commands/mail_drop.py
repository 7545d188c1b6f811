"""Hand a mail to the gateway on behalf of a mail server, which is told by the exit status whether to try again."""

import os
import time

import httpx

from bot.channels.email.routes import PREFIX
from bot.channels.email.verify import SIGNATURE, TIMESTAMP, signature

SECONDS = 60.0
# Any status but these means "not now" to a mail server, which keeps the mail: sysexits.h.
TAKEN, FOR_GOOD, LATER = os.EX_OK, os.EX_DATAERR, os.EX_TEMPFAIL
_TOO_LARGE = 413


def drop(base_url: str, secret: str, raw: bytes) -> tuple[int, str]:
    """Return the exit status, and what the gateway made of the mail or why it did not take it."""
    at = str(int(time.time()))
    headers = {TIMESTAMP: at, SIGNATURE: signature(secret, at, raw), "Content-Type": "message/rfc822"}
    try:
        answer = httpx.post(f"{base_url}{PREFIX}/drop", content=raw, headers=headers, timeout=SECONDS)
    except httpx.HTTPError as error:
        return LATER, f"the gateway does not answer ({type(error).__name__})"
    if answer.status_code == httpx.codes.OK:
        return TAKEN, str(answer.json()["outcome"])
    return FOR_GOOD if answer.status_code == _TOO_LARGE else LATER, f"the gateway answered {answer.status_code}"
