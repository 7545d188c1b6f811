"""What each kind of file becomes, and what is said of those of which nothing can be taken."""

import multiprocessing

import pytest

from knowledge_base.importers.document import LARGEST_FILE, NotImported, Whole
from knowledge_base.importers.isolated import IsolatedReader, isolated_reader
from knowledge_base.importers.kinds import KINDS, file_kind
from knowledge_base.importers.pdf_file import _text
from knowledge_base.importers.readers import READERS, read_file
from tests.knowledge_base.files import docx, pdf

HTML = """<!doctype html><html><head><title>Reprint an invoice — Quillbook 12</title>
<link rel="canonical" href="https://docs.example/reprint.html"></head>
<body><nav><a href="/">Home</a> <a href="/all">All our products</a></nav>
<div role="main"><h1>Reprint an invoice<a class="headerlink" href="#reprint">¶</a></h1>
<p>An issued invoice can be printed again at any time. Its number does not change, nor does its date.</p>
<section id="steps"><h2>Steps<a href="#steps">¶</a></h2>
<ol start="3"><li>Choose <b>Customers</b>.</li><li>Choose Print Again.</li></ol>
<pre>print --again
  12</pre>
<table><tr><th>Code</th><th>Meaning</th></tr><tr><td>QB-2107</td><td>Printing stopped</td></tr></table></section>
<aside>Buy the premium edition now!</aside><script>alert(1)</script></div>
<footer>Copyright, imprint, cookies</footer></body></html>"""


def one(content: bytes | str, name: str) -> Whole:
    raw = content.encode() if isinstance(content, str) else content
    (found,) = read_file(raw, name, file_kind(name))
    return found


def lines(whole: Whole) -> dict[str, str]:
    return {section.heading: section.text for section in whole[1]}


def test_html_becomes_its_main_text_with_the_anchors_of_the_real_page() -> None:
    document, sections = one(HTML, "reprint.html")
    assert (document.title, document.url) == ("Reprint an invoice", "https://docs.example/reprint.html")
    assert [(section.anchor, section.heading) for section in sections] == [
        ("", "Reprint an invoice"),
        ("steps", "Steps"),
    ]
    assert sections[1].text.split("\n") == [
        "3. Choose Customers.",
        "4. Choose Print Again.",
        "print --again",
        "  12",
        "Code | Meaning",
        "QB-2107 | Printing stopped",
    ]
    whole = document.html + str(sections)
    for furniture in ("premium", "imprint", "products", "alert", "¶", "<script"):
        assert furniture not in whole, furniture


def test_html_that_marks_no_main_part_is_cleaned_by_readability() -> None:
    menu = "".join(f'<li><a href="/{n}">Product {n}</a></li>' for n in range(30))
    text = "<p>Quillbook keeps every invoice that was issued, and each of them can be printed again later.</p>" * 6
    document, sections = one(
        f"<html><head><title>Reprint | Quillbook</title></head><body><div><ul>{menu}</ul></div>"
        f"<div><h2 id='again'>Print again</h2>{text}</div></body></html>",
        "x.html",
    )
    assert document.title == "Reprint" and "Product 7" not in document.html
    assert ("again", "Print again") in [(section.anchor, section.heading) for section in sections]


def test_hostile_html_keeps_nothing_that_runs() -> None:
    document, _ = one(
        '<main><h1 id="x onmouseover=1">T</h1><p onclick="x()">Text that is long enough to be the main part of this '
        'page, with a <a href="javascript:alert(1)" style="x">link</a>, <img src=x onerror=alert(1)> and '
        '<svg><script>alert(1)</script></svg> <iframe src="https://evil.example"></iframe> words.</p></main>',
        "x.html",
    )
    for sign in ("javascript", "onclick", "onerror", "<svg", "<iframe", "style=", "alert"):
        assert sign not in document.html, sign


def test_markdown_of_site_generators_becomes_a_page() -> None:
    document, sections = one(
        "---\ntitle: Reprint\ntags:\n  - print\n---\n\n{{< note >}}\nText with <kbd>F5</kbd>.\n\n"
        "> [!NOTE]\n> Look out.\n\n## Again {#again}\n\n1. One\n2. Two\n",
        "guide/reprint.md",
    )
    assert document.title == "Reprint"
    assert lines((document, sections))["Reprint"] == "Text with F5.\nNote: Look out."
    assert "1. One\n2. Two" in sections[1].text and "{{<" not in document.html


@pytest.mark.parametrize(
    ("text", "title"),
    [("# First\n\nText", "First"), ("+++\ntitle = 'Toml'\n+++\nText", "Toml"), ("Just text", "Some file")],
)
def test_markdown_is_named_by_front_matter_heading_or_file(text: str, title: str) -> None:
    document, sections = one(text, "some-file.md")
    assert document.title == title and sections[0].text in ("Text", "Just text")


def test_pdf_without_an_outline_becomes_stretches_of_pages_that_can_be_opened() -> None:
    found = read_file(pdf([f"Invoice matter number {n}\n{n + 1}" for n in range(12)]), "manual.pdf", ".pdf")
    assert [document.title for document, _ in found] == ["Pages 1 to 10", "Pages 11 to 12"]
    assert found[1][1][0].anchor == "page=11" and found[1][1][0].text == "Invoice matter number 10"


