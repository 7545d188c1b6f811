"""The words and the files of a mail, from whatever parts its program has made of them."""

import logging
import mimetypes
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from email.message import Message

from tnefparse import TNEF

from bot.channels.email import headers
from bot.channels.email.decode import decoded
from bot.channels.html_text import plain_of_html
from bot.triage.text.plain_text import visible

log = logging.getLogger(__name__)

# Nobody nests deeper; a mail that does is read to here.
DEEPEST = 20
MOST_PARTS = 500
MOST_HTML = 2_000_000
# A logo of a signature, or the picture of one dot with which newsletters count their readers.
SMALLEST_PICTURE = 4_000
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}
# Signatures and cards that come with every mail of some people, for programs and not for readers.
_FOR_PROGRAMS = {
    "application/pgp-signature",
    "application/pkcs7-signature",
    "application/x-pkcs7-signature",
    "application/pgp-keys",
    "text/vcard",
    "text/x-vcard",
    "text/x-amp-html",
    "message/delivery-status",
    "text/rfc822-headers",
}
_FORWARDED = ("From", "Date", "Subject", "To")


@dataclass(frozen=True)
class MailFile:
    name: str
    data: bytes


@dataclass
class Contents:
    """``texts`` are those of the parts, in the order in which a reader sees them."""

    texts: list[str] = field(default_factory=list)
    files: tuple[MailFile, ...] = ()

    @property
    def text(self) -> str:
        return "\n\n".join(one for one in self.texts if one.strip()).strip()


def contents_of(message: Message) -> Contents:
    """Return the words of every part that is shown and the files that came along."""
    texts: list[str] = []
    files: list[MailFile] = []
    for part in _shown(message, 0):
        kind = part.get_content_type()
        if kind in _FOR_PROGRAMS:
            continue
        if kind == "message/rfc822":
            texts.append(_forwarded(part))
        elif kind in _TNEF:
            inner = _unpacked(_data(part))
            texts += inner.texts if not any(texts) else []
            files += inner.files
        elif _is_text(part):
            texts.append(_words(part))
        else:
            files += _file(part)
    return Contents(texts, tuple(files))


def _shown(part: Message, depth: int) -> Iterator[Message]:
    """Yield the parts that a mail program shows, of alternatives the one that is read best."""
    if depth > DEEPEST or not part.is_multipart() or part.get_content_type() == "message/rfc822":
        yield part
        return
    inner = [one for one in part.get_payload() if isinstance(one, Message)][:MOST_PARTS]
    if part.get_content_type() == "multipart/alternative":
        inner = _best(inner)
    for one in inner:
        yield from _shown(one, depth + 1)


def _best(alternatives: list[Message]) -> list[Message]:
    """Return the plain text if it says something, else the others: each alternative says the same."""
    plain = [one for one in alternatives if one.get_content_type() == "text/plain" and visible(_words(one)).strip()]
    calendar = [one for one in alternatives if one.get_content_type() == "text/calendar"]
    if plain:
        return [plain[0], *(one for one in alternatives if one.is_multipart() and _has_files(one))]
    others = [one for one in alternatives if one not in calendar]
    return others[-1:] or alternatives[-1:]


def _has_files(part: Message) -> bool:
    return any(not one.is_multipart() and one.get_content_maintype() != "text" for one in part.walk())


def _is_text(part: Message) -> bool:
    """Return whether a part is words of the mail and no file. Apple Mail sends several, with pictures between."""
    return (
        part.get_content_type() in ("text/plain", "text/html", "text/enriched")
        and _disposition(part) != "attachment"
        and not _name(part)
    )


def _words(part: Message) -> str:
    text = decoded(_data(part), _charset(part))
    if part.get_content_type() != "text/plain":
        return plain_of_html(text, (), MOST_HTML)
    return _unfolded(text, part) if _parameter(part, "format").lower() == "flowed" else visible(text)


def _unfolded(text: str, part: Message) -> str:
    """Return flowed text with its paragraphs in one line each (https://www.rfc-editor.org/rfc/rfc3676)."""
    drops_space, lines = _parameter(part, "delsp").lower() == "yes", list[str]()
    goes_on = False
    for line in text.replace("\r\n", "\n").split("\n"):
        quoted = line.startswith(">")
        body = line[1:] if line.startswith(" ") else line
        before = lines[-1] if lines else ""
        if goes_on and not quoted and body != "-- " and not before.startswith(">"):
            lines[-1] = (before[:-1] if drops_space else before) + body
        else:
            lines.append(body)
        goes_on = body.endswith(" ") and body != "-- "
    return visible("\n".join(line.rstrip() if line != "-- " else line for line in lines))


def _forwarded(part: Message) -> str:
    """Return a mail that was passed on as a file: who wrote it when, and its words."""
    payload = part.get_payload()
    inner = payload[0] if isinstance(payload, list) and payload else None
    if not isinstance(inner, Message):
        return visible(decoded(_data(part), None))
    about = [f"{name}: {value}" for name in _FORWARDED if (value := headers.text(inner, name))]
    return "\n".join([*about, "", contents_of(inner).text])


def _file(part: Message) -> list[MailFile]:
    kind, data = part.get_content_type(), _data(part)
    inline = _disposition(part) != "attachment" and part.get_content_maintype() == "image"
    if not data or (inline and len(data) < SMALLEST_PICTURE):
        return []
    name = _name(part) or f"file{mimetypes.guess_extension(kind) or ''}"
    return [MailFile(name, data)]


def _unpacked(data: bytes) -> Contents:
    """Return what Outlook has packed into a winmail.dat; the file itself where it cannot be read."""
    try:
        packed = TNEF(data)
        body = packed.htmlbody or packed.body or b""
        text = body if isinstance(body, str) else decoded(body, None)
        words = plain_of_html(text, (), MOST_HTML) if packed.htmlbody else visible(text)
        found = ((one.long_filename() or one.name or "file", one.data) for one in packed.attachments)
        files = [MailFile(str(name), bytes(content)) for name, content in found]
    except Exception as error:  # noqa: BLE001 - this reader raises whatever the bytes lead it to; the file is kept
        log.warning("a winmail.dat cannot be read: %s", type(error).__name__)
        return Contents([], (MailFile("winmail.dat", data),))
    return Contents([words], tuple(one for one in files if one.data))


def _data(part: Message) -> bytes:
    try:
        payload = part.get_payload(decode=True)
    except (ValueError, LookupError, AssertionError):
        payload = str(part.get_payload()).encode("utf-8", "surrogateescape")
    return payload if isinstance(payload, bytes) else b""


def _charset(part: Message) -> str | None:
    return _parameter(part, "charset") or None


def _parameter(part: Message, name: str) -> str:
    """Return a parameter of Content-Type; empty for one that cannot be read."""
    return _asked(part, "Content-Type", name)


def _disposition(part: Message) -> str:
    values = headers.raw(part, "Content-Disposition")
    return (re.split(r"[\s;]", values[0].strip())[0] if values else "").lower()


def _name(part: Message) -> str:
    """Return the name of a file, in readable characters and without folders."""
    written = _asked(part, "Content-Disposition", "filename") or _asked(part, "Content-Type", "name")
    return " ".join(visible(headers.readable(written)).replace("\\", "/").rpartition("/")[2].split())[:200]


def _asked(part: Message, header: str, name: str) -> str:
    try:
        value = part.get_param(name, "", header)
    except (ValueError, LookupError, AttributeError, TypeError):
        return ""
    if isinstance(value, tuple):
        charset, _, told = value
        return decoded(told.encode("latin-1", "replace"), charset) if charset else str(told)
    return str(value or "")
