"""Words on their way in and out: nothing lost, nothing that acts."""

import json
import re
import time
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.html_text import plain_of_html, plain_of_text
from bot.channels.render_html import to_html
from bot.channels.split_text import split_text
from bot.channels.teams.parse import read
from bot.channels.teams.render import TEXT_BYTES, size
from bot.channels.teams.render_summary import take_apart
from tests.support.notation_cases import CASES, Case

FIXTURES = Path(__file__).parent / "fixtures"
WORDS = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zs", "Zl", "Zp"]), min_size=1, max_size=12)


def fixture(name: str) -> Any:
    return json.loads((FIXTURES / f"{name}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("<p>one</p><p>two</p>", "one\ntwo"),
        ("<div>one<br>two</div>", "one\ntwo"),
        ('<a href="https://x.example/a?b=1&amp;c=2">the page</a>', "[the page](https://x.example/a?b=1&c=2)"),
        ('<a href="https://x.example/">https://x.example</a>', "https://x.example/"),
        ('<a href="mailto:kim@x.example">kim@x.example</a>', "kim@x.example"),
        ('<a href="javascript:alert(1)">click</a>', "click"),
        ("<strong>very</strong> <em>odd</em> <s>gone</s>", "**very** _odd_ ~~gone~~"),
        ("<ul><li>a</li><li>b<ul><li>c</li></ul></li></ul>", "- a\n- b\n  - c"),
        ("<ol><li>a</li><li>b</li></ol>", "1. a\n2. b"),
        ("<p>x</p><pre>a  b\n  c</pre><p>y</p>", "x\n```\na  b\n  c\n```\ny"),
        ("run <code>repair</code>", "run `repair`"),
        ("<blockquote><p>their words</p></blockquote><p>mine</p>", "> their words\nmine"),
        ("1 &lt; 2 &amp; 3&nbsp;4", "1 < 2 & 3 4"),
        ("&lt;b&gt;typed&lt;/b&gt;", "<b>typed</b>"),
        ('<img alt="🙂" itemtype="http://schema.skype.com/Emoji" src="https://x/y">', "🙂"),
        ('<img alt="image" src="https://x/y" itemtype="http://schema.skype.com/AMSImage">', ""),
        ("<script>alert(1)</script><style>p{}</style>words", "words"),
        ('<at id="0">TechRef</at> hello', "hello"),
        ('<attachment id="1"> forwarded', "forwarded"),
        ("<b><i>unclosed", "**_unclosed_**"),
        ("x<b> </b>y and <b>z </b>too", "x y and **z** too"),
        ("<ol><li>a<ol><li>b</li></ol></li><li><p>c</p><p>d</p></li></ol>", "1. a\n   1. b\n2. c\nd"),
        ("<table><tr><th>a</th><td>b<br>c</td></tr><tr><td>d</td></tr></table>", "a b c\nd"),
        ("<p>a</p><p>&nbsp;</p><div><br></div><h2>b</h2><hr>c", "a\n\nb\nc"),
        ("<?xml:namespace prefix = o /><!-- no --><o:p>from Word</o:p>", "from Word"),
        ("https://x.example", "https://x.example"),
        ('<video src="https://x.example/v"></video><q>said</q>', "said"),
        ("</p></ul></blockquote></pre></a>still here", "still here"),
    ],
)
def test_of_a_message_in_html_the_words_arrive(html: str, text: str) -> None:
    assert plain_of_html(html, without=["TechRef"]) == text


@pytest.mark.parametrize(
    "tags",
    ["<b>" * 20_000, "<blockquote>" * 8_000, "<b id=1><p>" * 8_000, "<ul><li>" * 500],
    ids=lambda tags: tags[:12],
)
def test_html_that_is_nested_without_end_gives_its_words_and_takes_no_time_or_memory_to_speak_of(tags: str) -> None:
    began = time.process_time()
    text = plain_of_html(f"{tags}deep", without=[])
    assert text.endswith("deep") and len(text) < 2 * len(tags)
    assert time.process_time() - began < 10


def test_a_list_of_thousands_is_numbered_in_one_pass() -> None:
    began = time.process_time()
    text = plain_of_html("<ol>" + "<li>a</li>" * 9_000 + "</ol>", without=[])
    assert text.endswith("\n9000. a") and time.process_time() - began < 10


@pytest.mark.parametrize(
    ("said", "text"),
    [
        ("<at>TechRef</at> hello\n", "hello"),
        ("<at>TechRef</at>", ""),
        ('<at id="0">techref</at>&nbsp;hi', "hi"),
        ("ask <at>Lee Okoro</at> please", "ask Lee Okoro please"),
        ("a &lt; b", "a < b"),
    ],
)
def test_the_mention_of_the_bot_is_not_part_of_what_was_said(said: str, text: str) -> None:
    assert plain_of_text(said, without=["TechRef"]) == text


def test_a_formatted_message_keeps_links_lists_code_and_names() -> None:
    heard = read(fixture("formatted_message"))
    assert heard.text == (
        "See [the log](https://files.example.com/log?id=1&v=2) and Lee Okoro says 🙂:\n"
        "```\nerror  3021\n  at print()\n```\n"
        "- it is **urgent**\n- we tried `repair`\n1 < 2 & done"
    )