def test_pdf_is_divided_by_its_outline() -> None:
    content = pdf(["Cover", "How to print", "More on printing", "How to back up"], [("Printing", 1), ("Backup", 3)])
    found = {document.title: sections for document, sections in read_file(content, "m.pdf", ".pdf")}
    assert list(found) == ["Printing", "Backup"]
    assert "More on printing" in found["Printing"][0].text and found["Backup"][0].anchor == "page=4"


@pytest.mark.parametrize(
    "title", ["untitled", "(anonymous)", "Microsoft Word - x.doc", "C:\\docs\\x.fm", "manual.indd"]
)
def test_a_pdf_is_named_by_its_file_where_its_title_is_none(title: str) -> None:
    document, _ = one(pdf(["First words of it."], title=title), "user-guide.pdf")
    assert document.title == "User guide"


def test_ligatures_of_a_pdf_are_letters() -> None:
    assert _text("con\ufb01gure the \ufb01le, bu\ufb00er, so\u00adft") == "configure the file, buffer, soft"


def test_docx_keeps_headings_and_paragraphs() -> None:
    document, sections = one(
        docx([("Heading1", "Reprint"), ("Normal", "At any time."), ("Heading2", "Steps"), ("Normal", "Choose Print.")]),
        "manual.docx",
    )
    assert document.title == "Reprint"
    assert lines((document, sections)) == {"Reprint": "At any time.", "Steps": "Choose Print."}


def test_text_is_named_by_its_first_line() -> None:
    document, sections = one("Reprint\n\nChoose Print.\nThen wait.\n\nDone & <ready>.", "a.txt")
    assert document.title == "Reprint" and sections[0].text == "Choose Print.\nThen wait.\nDone & <ready>."


UNREADABLE = [
    (b"", "a.md", "empty"),
    (b"   \n", "a.html", "empty"),
    (b"<html><body><script>1</script></body></html>", "a.html", "empty"),
    (b"---\ntitle: Only a title\n---\n", "a.md", "empty"),
    ("é".encode("latin-1"), "a.md", "wrongly encoded"),
    (b"<meta charset='klingon'><p>x</p>", "a.html", "wrongly encoded"),
    (b"<meta charset='utf-8'><p>\xe9\xff</p>", "a.html", "wrongly encoded"),
    (b"text\0binary", "a.txt", "broken"),
    (b"---\nkey: [unclosed\n---\ntext", "a.md", "broken"),
    (b"not a pdf at all", "a.pdf", "broken"),
    (pdf(["text"])[:200], "a.pdf", "broken"),
    (pdf([""]), "a.pdf", "empty"),
    (pdf(["secret"], password="open sesame"), "a.pdf", "encrypted"),
    (b"PK\x03\x04 not whole", "a.docx", "broken"),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"x" * 600, "a.docx", "encrypted"),
    (docx([("Normal", "x")], filler=210_000_000), "a.docx", "huge"),
    (docx([]), "a.docx", "empty"),
    (b"a" * (LARGEST_FILE + 1), "a.txt", "huge"),
    (b"word " * 300_000, "a.txt", "huge"),
]


@pytest.mark.parametrize(("content", "name", "reason"), UNREADABLE, ids=[f"{n}-{r}" for _, n, r in UNREADABLE])
def test_what_cannot_be_taken_is_said_in_words(content: bytes, name: str, reason: str) -> None:
    with pytest.raises(NotImported, match=f"^{reason}"):
        read_file(content, name, file_kind(name))


def test_declared_encodings_and_byte_order_marks_are_kept_to() -> None:
    for content in (
        "<meta charset='iso-8859-1'><main>Größe der Rechnung ist in diesem Text wichtig</main>".encode("latin-1"),
        "\ufeff<main>Größe der Rechnung ist in diesem Text wichtig</main>".encode("utf-16-le"),
    ):
        assert "Größe" in one(content, "a.html")[1][0].text


def test_a_reader_that_hangs_or_dies_costs_one_file() -> None:
    with isolated_reader() as reader:
        assert reader.read(b"# Fine\n\nText", "a.md", ".md")[0][0].title == "Fine"
        with pytest.raises(NotImported, match="encrypted"):
            reader.read(pdf(["x"], password="y"), "a.pdf", ".pdf")
        child = multiprocessing.active_children()[0]
        child.kill()
        child.join()
        with pytest.raises(NotImported, match="died"):
            reader.read(b"# Lost", "b.md", ".md")
        assert reader.read(b"# Fine\n\nText", "c.md", ".md")[0][0].title == "Fine"
    slow = IsolatedReader(seconds=0.01)
    with pytest.raises(NotImported, match="took more than"):
        slow.read(b"# Never", "d.md", ".md")
    assert multiprocessing.active_children() == []


def test_a_reader_may_not_take_all_memory() -> None:
    bomb = docx([("Normal", "w")] * 60_000)
    assert len(bomb) < 50_000
    small = IsolatedReader(memory=250_000_000)
    try:
        with pytest.raises(NotImported, match="memory"):
            small.read(bomb, "a.docx", ".docx")
        assert small.read(b"# Fine\n\nText", "c.md", ".md")[0][0].title == "Fine"
    finally:
        small.close()


def test_every_kind_has_its_reader() -> None:
    assert set(READERS) == KINDS
