from pathlib import Path

import pytest

from knowledge_base.corpus import CorpusUnreadable, read_corpus, read_questions
from knowledge_base.pages import PageUnreadable, Section, page_from_markdown, read_manual, slugify
from knowledge_base.pieces import LONGEST_PIECE, split_page, split_text
from tests.knowledge_base.samples import REPRINT, ROUTER

MANUAL = Path(__file__).parents[2] / "knowledge_base/manual"


def test_front_matter_and_headings_become_a_page_with_sections() -> None:
    page = page_from_markdown("reprint", REPRINT)
    assert (page.title, page.chapter, page.order, page.source_url) == ("Reprint an invoice", "Invoices", 1, None)
    assert [(s.anchor, s.heading) for s in page.sections] == [
        ("", "Reprint an invoice"),
        ("reprint-one-invoice", "Reprint one invoice"),
        ("what-can-go-wrong", "What can go wrong"),
    ]
    assert page.sections[1].text.splitlines()[0] == "1. Choose Customers > Invoices."


def test_numbered_steps_keep_their_numbers_and_tables_their_rows() -> None:
    page = page_from_markdown(
        "x", "# T\n\n3. three\n4. four\n\n| a | b |\n|---|---|\n| `c` | *d* |\n\n```\nping 1\n```\n"
    )
    marked = "3. three\n4. four\n- **`c`**: _d_\n```\nping 1\n```"
    assert page.sections == (Section("t", "T", "3. three\n4. four\na | b\nc | d\nping 1", marked),)


def test_our_notation_keeps_bold_menu_paths_nested_lists_and_quotes() -> None:
    (section,) = page_from_markdown(
        "x",
        "Choose **File > Open**, see [there](y).\n\n1. One `x`\n   more\n   - inner\n2. Two\n\n   again\n\n"
        "> **Do not** stop.\n",
    ).sections
    assert section.marked.splitlines() == [
        "Choose **File > Open**, see there.",
        "1. One `x` more",
        "   - inner",
        "2. Two",
        "   again",
        "> **Do not** stop.",
    ]


def test_html_and_comments_in_markdown_are_text_or_nothing() -> None:
    (section,) = page_from_markdown("x", "<script>alert(1)</script> hello <!-- note to self -->").sections
    assert section.text == "<script>alert(1)</script> hello"


@pytest.mark.parametrize(
    ("headings", "anchors"),
    [
        (["What can go wrong?", "What can go wrong?"], ["what-can-go-wrong", "what-can-go-wrong-1"]),
        (["Éléments & co.", "QB-4001: not found"], ["éléments--co", "qb-4001-not-found"]),
        (["a", "a-1", "a"], ["a", "a-1", "a-2"]),
        (["!!!", "請求書"], ["section", "請求書"]),
    ],
)
def test_anchors_are_githubs_and_never_repeat(headings: list[str], anchors: list[str]) -> None:
    taken: set[str] = set()
    assert [slugify(heading, taken) for heading in headings] == anchors


def test_folder_is_read_in_the_order_of_its_pages(tmp_path: Path) -> None:
    for name, order in (("b", 2), ("a", 10), ("c", 1)):
        (tmp_path / f"{name}.md").write_text(f"---\ntitle: {name}\norder: {order}\n---\ntext")
    assert [page.slug for page in read_manual(tmp_path)] == ["c", "b", "a"]


def test_every_unreadable_page_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "latin.md").write_bytes("Größe".encode("latin-1"))
    (tmp_path / "front.md").write_text("---\nno colon here\n---\n")
    (tmp_path / "order.md").write_text("---\norder: first\n---\n")
    for folder in ("one", "two"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "twice.md").write_text("text")
    with pytest.raises(PageUnreadable) as raised:
        read_manual(tmp_path)
    for name in ("latin.md", "front.md", "order.md", "twice"):
        assert name in str(raised.value)


def test_missing_manual_is_said(tmp_path: Path) -> None:
    with pytest.raises(PageUnreadable, match="does not exist"):
        read_manual(tmp_path / "nowhere")


def test_the_products_own_manual_is_readable_and_its_anchors_are_unique() -> None:
    pages = read_manual(MANUAL)
    assert len(pages) >= 30
    for page in pages:
        anchors = [section.anchor for section in page.sections]
        assert len(set(anchors)) == len(anchors), page.slug


def test_address_of_a_piece_opens_its_heading_on_the_page_it_came_from() -> None:
    own, imported = (split_page(page_from_markdown("p", text)) for text in (REPRINT, ROUTER))
    assert [piece.url for piece in own] == ["/manual/p", "/manual/p#reprint-one-invoice", "/manual/p#what-can-go-wrong"]
    assert imported[0].url == "https://manual.example/network?page=4#server-not-found"


@pytest.mark.parametrize("text", ["word " * 1000, "A sentence of five words. " * 200, "line of four words\n" * 300])
def test_long_text_is_split_without_losing_a_word(text: str) -> None:
    stretches = split_text(text)
    assert len(stretches) > 1
    assert all(len(stretch.split()) <= LONGEST_PIECE for stretch in stretches)
    assert " ".join(stretches).split() == text.split()


def test_text_without_spaces_is_split_too() -> None:
    stretches = split_text("請求書を再印刷するには。" * 500)
    assert len(stretches) > 2 and "".join("".join(stretches).split()) == "請求書を再印刷するには。" * 500


def test_corpus_lines_become_pages_and_questions(tmp_path: Path) -> None:
    corpus, questions = tmp_path / "c.jsonl", tmp_path / "q.jsonl"
    corpus.write_text('{"doc_id": "a", "title": "T", "text": "x\\ny", "url": "https://e.example/a"}\n\n')
    questions.write_text('{"question": "q", "doc_ids": ["a"]}\n{"question": "r", "doc_ids": []}\n')
    (page,) = read_corpus(corpus)
    assert (page.slug, page.title, page.source_url) == ("a", "T", "https://e.example/a")
    assert [(q.text, q.doc_ids) for q in read_questions(questions)] == [("q", frozenset({"a"})), ("r", frozenset())]


@pytest.mark.parametrize("line", ["not json", "[1]", '{"doc_id": "a"}', '{"doc_id": "a", "title": 1}'])
def test_bad_corpus_line_is_named(tmp_path: Path, line: str) -> None:
    corpus = tmp_path / "c.jsonl"
    corpus.write_text(line)
    with pytest.raises(CorpusUnreadable, match=r"c\.jsonl line 1"):
        read_corpus(corpus)
