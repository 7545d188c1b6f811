"""Attacks by whoever writes what the manual import reads: files without end, sites that lead into our network."""

import io
import resource
import socket
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from zlib import compress

import httpx

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.isolated import IsolatedReader
from knowledge_base.importers.web import Site
from tests.attack.attacks import Try, attack, held
from tests.attack.target import Target
from tests.knowledge_base.files import docx, pdf_of

SECONDS, MEMORY = 20.0, 1_000_000_000
MOST_GROWTH = 300_000_000
PUBLIC, PRIVATE = "93.184.215.14", "127.0.0.1"
WORD = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
# The same number as the resolver of the system reads it.
LOOPBACK = ("127.0.0.1", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "localhost", "[::1]", "[::ffff:7f00:1]")


def with_document(markup: str) -> bytes:
    """A Word document with this XML as its text."""
    written = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx([("Normal", "x")]))) as sound, zipfile.ZipFile(written, "w", 8) as packed:
        for name in sound.namelist():
            packed.writestr(name, markup if name == "word/document.xml" else sound.read(name))
    return written.getvalue()


def with_false_sizes(packed: bytes) -> bytes:
    """The same zip file, whose list says that each part is of one byte."""
    content, at = bytearray(packed), packed.find(b"PK\x01\x02")
    while at >= 0:
        content[at + 24 : at + 28] = (1).to_bytes(4, "little")
        at = packed.find(b"PK\x01\x02", at + 4)
    return bytes(content)


def with_pages(kids: str, count: int, more: str = "") -> bytes:
    """A PDF whose third object is its one page, and whose tree of pages says it has these children."""
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] >>"
    tree = f"<< /Type /Pages /Kids [{kids}] /Count {count} {more} >>".encode()
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page])


def with_content(packed: bytes, filters: int) -> bytes:
    """A PDF whose one page has this content, packed so many times."""
    names = "/FlateDecode " * filters
    head = f"<< /Length {len(packed)} /Filter [{names}] >>\nstream\n".encode()
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents 4 0 R >>"
    tree = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    return pdf_of([b"<< /Type /Catalog /Pages 2 0 R >>", tree, page, head + packed + b"\nendstream"])


def nested(opening: str, closing: str, depth: int) -> str:
    return opening * depth + "x" + closing * depth


def bombs() -> dict[str, tuple[bytes, str]]:
    """(content, kind) by name: small on the way, huge or endless when read."""
    laughs = "".join(f'<!ENTITY l{n + 1} "{f"&l{n};" * 10}">' for n in range(12))
    body = f"<w:document {WORD}><w:body>{{}}</w:body></w:document>"
    entity = f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]>' + body.format("<w:p><w:r><w:t>&l12;</w:t></w:r></w:p>")
    outside = '<!DOCTYPE x [<!ENTITY f SYSTEM "file:///etc/passwd">]>' + body.format(
        "<w:p><w:r><w:t>&f;</w:t></w:r></w:p>"
    )
    tables = nested("<w:tbl><w:tr><w:tc>", "</w:tc></w:tr></w:tbl>", 50_000)
    return {
        "DOCX with 300 MB of zeros": (docx([("Normal", "x")], filler=300_000_000), ".docx"),
        "DOCX with false sizes": (with_false_sizes(docx([("Normal", "x" * 50_000_000)])), ".docx"),
        "DOCX of entities within entities": (with_document(entity), ".docx"),
        "DOCX with a file of ours": (with_document(outside), ".docx"),
        "DOCX of tables within tables": (with_document(body.format(tables)), ".docx"),
        "DOCX of a million paragraphs": (docx([("Normal", "w")] * 1_000_000), ".docx"),
        "PDF packed twice": (with_content(compress(compress(b"BT (x) Tj ET " * 10_000_000)), 2), ".pdf"),
        "PDF of pages that hold themselves": (with_pages("2 0 R", 1), ".pdf"),
        "PDF of a million pages": (with_pages("3 0 R " * 1_000_000, 1_000_000), ".pdf"),
        "PDF that says a billion pages": (with_pages("3 0 R", 1_000_000_000), ".pdf"),
        "PDF of arrays within arrays": (with_pages("3 0 R", 1, "/X " + "[" * 100_000 + "]" * 100_000), ".pdf"),
        "HTML of elements within elements": (nested("<div>", "</div>", 200_000).encode(), ".html"),
        "Markdown of quotes within quotes": ((">" * 200_000 + " x").encode(), ".md"),
    }