def test_the_bot_is_recognised_by_the_name_of_its_app_too() -> None:
    activity = fixture("channel_message")
    activity["entities"][0] |= {"text": "<at>Quillbook Support</at>"}
    activity["text"] = "<at>Quillbook Support</at> hello"
    activity["attachments"] = []
    assert read(activity).text == "hello" and read(activity).to_us
    mention = '<span itemtype="http://schema.skype.com/Mention">Quillbook Support</span>'
    activity["attachments"] = [{"contentType": "text/html", "content": f"<p>{mention} hello</p>"}]
    assert read(activity).text == "hello"


def test_the_quoted_message_of_a_reply_is_not_said_again() -> None:
    assert read(fixture("quoted_reply")).text == "12.2.1"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("plain", "plain"),
        ("a\n\nb", "a<br><br>b"),
        ("  indented", "&nbsp;&nbsp;indented"),
        ("<at>Everyone</at> & co", "&lt;at&gt;Everyone&lt;/at&gt; &amp; co"),
        (
            "see https://x.example/a_b?c=1&d=2.",
            'see <a href="https://x.example/a_b?c=1&amp;d=2">https://x.example/a_b?c=1&amp;d=2</a>.',
        ),
        ("[the page](https://x.example/)", '<a href="https://x.example/">the page</a>'),
        ("[no](javascript:alert(1))", "[no](javascript:alert(1))"),
        ("**yes** and `code` and ~~no~~", "<b>yes</b> and <code>code</code> and <s>no</s>"),
        ("```\na < b\n  c\n```", "<pre>a &lt; b\n  c</pre>"),
        ("*.qbk, *.bak and 2 * 3 ** 4 and __init__", "*.qbk, *.bak and 2 * 3 ** 4 and __init__"),
        (r"C:\new_files\_old", r"C:\new_files\_old"),
        ("1. first\n# not a heading", "<ol><li>first</li></ol># not a heading"),
    ],
)
def test_our_text_is_shown_as_it_was_written(text: str, html: str) -> None:
    assert to_html(text) == html


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_teams_shows_every_case_of_the_notation(case: Case) -> None:
    assert to_html(case.text) == case.teams


@settings(deadline=None)
@given(st.text(max_size=400))
def test_nobodys_words_become_a_tag_of_their_own(text: str) -> None:
    allowed = {"a", "b", "i", "s", "code", "pre", "br", "ul", "ol", "li", "blockquote"}
    rest = to_html(text)
    for part in rest.split("<")[1:]:
        assert part.lstrip("/").split(">")[0].split(" ")[0] in allowed
    assert "<at" not in rest


@settings(deadline=None)
@given(
    st.lists(
        st.one_of(
            WORDS.filter(lambda word: not set(word) & set("*~`[]()<>&_#-|\\")).map(str),
            st.just("**bold words**"),
            st.just("`a  code`"),
            st.just("[a link](https://x.example/p?q=1&r=2)"),
            st.just("~~gone~~"),
            st.just("https://y.example/path"),
            st.just("- an item"),
            st.just("\n"),
        ),
        min_size=1,
        max_size=12,
    )
)
def test_what_goes_out_and_comes_back_is_the_same_text(parts: list[str]) -> None:
    text = " ".join(parts).replace(" \n ", "\n").strip()
    there = plain_of_html(to_html(text), without=["TechRef"])
    assert without_gaps(there) == without_gaps(plain_of_text(text, without=["TechRef"]))


def without_gaps(text: str) -> str:
    """Return the text without the empty lines and the indentation that Teams has around lists by itself."""
    return re.sub(r"\n\s*", "\n", text).replace("a  code", "a code")


def test_a_long_message_is_cut_at_sentence_ends() -> None:
    sentence = "This sentence is one of very many in a long report. "
    parts = split_text(sentence * 600, TEXT_BYTES, size)
    assert len(parts) > 1
    assert all(size(part) <= TEXT_BYTES and part.rstrip().endswith("report.") for part in parts)
    assert " ".join(parts).split() == (sentence * 600).split()


@settings(deadline=None)
@given(st.text(alphabet=st.sampled_from("ab .\n<😀é&"), max_size=400), st.integers(min_value=150, max_value=500))
def test_pieces_are_small_enough_as_html_and_lose_no_word(text: str, most: int) -> None:
    parts = split_text(text, most, size)
    assert all(size(part) <= most for part in parts)
    assert "".join("".join(part.split()) for part in parts) == "".join(text.split())


def test_the_lines_of_a_summary_are_taken_from_its_sentences() -> None:
    said = take_apart("This is what I've noted:\n• Version: 12.2\n• Error: it says: no paper\nIs that right?")
    assert said.text == "This is what I've noted:\nIs that right?"
    assert said.lines == (("Version", "12.2"), ("Error", "it says: no paper"))


@pytest.mark.parametrize(
    "text", ["• one: line", "• a\n• b", "• a: b\n• c: " + "long " * 1000, "• a: b\nx\n• c: d", "plain", ""]
)
def test_what_is_no_summary_stays_text(text: str) -> None:
    assert take_apart(text).text == text and not take_apart(text).lines
