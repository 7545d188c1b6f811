"""Files of the kinds that people keep manuals in, small and made here."""

import io
import zipfile
from collections.abc import Sequence

from pypdf import PdfReader, PdfWriter

_DOCX_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="xml" ContentType="application/xml"/>
<Override PartName="/word/document.xml"
 ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>"""
_DOCX_RELS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Id="r1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
 Target="word/document.xml"/></Relationships>"""
_WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def pdf_of(objects: Sequence[bytes]) -> bytes:
    """A PDF of these objects, the first of which is its catalogue."""
    written = io.BytesIO(b"%PDF-1.4\n")
    written.seek(0, io.SEEK_END)
    places = []
    for number, body in enumerate(objects, 1):
        places.append(written.tell())
        written.write(b"%d 0 obj\n%s\nendobj\n" % (number, body))
    start = written.tell()
    written.write(b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1))
    written.write(b"".join(b"%010d 00000 n \n" % place for place in places))
    written.write(b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start))
    return written.getvalue()


def pdf(pages: Sequence[str], chapters: Sequence[tuple[str, int]] = (), password: str = "", title: str = "") -> bytes:
    """A PDF with a line of text for each line of a page; ``chapters`` are (title, page from 0) of its outline."""
    objects = [b"<< /Type /Catalog /Pages 2 0 R >>", b""]
    objects.append(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>")
    numbers = []
    for text in pages:
        lines = "".join(f"({line}) Tj T* " for line in text.splitlines())
        stream = f"BT /F1 12 Tf 14 TL 72 720 Td {lines}ET".encode("latin-1")
        objects.append(b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream))
        objects.append(
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Resources << /Font << /F1 3 0 R >> >> "
            b"/Contents %d 0 R >>" % len(objects)
        )
        numbers.append(len(objects))
    kids = " ".join(f"{number} 0 R" for number in numbers)
    objects[1] = f"<< /Type /Pages /Kids [{kids}] /Count {len(numbers)} >>".encode()
    written = io.BytesIO(pdf_of(objects))
    if not chapters and not password and not title:
        return written.getvalue()
    writer = PdfWriter()
    writer.append(PdfReader(written))
    for chapter, page in chapters:
        writer.add_outline_item(title=chapter, page_number=page)
    if title:
        writer.add_metadata({"/Title": title})
    if password:
        writer.encrypt(password)
    changed = io.BytesIO()
    writer.write(changed)
    return changed.getvalue()


def docx_of(body: str, styles: str = "", numbering: str = "") -> bytes:
    """A Word document of this body, with parts for styles and numbering."""
    written = io.BytesIO()
    named = {"document": f"<w:body>{body}</w:body>", "styles": styles, "numbering": numbering}
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _DOCX_TYPES)
        packed.writestr("_rels/.rels", _DOCX_RELS)
        relations = ""
        for part, content in named.items():
            if content or part == "document":
                packed.writestr(f"word/{part}.xml", f'<w:{part} xmlns:w="{_WORD}">{content}</w:{part}>')
            if content and part != "document":
                kind = f"http://schemas.openxmlformats.org/officeDocument/2006/relationships/{part}"
                relations += f'<Relationship Id="{part}" Type="{kind}" Target="{part}.xml"/>'
        around = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        packed.writestr("word/_rels/document.xml.rels", f"{around}{relations}</Relationships>")
    return written.getvalue()


def docx(paragraphs: Sequence[tuple[str, str]], filler: int = 0) -> bytes:
    """A Word document of (style, text) paragraphs; ``filler`` zero bytes lie in it as well, packed to nothing."""
    body = "".join(
        f'<w:p><w:pPr><w:pStyle w:val="{style}"/></w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>'
        for style, text in paragraphs
    )
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr("[Content_Types].xml", _DOCX_TYPES)
        packed.writestr("_rels/.rels", _DOCX_RELS)
        packed.writestr("word/document.xml", f'<w:document xmlns:w="{_WORD}"><w:body>{body}</w:body></w:document>')
        if filler:
            packed.writestr("word/media/huge.bin", b"\0" * filler)
    return written.getvalue()