@attack("files of a manual that unpack to gigabytes, or have no end")
def unpacked(_target: Target) -> Iterator[Try]:
    reader, own, made = IsolatedReader(SECONDS, MEMORY), b"root:", bombs()
    try:
        reader.read(b"# Warm\n\nText", "warm.md", ".md")
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        for name, (content, kind) in made.items():
            began, problem = time.monotonic(), ""
            try:
                if any(own in document.html.encode() for document, _ in reader.read(content, f"a{kind}", kind)):
                    problem = "it holds a file of ours"
            except NotImported:
                pass
            took = time.monotonic() - began
            yield held(name, unless=bool(problem) or took > SECONDS + 5, saying=problem or f"{took:.0f} s")
            fine = reader.read(b"# Fine\n\nText", "fine.md", ".md")[0][0].title
            yield held(f"the file after {name}", unless=fine != "Fine", saying="it is not read")
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1024
        yield held("memory of the importer", unless=grown > MOST_GROWTH, saying=f"{grown // 1_000_000} MB more")
    finally:
        reader.close()


@contextmanager
def resolving(answers: Callable[[str], Sequence[str]]) -> Iterator[None]:
    """Let names resolve to these numbers, in this process."""
    real = socket.getaddrinfo

    def resolve(host: str, port: int, *_: object, **__: object) -> list[tuple[int, int, int, str, tuple[str, int]]]:
        return [(2, 1, 6, "", (number, port)) for number in answers(host)]

    socket.getaddrinfo = resolve  # type: ignore[assignment]
    try:
        yield
    finally:
        socket.getaddrinfo = real


def asked_of(
    answers: list[list[str]], location: str = "/again", address: str = "http://manual.example/a"
) -> tuple[list[str], str]:
    """The numbers that are connected to while a name resolves to one answer after the other, and what came of it."""
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.host)
        return httpx.Response(302, headers={"Location": location})

    left = list(answers)
    site = Site(address)
    site.close()
    site._client = httpx.Client(transport=httpx.MockTransport(answer))
    with resolving(lambda _host: left.pop(0) if len(left) > 1 else left[0]):
        try:
            site.fetch(address)
            return asked, "it was imported"
        except NotImported as error:
            return asked, str(error)
        finally:
            site.close()


@attack("a site that leads the manual import into our own network")
def into_our_network(_target: Target) -> Iterator[Try]:
    for host in LOOPBACK:
        site = Site(f"http://{host}:9/")
        try:
            site.fetch(f"http://{host}:9/a")
            yield held(host, unless=True)
        except NotImported as error:
            refused = "private network" in str(error) or "no address" in str(error)
            yield held(host, unless=not refused, saying=str(error))
        finally:
            site.close()
    changing = {
        "a name that is ours at the second look": [[PUBLIC], [PRIVATE]],
        "a name that is ours at the third look": [[PUBLIC], [PUBLIC], [PRIVATE]],
        "a name of a public and a private number": [[PUBLIC, PRIVATE]],
        "a name of the metadata service": [["169.254.169.254"]],
        "a name that changes back and forth": [[PUBLIC], [PRIVATE], [PUBLIC]],
    }
    for name, answers in changing.items():
        asked, reason = asked_of(answers)
        connected = any(number != PUBLIC for number in asked)
        yield held(name, unless=connected or "private network" not in reason, saying=f"{asked}: {reason}")
    for host in (*LOOPBACK, "169.254.169.254", "manual.example@127.0.0.1", "manual.example.evil.example"):
        asked, reason = asked_of([[PUBLIC]], f"http://{host}/latest/meta-data/")
        yield held(f"a redirect to {host}", unless=asked != [PUBLIC], saying=f"{asked}: {reason}")
    for location in ("file:///etc/passwd", "gopher://127.0.0.1/", "//127.0.0.1/", "http://manual.example:22/"):
        asked, reason = asked_of([[PUBLIC]], location)
        yield held(f"a redirect to {location}", unless=asked != [PUBLIC], saying=f"{asked}: {reason}")
