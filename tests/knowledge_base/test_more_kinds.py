"""reStructuredText, AsciiDoc, ODT and EPUB become pages like the others."""

import io
import zipfile

import pytest

from knowledge_base.importers.document import NotImported
from knowledge_base.importers.readers import read_file
from tests.knowledge_base.imported import imported, marked, text

RST = {
    "auto-numbered": ("#. One\n#. Two\n\n   More\n", "1. One\n2. Two\n   More"),
    "from five": ("5. Five\n#. Six\n", "5. Five\n6. Six"),
    "code with Sphinx' options": (
        "1. One\n\n   .. code-block:: sh\n      :emphasize-lines: 1\n\n      run\n\n2. Two\n",
        "1. One\n```\nrun\n```\n2. Two",
    ),
    "a note": (".. warning:: Save\n   first.\n", "> **Warning:** Save first."),
    "a note with a title": (".. admonition:: Mind\n\n   Save.\n", "> **Note: Mind**\n> Save."),
    "see also": (".. seealso::\n\n   Save.\n", "> **See also:** Save."),
    "tabs of sphinx-design": (
        ".. tab-set::\n\n   .. tab-item:: A\n\n      one\n\n   .. tab-item:: B\n      :sync: b\n\n      two\n",
        "**A**\none\n**B**\ntwo",
    ),
    "tabs of sphinx-tabs": (".. tabs::\n\n   .. group-tab:: A\n\n      one\n", "**A**\none"),
    "a version": (".. versionadded:: 2.1\n   The flag.\n", "_New in version 2.1:_ The flag."),
    "an option": (".. option:: -v, --verbose\n\n   Says more.\n", "`-v, --verbose`\nSays more."),
    "a directive of no library": (".. mystery:: Title\n   :odd: yes\n\n   Inside.\n", "**Title**\nInside."),
    "roles": (
        ":guilabel:`OK`, :menuselection:`File --> Save`, :kbd:`F5`, :py:func:`~os.path.join`, :term:`Ledger`\n",
        "**OK**, **File > Save**, `F5`, `join`, Ledger",
    ),
    "a reference by its heading": (
        "See :ref:`steps`.\n\n.. _steps:\n\nDo it\n-----\n\nNow.\n",
        "See Do it.\nNow.",
    ),
    "substitutions": (".. |x| replace:: Ledger\n\nThe |x| of |version| now.\n", "The Ledger of now."),
    "a link to nowhere": ("See `the guide`_ now.\n", "See the guide now."),
    "a picture": (".. image:: a.png\n   :alt: Main window\n", "_Picture: Main window_"),
    "a table": (".. list-table::\n   :header-rows: 1\n\n   * - Code\n     - Means\n   * - A\n     - B\n", "- **A**: B"),
    "what is not for readers": (
        ".. toctree::\n\n   a\n\n.. include:: /etc/passwd\n\n.. raw:: html\n\n   <b>x</b>\n\n.. index:: x\n\nText.\n",
        "Text.",
    ),
}


@pytest.mark.parametrize(("rst", "lines"), RST.values(), ids=RST)
def test_rst_is_read_with_what_sphinx_adds(rst: str, lines: str) -> None:
    document = imported(f":orphan:\n\nT\n=\n\n{rst}", "a.rst")
    assert document[0].title == "T" and "\n".join(section.marked for section in document[1]) == lines


def test_links_of_rst_lead_to_files_and_sections_keep_their_ids() -> None:
    document, sections = imported(
        "T\n=\n\n:doc:`/guide/back-up` :doc:`x <other>`\n\n.. _make:\n\nMake one\n--------\n\nText.\n", "deep/a.rst"
    )
    assert 'href="../guide/back-up.rst"' in document.html and 'href="other.rst"' in document.html
    assert sections[1].anchor == "make-one"


def test_a_page_of_contents_alone_is_left_out() -> None:
    with pytest.raises(NotImported, match=r"^left out: "):
        imported("Guide\n=====\n\n.. toctree::\n   :maxdepth: 1\n\n   a\n   b\n", "index.rst")


