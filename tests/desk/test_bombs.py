"""Uploads that are small on the way and huge when unpacked: nothing of ours unpacks them, or it stops in time."""

import gzip
import io
import struct
import zipfile
import zlib

import pytest

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.isolated import IsolatedReader
from tests.knowledge_base.files import pdf_of
from tests.support.gateway_fixture import Case, Gateway

ZEROS = b"\0" * 100_000_000


def zip_bomb() -> bytes:
    inner = io.BytesIO()
    with zipfile.ZipFile(inner, "w", zipfile.ZIP_DEFLATED) as packed:
        for number in range(10):
            packed.writestr(f"{number}.bin", ZEROS)
    outer = io.BytesIO()
    with zipfile.ZipFile(outer, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("inner.zip", inner.getvalue())
    return outer.getvalue()


def picture_bomb() -> bytes:
    """A PNG that says it is 60,000 by 60,000: ten gigabytes for whoever decodes it."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 60_000, 60_000, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(ZEROS)) + chunk(b"IEND", b"")


def pdf_bomb() -> bytes:
    """One page whose content is packed twice: a hundred bytes for a hundred megabytes."""
    packed = zlib.compress(zlib.compress(b"BT (x) Tj ET " * 10_000_000))
    stream = b"<< /Length %d /Filter [/FlateDecode /FlateDecode] >>\nstream\n%s\nendstream" % (len(packed), packed)
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 9 9] /Contents 4 0 R >>",
        stream,
    ]
    return pdf_of(objects)


async def keeps(case: Case, name: str, data: bytes) -> bytes:
    """What comes back of a file that the customer sent."""
    headers = {"Authorization": f"Bearer {case.token}"}
    address = f"/api/conversations/{case.conversation_id}/attachments"
    kept = await case.browser.post(address, headers=headers, files={"file": (name, data)})
    assert kept.status_code == 201, kept.text
    back = await case.browser.get(f"{address}/{kept.json()['attachment_id']}", headers=headers)
    return back.content


@pytest.mark.parametrize(("name", "make"), [("logs.zip", zip_bomb), ("screen.png", picture_bomb)])
async def test_what_customers_send_is_kept_as_it_is_and_never_unpacked(
    gateway: Gateway, name: str, make: object
) -> None:
    bomb = make()  # type: ignore[operator]
    assert len(bomb) < 1_000_000
    assert await keeps(await gateway.case(), name, bomb) == bomb


async def test_a_packed_request_is_not_unpacked(gateway: Gateway) -> None:
    case = await gateway.case()
    address = f"/api/conversations/{case.conversation_id}/messages"
    headers = {"Authorization": f"Bearer {case.token}", "Content-Encoding": "gzip"}
    body = gzip.compress(b'{"client_message_id": "a", "text": "' + ZEROS + b'"}')
    answer = await case.browser.post(address, content=body, headers=headers)
    assert answer.status_code == 422 and answer.json()["error"]["code"] == "not_json"


def test_a_pdf_that_unpacks_to_a_hundred_megabytes_costs_one_file() -> None:
    bomb, reader = pdf_bomb(), IsolatedReader(seconds=30, memory=1_000_000_000)
    assert len(bomb) < 5_000
    try:
        with pytest.raises(NotImported, match=r"^(broken|huge|empty)"):
            reader.read(bomb, "manual.pdf", ".pdf")
        assert reader.read(b"# Fine\n\nText", "fine.md", ".md")[0][0].title == "Fine"
    finally:
        reader.close()
