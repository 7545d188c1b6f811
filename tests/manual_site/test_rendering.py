"""Pages become safe HTML whose headings carry the anchors that the search links to."""

import re

from bot.manual_site.rendering import Heading, render, sanitise_excerpt
from knowledge_base.pages import Page, Section, page_from_markdown


def _imported(html: str, *sections: Section, source_url: str | None = None) -> Page:
    return Page("imported", "Imported", "Other", sections, source_url=source_url, html=html)


def test_headings_carry_the_anchors_of_the_pages_sections() -> None:
    text = "Text.\n\n## What's *new* & `odd`?\n\nMore.\n\n### Steps\n\nx\n\n## Steps\n\ny\n"
    page = page_from_markdown("p", text)
    body = render(page)
    anchors = [section.anchor for section in page.sections if section.anchor]
    assert [heading.anchor for heading in body.headings] == anchors
    assert body.headings[0] == Heading(anchors[0], "What's new & odd?", 2)
    assert body.headings[1].level == 3
    for anchor in anchors:
        assert f'id="{anchor}"' in body.html and f'href="#{anchor}"' in body.html
    assert len(set(anchors)) == 3


def test_scripts_handlers_styles_and_frames_of_an_imported_page_are_gone() -> None:
    hostile = (
        '<h2 id="q-top" onclick="steal()">Hello</h2><script>steal()</script><style>*{display:none}</style>'
        '<p style="position:fixed">a</p><a href="javascript:steal()">b</a><img src=x onerror=steal()>'
        '<iframe src="//evil.example"></iframe><form action="//evil.example"><input name=q></form>'
        '<svg><script>steal()</script></svg><base href="//evil.example/">'
        '<meta http-equiv="refresh" content="0">'
    )
    body = render(_imported(hostile, Section("hello", "Hello", "a"))).html
    assert re.search(r"script|style|onerror|onclick|steal|iframe|form|input|svg|base|meta|img", body) is None
    assert '<h2 id="hello">' in body
    assert "q-top" not in body


def test_an_imported_heading_cannot_break_out_of_its_anchors_label() -> None:
    body = render(_imported("<h2>A &quot;&gt;&lt;b x=&quot;</h2>", Section("a", 'A "><b x="', "t"))).html
    assert '<b x="' not in body
    assert 'aria-label="Link to this section: A &quot;&gt;&lt;b x=&quot;"' in body


def test_relative_links_of_an_imported_page_lead_to_where_it_came_from() -> None:
    html = '<p><a href="../other.html">x</a> <a href="#part">y</a></p>'
    body = render(_imported(html, source_url="https://docs.example/guide/page.html")).html
    assert 'href="https://docs.example/other.html"' in body
    assert 'href="#part"' in body


def test_a_second_main_heading_of_an_imported_page_becomes_a_section() -> None:
    body = render(_imported("<h1>Part</h1><p>t</p>", Section("part", "Part", "t")))
    assert body.headings == (Heading("part", "Part", 2),)
    assert "<h1" not in body.html


def test_a_heading_that_no_section_knows_is_shown_without_an_anchor() -> None:
    sections = (Section("", "Imported", "intro"), Section("b", "B", "t"))
    body = render(_imported("<h2>A</h2><h2>B</h2>", *sections))
    assert "<h2>A</h2>" in body.html
    assert [heading.anchor for heading in body.headings] == ["b"]


def test_do_not_lines_are_set_apart_and_other_quotations_are_not() -> None:
    page = page_from_markdown("p", "## A\n\n> **Do not** do it. It hurts.\n\n> Someone said so.\n")
    body = render(page).html
    assert body.count('<blockquote class="do-not">') == 1
    assert body.count("<blockquote>") == 1


def test_html_and_comments_typed_into_markdown_do_nothing() -> None:
    page = page_from_markdown("p", "## A\n\n<!-- for the editor -->\n\n<script>steal()</script>\n\n**b**\n")
    body = render(page).html
    assert "for the editor" not in body
    assert "<script" not in body
    assert "<strong>b</strong>" in body


def test_tables_can_be_scrolled_by_keyboard() -> None:
    body = render(page_from_markdown("p", "## A\n\n| a | b |\n|---|---|\n| 1 | 2 |\n")).html
    assert '<div class="table" role="region" aria-label="Table" tabindex="0"><table>' in body


def test_an_excerpt_keeps_its_marks_and_nothing_else() -> None:
    excerpt = '<mark class="x">print</mark> &lt;b&gt; <b>it</b><script>steal()</script><mark onclick="x()">now</mark>'
    assert sanitise_excerpt(excerpt) == "<mark>print</mark> &lt;b&gt; it<mark>now</mark>"
