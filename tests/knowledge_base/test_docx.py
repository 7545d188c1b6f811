"""Read a Word document by its styles, and leave out the text that it hides."""

from tests.knowledge_base.files import docx_of
from tests.knowledge_base.imported import imported, marked, text

STYLES = "".join(
    f'<w:style w:type="{kind}" w:styleId="{style}"><w:name w:val="{name}"/>{rest}</w:style>'
    for kind, style, name, rest in (
        ("paragraph", "Titel", "Title", ""),
        ("paragraph", "berschrift1", "heading 1", ""),
        ("paragraph", "Kapitel", "Our chapter", '<w:basedOn w:val="berschrift1"/>'),
        ("paragraph", "Teil", "Our part", '<w:pPr><w:outlineLvl w:val="1"/></w:pPr>'),
        ("paragraph", "Quelle", "Source Code", ""),
        ("paragraph", "Intern", "Internal", "<w:rPr><w:vanish/></w:rPr>"),
        ("paragraph", "Warnung", "Warning", ""),
        ("character", "Wort", "Verbatim Char", ""),
    )
)
NUMBERS = """<w:abstractNum w:abstractNumId="0">
<w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="decimal"/></w:lvl>
<w:lvl w:ilvl="1"><w:start w:val="1"/><w:numFmt w:val="lowerLetter"/></w:lvl></w:abstractNum>
<w:abstractNum w:abstractNumId="1"><w:lvl w:ilvl="0"><w:numFmt w:val="bullet"/></w:lvl></w:abstractNum>
<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="0"/>
<w:lvlOverride w:ilvl="0"><w:startOverride w:val="1"/></w:lvlOverride></w:num>
<w:num w:numId="3"><w:abstractNumId w:val="1"/></w:num>"""


def paragraph(words: str, style: str = "", run: str = "", number: str = "", level: int = 0) -> str:
    numbered = f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{number}"/></w:numPr>' if number else ""
    named = f'<w:pStyle w:val="{style}"/>' if style else ""
    return f"<w:p><w:pPr>{named}{numbered}</w:pPr><w:r><w:rPr>{run}</w:rPr><w:t>{words}</w:t></w:r></w:p>"


def test_the_title_style_names_the_page_and_styles_based_on_headings_are_headings() -> None:
    body = paragraph("Handbook", "Titel") + "".join(
        paragraph(words, style) + paragraph(f"About {words}.")
        for words, style in (("Printing", "berschrift1"), ("Saving", "Kapitel"), ("Disks", "Teil"))
    )
    document, sections = imported(docx_of(body, STYLES), "a.docx")
    assert document.title == "Handbook" and "Handbook" not in document.html
    assert [section.heading for section in sections] == ["Printing", "Saving", "Disks"]
    assert "<h2" in document.html


def test_hidden_text_is_not_published() -> None:
    body = (
        paragraph("Shown.")
        + paragraph("Secret one.", run="<w:vanish/>")
        + paragraph("Secret two.", "Intern")
        + paragraph("Shown again.", "Intern", run='<w:vanish w:val="0"/>')
    )
    assert text(docx_of(body, STYLES), "a.docx") == "Shown.\nShown again."


def test_code_and_notes_are_what_they_are() -> None:
    body = (
        paragraph("Type")
        + paragraph("run it", "Quelle")
        + paragraph("run on", "Quelle")
        + paragraph("name", run='<w:rStyle w:val="Wort"/>')
        + paragraph("Save first.", "Warnung")
    )
    assert marked(docx_of(body, STYLES), "a.docx") == (
        "Type\n```\nrun it\nrun on\n```\n`name`\n> **Warning:** Save first."
    )


def test_steps_go_on_counting_after_a_paragraph_and_begin_again_where_the_list_does() -> None:
    body = (
        paragraph("One", number="1")
        + paragraph("Between.")
        + paragraph("Two", number="1")
        + paragraph("in it", number="1", level=1)
        + paragraph("Three", number="1")
        + paragraph("Bullet", number="3")
        + paragraph("Again", number="2")
    )
    assert text(docx_of(body, STYLES, NUMBERS), "a.docx") == (
        "1. One\nBetween.\n2. Two\n1. in it\n3. Three\nBullet\n1. Again"
    )


def test_words_of_merged_cells_stay_apart_and_deleted_text_is_left_out() -> None:
    cells = f'<w:tc><w:tcPr><w:gridSpan w:val="2"/></w:tcPr>{paragraph("No paper")}{paragraph("Load some")}</w:tc>'
    deleted = '<w:p><w:del w:id="1"><w:r><w:delText>Old</w:delText></w:r></w:del><w:r><w:t>New</w:t></w:r></w:p>'
    assert text(docx_of(f"<w:tbl><w:tr>{cells}</w:tr></w:tbl>{deleted}"), "a.docx") == "No paper Load some\nNew"