ADOC = {
    "steps with code": (
        ". One\n+\n[source,sh]\n----\nrun <1>\n----\n. Two\n.. Deep\n. Three\n",
        "1. One\n```\nrun\n```\n2. Two\n   1. Deep\n3. Three",
    ),
    "from four": ("[start=4]\n. Four\n. Five\n", "4. Four\n5. Five"),
    "written numbers": ("3. Three\n4. Four\n", "3. Three\n4. Four"),
    "a note": ("WARNING: Save first.\n", "> **Warning:** Save first."),
    "a box": ("[NOTE]\n.Mind\n====\nSave.\n\n* item\n====\n", "> **Note: Mind**\n> Save.\n> - item"),
    "terms": ("Port:: 7420\nUsers::\n  25\n", "Port\n7420\nUsers\n25"),
    "a table": ('[%header,cols="1,2"]\n|===\n|Code |Means\n\n|A\n|B\n|===\n', "- **A**: B"),
    "marks": (
        ":p: Ledger\n\n*{p}* `x` _y_ btn:[OK] kbd:[F5] menu:File[Save > As] https://x.example[site].\n",
        "**Ledger** `x` _y_ **OK** `F5` **File > Save > As** site.",
    ),
    "a picture": ("image::a.png[Main window,300]\n", "_Picture: Main window_"),
    "what is not for readers": ("// no\n////\nno\n////\ninclude::/etc/passwd[]\nText.\n", "Text."),
    "an old heading": ("Text.\n\nPart\n----\n\nMore.\n", "Text.\nMore."),
    "code is left alone": ("----\n* {p} *b* NOTE: x\n----\n", "```\n* {p} *b* NOTE: x\n```"),
}


@pytest.mark.parametrize(("adoc", "lines"), ADOC.values(), ids=ADOC)
def test_asciidoc_is_read(adoc: str, lines: str) -> None:
    document, sections = imported(f"= T\nAnn Author <a@x.example>\n:toc:\n\n{adoc}", "a.adoc")
    assert document.title == "T" and "\n".join(section.marked for section in sections) == lines


def test_asciidoc_has_the_anchors_of_asciidoctor_and_links_to_files() -> None:
    document, sections = imported(
        "= T\n\nSee <<make>>, xref:b.adoc#x[B].\n\n[#make]\n== Make one\n\nText.\n\n== Set it up\n\nText.\n",
        "a.adoc",
    )
    assert [section.anchor for section in sections] == ["", "make", "_set_it_up"]
    assert sections[0].text == "See Make one, B." and 'href="b.adoc#x"' in document.html


_NAMES = " ".join(
    f'xmlns:{short}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"'
    for short, name in (
        ("office", "office"), ("text", "text"), ("style", "style"), ("table", "table"), ("draw", "drawing"),
        ("svg", "svg-compatible"), ("fo", "xsl-fo-compatible"),
    )
)  # fmt: skip


def odt(body: str, styles: str = "", manifest: str = "<manifest/>") -> bytes:
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr("META-INF/manifest.xml", manifest)
        packed.writestr(
            "content.xml",
            f"<office:document-content {_NAMES}><office:automatic-styles>{styles}</office:automatic-styles>"
            f"<office:body><office:text>{body}</office:text></office:body></office:document-content>",
        )
    return written.getvalue()


ODT_STYLES = (
    '<style:style style:name="P1" style:parent-style-name="Title"/>'
    '<style:style style:name="P2" style:parent-style-name="Preformatted_20_Text"/>'
    '<style:style style:name="H"><style:text-properties text:display="none"/></style:style>'
    '<style:style style:name="T1" style:parent-style-name="Source_20_Text"/>'
    '<text:list-style style:name="L1"><text:list-level-style-number text:level="1" style:num-format="1"/>'
    "</text:list-style>"
    '<text:list-style style:name="L2"><text:list-level-style-bullet text:level="1"/></text:list-style>'
)


def listed(style: str, *items: str, goes_on: bool = False) -> str:
    inner = "".join(f"<text:list-item><text:p>{item}</text:p></text:list-item>" for item in items)
    more = ' text:continue-numbering="true"' if goes_on else ""
    return f'<text:list text:style-name="{style}"{more}>{inner}</text:list>'


