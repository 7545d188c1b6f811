"""Numbered steps keep their numbers, however the list is written."""

import pytest

from knowledge_base.importers.section_lines import sections_of
from tests.knowledge_base.imported import imported, marked, text

LISTS = {
    "loose": ("<ol><li><p>One</p><p>More</p></li><li><p>Two</p></li></ol>", "1. One\nMore\n2. Two"),
    "boxes": ("<ol><li><div><div>One</div></div></li><li><div>Two</div></li></ol>", "1. One\n2. Two"),
    "start": ('<ol start="4"><li>Four</li><li>Five</li></ol>', "4. Four\n5. Five"),
    "value": ('<ol><li>One</li><li value="9">Nine</li><li>Ten</li></ol>', "1. One\n9. Nine\n10. Ten"),
    "reversed": ("<ol reversed><li>Two</li><li>One</li></ol>", "2. Two\n1. One"),
    "letters": ('<ol type="a"><li>A</li><li>B</li></ol>', "a. A\nb. B"),
    "by class": ('<ol class="lowerroman simple"><li>A</li><li>B</li></ol>', "i. A\nii. B"),
    "nested": ("<ol><li>One<ol><li><p>In</p></li></ol></li><li>Two</li></ol>", "1. One\n1. In\n2. Two"),
    "code first": ("<ol><li><pre>run it</pre></li><li>Two</li></ol>", "1. run it\n2. Two"),
    "quote first": ("<ol><li><blockquote>Said</blockquote></li><li>Two</li></ol>", "1. Said\n2. Two"),
    "open items": ("<ol><li>One<li>Two</ol>", "1. One\n2. Two"),
}


@pytest.mark.parametrize(("html", "lines"), LISTS.values(), ids=LISTS)
def test_steps_of_html_keep_their_numbers(html: str, lines: str) -> None:
    assert text(f"<main><h1>T</h1>{html}</main>", "a.html") == lines


def test_a_heading_within_a_step_leaves_the_number_to_its_first_line() -> None:
    (section,) = sections_of("T", "<ol><li><h2>Install</h2><p>Run it.</p></li></ol>")
    assert (section.heading, section.text) == ("Install", "1. Run it.")


MARKDOWN = {
    "loose": ("1. One\n\n   More\n\n2. Two\n", "1. One\n   More\n2. Two"),
    "from three": ("3. Three\n4. Four\n", "3. Three\n4. Four"),
    "code between": ("1. One\n\n   ```\n   run\n   ```\n\n2. Two\n", "1. One\n```\nrun\n```\n2. Two"),
    "parted by a note": ("1. One\n\n!!! note\n    Mind.\n\n2. Two\n", "1. One\n> **Note:** Mind.\n2. Two"),
}


@pytest.mark.parametrize(("markdown", "lines"), MARKDOWN.values(), ids=MARKDOWN)
def test_steps_of_markdown_are_steps_in_our_notation(markdown: str, lines: str) -> None:
    assert marked(markdown, "a.md") == lines


def test_numbers_alone_stay() -> None:
    html = "<main><h1>T</h1><dl><dt>Port</dt><dd>7420</dd></dl><p>25</p><table><tr><td>3</td></tr></table></main>"
    assert text(html, "a.html") == "Port\n7420\n25\n3"


def test_words_of_blocks_and_lines_stay_apart() -> None:
    html = (
        "<main><h1>T</h1><table><tr><th>Do<br>this</th><td><p>one</p><p>two</p></td><td><ul><li>a</li><li>b</li></ul>"
        "</td></tr></table><div>left</div><div>right <b>bold</b><p>below</p>rest</div><h2>Part<br>two</h2>text</main>"
    )
    document, sections = imported(html, "a.html")
    assert sections[0].text == "Do this | one two | a b\nleft\nright bold\nbelow\nrest"
    assert sections[1].heading == "Part two" and "leftright" not in document.html
