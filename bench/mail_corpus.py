"""Drop every mail of a folder at a gateway of its own, and count what became of them.

Usage: ``python bench/mail_corpus.py FOLDER``. A fault is an answer other than 200, a mail that takes more than five
seconds, or a word of a readable part that is neither stored nor set apart as signature, notice or quotation. The folder
stays where it is; public test suites of mail libraries make a good one.
"""

import asyncio
import logging
import re
import sys
import tempfile
import time
from collections import Counter
from email import message_from_bytes
from email.message import Message
from pathlib import Path

import lxml.html

from bot.channels.email.decode import decoded
from bot.channels.email.quotes import new_words
from bot.channels.email.read import read_mail
from bot.channels.email.verify import SIGNATURE, TIMESTAMP, signature
from bot.store import schema
from bot.triage.text.plain_text import canonical, visible
from tests.support.gateway_fixture import Gateway, open_gateway

SECRET = "mail-corpus-" + "0" * 32
SLOW_SECONDS = 5.0
OURS = "support@quillbook.example"


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W_]{3,}", canonical(visible(text))))


def shown_words(part: Message, *, alternatives: bool = False) -> set[str]:
    """Return the words of every text part, found without the product's own reading of parts."""
    if part.is_multipart():
        inner = [one for one in part.get_payload() if isinstance(one, Message)]
        if part.get_content_type() == "multipart/alternative":
            plain = [one for one in inner if one.get_content_type() == "text/plain" and shown_words(one)]
            inner = plain[:1] or inner[-1:]
        return set().union(*(shown_words(one) for one in inner)) if inner else set()
    if part.get_content_type() not in ("text/plain", "text/html") or part.get_filename():
        return set()
    if "attachment" in str(part.get("Content-Disposition", "")).lower():
        return set()
    data = part.get_payload(decode=True)
    text = decoded(data if isinstance(data, bytes) else b"", part.get_content_charset())
    if part.get_content_type() == "text/html":
        tree = lxml.html.document_fromstring(f"<div>{text}</div>")
        hidden = tree.xpath("//style | //script | //head | //title | //comment()")
        for one in hidden:
            one.drop_tree()
        text = " ".join(tree.itertext())
    return words_of(text)


def lost(raw: bytes) -> set[str]:
    """Return the words of a mail that its reading has neither kept nor set apart; what a reader sees as one word is."""
    mail = read_mail(raw, OURS, None)
    reply = new_words(mail.text, [])
    kept = f"{reply.text}\n{reply.cut}"
    together = re.sub(r"[\W_]", "", canonical(visible(kept)))
    return {word for word in shown_words(message_from_bytes(raw)) - words_of(kept) if word not in together}


async def drop(gateway: Gateway, raw: bytes) -> tuple[int, str, float]:
    at = str(int(gateway.clock().timestamp()))
    headers = {TIMESTAMP: at, SIGNATURE: signature(SECRET, at, raw)}
    begun = time.monotonic()
    answer = await gateway.browser().post("/channels/email/drop", content=raw, headers=headers)
    outcome = answer.json().get("outcome", "") if answer.status_code == 200 else answer.text[:200]
    return answer.status_code, outcome, time.monotonic() - begun


def mails_in(folder: Path) -> dict[bytes, Path]:
    """Return every mail of the folder once, by what it holds."""
    files = [file for file in sorted(folder.rglob("*")) if file.is_file()]
    return {raw: file for file in files if (raw := file.read_bytes()).strip()}


async def main(folder: Path) -> int:
    logging.disable(logging.WARNING)
    mails = mails_in(folder)
    outcomes: Counter[str] = Counter()
    faults: list[str] = []
    words = 0
    with tempfile.TemporaryDirectory() as home:
        schema.upgrade(f"sqlite:///{home}/techref.db")
        async with open_gateway(Path(home), {"TECHREF_MAIL_DROP_SECRET": SECRET}) as gateway:
            for raw, file in mails.items():
                status, outcome, seconds = await drop(gateway, raw)
                outcomes[outcome if status == 200 else f"http {status}"] += 1
                if status != 200 or seconds > SLOW_SECONDS:
                    faults.append(f"{file.name}: {status} {outcome} in {seconds:.1f} s")
                gone = lost(raw)
                words += len(shown_words(message_from_bytes(raw)))
                if gone:
                    faults.append(f"{file.name}: {len(gone)} words lost, such as {sorted(gone)[:8]}")
    print(f"{len(mails)} mails, {words:,} words: {dict(outcomes.most_common())}")
    print(*faults, sep="\n")
    print(f"{len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(Path(sys.argv[1]))))