def test_odt_is_read_by_its_styles() -> None:
    body = (
        '<text:p text:style-name="P1">Handbook</text:p><text:h text:outline-level="1">Printing</text:h>'
        '<text:p>Type <text:span text:style-name="T1">run</text:span>.</text:p>'
        f"{listed('L1', 'One', 'Two')}<text:p>Between.</text:p>{listed('L1', 'Three', goes_on=True)}"
        f"{listed('L2', 'Bullet')}"
        '<text:p text:style-name="P2">a<text:s text:c="2"/>b</text:p><text:p text:style-name="P2">c</text:p>'
        '<text:p text:style-name="H">Secret</text:p><text:tracked-changes><text:p>Old</text:p></text:tracked-changes>'
        "<text:p><draw:frame><draw:image/><svg:title>Main window</svg:title></draw:frame></text:p>"
        "<table:table><table:table-row><table:table-cell><text:p>A</text:p><text:p>B</text:p></table:table-cell>"
        "<table:table-cell><text:p>C</text:p></table:table-cell></table:table-row></table:table>"
    )
    document, (section,) = imported(odt(body, ODT_STYLES), "a.odt")
    assert (document.title, section.heading) == ("Handbook", "Printing")
    assert section.marked.split("\n") == [
        "Type `run`.",
        "1. One",
        "2. Two",
        "Between.",
        "3. Three",
        "- Bullet",
        "```",
        "a  b",
        "c",
        "```",
        "_Picture: Main window_",
        "- **A B**: C",
    ]


def epub(chapters: dict[str, str], order: str, **more: str) -> bytes:
    written = io.BytesIO()
    items = "".join(
        f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"'
        f"{' properties=' + chr(34) + 'nav' + chr(34) if name == 'nav' else ''}/>"
        for name in chapters
    )
    references = "".join(f'<itemref idref="{name}"/>' for name in order.split())
    with zipfile.ZipFile(written, "w") as packed:
        packed.writestr(
            "META-INF/container.xml",
            '<container><rootfiles><rootfile full-path="OEBPS/b.opf"/></rootfiles></container>',
        )
        packed.writestr("OEBPS/b.opf", f"<package><manifest>{items}</manifest><spine>{references}</spine></package>")
        for name, body in chapters.items():
            packed.writestr(
                f"OEBPS/{name}.xhtml", f"<html><head><title>{name}</title></head><body>{body}</body></html>"
            )
        for name, content in more.items():
            packed.writestr(name.replace("__", "/"), content)
    return written.getvalue()


def test_an_epub_is_its_chapters_in_reading_order() -> None:
    chapters = {
        "two": "<h1>Saving</h1><ol start='2'><li><p>Choose Save.</p></li></ol>",
        "nav": "<nav><ol><li>Contents</li></ol></nav>",
        "one": "<section><h1>Printing</h1><p>Choose Print.</p></section>",
        "cover": "<img src='c.png'/>",
    }
    found = read_file(epub(chapters, "cover nav one two"), "book.epub", ".epub")
    assert [(document.title, document.part, sections[0].text) for document, sections in found] == [
        ("Printing", "1", "Choose Print."),
        ("Saving", "2", "2. Choose Save."),
    ]


@pytest.mark.parametrize(
    ("content", "name", "reason"),
    [
        (b"PK nothing", "a.odt", "broken"),
        (odt("", manifest="<encryption-data/>"), "a.odt", "encrypted"),
        (odt(""), "a.odt", "empty"),
        (epub({}, ""), "a.epub", "empty"),
        (epub({"one": "<p>x</p>"}, "one", **{"META-INF__rights.xml": "<x/>"}), "a.epub", "encrypted"),
        (b"PK\x03\x04", "a.epub", "broken"),
        (b"\xff", "a.rst", "wrongly encoded"),
    ],
    # An archive holds the time at which it was made, which differs between the processes that collect the tests.
    ids=["no archive", "locked ODT", "empty ODT", "empty EPUB", "locked EPUB", "cut EPUB", "latin RST"],
)
def test_what_cannot_be_taken_is_said_in_words(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(NotImported, match=f"^{reason}"):
        imported(content, name)


def test_text_and_marks_of_a_page_agree() -> None:
    assert text("T\n=\n\n**b** ``c``\n", "a.rst") == "b c" and marked("T\n=\n\n**b** ``c``\n", "a.rst") == "**b** `c`"
