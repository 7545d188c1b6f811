"""Text both ways between Slack and us: nothing lost, nothing that pings, nothing over a limit."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.emoji_names import without_tones
from bot.channels.slack import render
from bot.channels.slack.parse_text import from_mrkdwn
from bot.channels.slack.render_text import to_mrkdwn
from bot.channels.split_text import split_text
from tests.support.fake_slack import check_blocks
from tests.support.notation_cases import CASES, Case

ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n"), max_size=400)
# What neither notation gives a meaning to.
PLAIN = st.text(
    st.characters(exclude_categories=["Cs", "Cc"], exclude_characters="*_~`[]<>-\u2022@"), min_size=1, max_size=200
).map(str.strip)


@pytest.mark.parametrize(
    ("slack", "ours"),
    [
        ("plain", "plain"),
        ("*bold* and _italic_ and ~gone~", "**bold** and _italic_ and ~~gone~~"),
        ("2*3*4 and a ~ b", "2*3*4 and a ~ b"),
        ("`a*b*` and ```x ~y~ z```", "`a*b*` and\n```\nx ~y~ z\n```"),
        ("*Important:* ~old~ <https://a.example/x|notes>", "**Important:** ~~old~~ [notes](https://a.example/x)"),
        ("\u2022 one\n\u2022 *two*\n1. three", "- one\n- **two**\n1. three"),
        ("`curl <https://a.example/x?y=1&amp;z=2>` &lt;", "`curl https://a.example/x?y=1&z=2` <"),
        ("```a &amp;lt; <https://a.example|a.example>```", "```\na &lt; a.example\n```"),
        ("&gt; their *words*\nmine", "> their **words**\nmine"),
        ("<https://a.example/[1] 2|a [b]>", "[a (b)](https://a.example/[1]%202)"),
        ("<https://a.example/x?y=1&amp;z=2>", "https://a.example/x?y=1&z=2"),
        ("<https://a.example/x|the page>", "[the page](https://a.example/x)"),
        ("<http://a.example|a.example>", "a.example"),
        ("<mailto:kim@a.example|kim@a.example>", "kim@a.example"),
        ("<mailto:kim@a.example>", "kim@a.example"),
        ("<tel:+15550100|555-0100>", "555-0100"),
        ("&lt;!here&gt; &amp;lt; a &lt; b", "<!here> &lt; a < b"),
        ("<@U0BOT> help", "help"),
        (":+1:", "\U0001f44d"),
        ("yep :tada: :thumbsup::skin-tone-3:", "yep \U0001f389 \U0001f44d"),
        (":disappointed: :x:", "\U0001f61e \u274c"),
        ("\U0001f44d\U0001f3fd", "\U0001f44d"),
        (":partyparrot: at 10:30:45 in `:tada:`", ":partyparrot: at 10:30:45 in `:tada:`"),
        ("<@U1KIM> and <@U2LEE|lee>", "@Kim Park and @lee"),
        ("<#C1|general> <#C2> <#C3|>", "#general #print-room #channel"),
        ("<@U9GONE> in `<@U1KIM>`", "@someone in `@Kim Park`"),
        ("<!here> <!channel> <!subteam^S1|@ops> <!date^1392734382^{date}|Feb 18>", "@here @channel @ops Feb 18"),
        ("<!subteam^S1>", "@group"),
    ],
)
def test_what_people_write_in_slack_reads_the_same_here(slack: str, ours: str) -> None:
    assert from_mrkdwn(slack, "U0BOT", {"U1KIM": "Kim Park", "C2": "print-room"}) == ours


@pytest.mark.parametrize(
    ("ours", "slack"),
    [
        ("plain", "plain"),
        ("**bold** and *italic* and _italic_ and ~~gone~~", "*bold* and _italic_ and _italic_ and ~gone~"),
        ("2 * 3 * 4 and 2*3*4", "2 * 3 * 4 and 2*3*4"),
        ("`a **b** <c>` rest", "`a **b** &lt;c&gt;` rest"),
        ("See https://a.example/x?y=1&z=2.", "See <https://a.example/x?y=1&amp;z=2>."),
        ("[the page](https://a.example/x)", "<https://a.example/x|the page>"),
        ("[a > b](https://a.example/(x)|y)", "<https://a.example/(x)%7Cy|a &gt; b>"),
        (
            "<!channel> <@U1> <#C1> & <https://a|b>",
            "&lt;!channel&gt; &lt;@U1&gt; &lt;#C1&gt; &amp; &lt;<https://a>|b&gt;",
        ),
    ],
)
def test_what_we_say_reads_the_same_in_slack(ours: str, slack: str) -> None:
    assert to_mrkdwn(ours) == slack


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_slack_shows_every_case_of_the_notation(case: Case) -> None:
    assert to_mrkdwn(case.text) == case.slack


@given(PLAIN)
def test_plain_text_survives_both_ways(text: str) -> None:
    assert from_mrkdwn(to_mrkdwn(text)) == without_tones(text)


@pytest.mark.parametrize(
    "written",
    [
        "*b* _i_ ~s~ `c`",
        "*b _i_* ~s~\n>a *quote*\n1. one\n\u2022 two",
        "<https://a.example|the page> and <https://b.example>",
        "a &lt; b &amp;&amp; c &gt; d",
    ],
)
def test_text_from_slack_goes_back_as_it_was(written: str) -> None:
    assert to_mrkdwn(from_mrkdwn(written)) == written


@given(ANY_TEXT)
def test_nothing_anybody_writes_can_ping(text: str) -> None:
    """Every ``<`` that is left begins a link of ours to the web or to a mailbox."""
    for found in re.finditer("<", to_mrkdwn(text)):
        rest = to_mrkdwn(text)[found.end() :]
        assert rest.startswith(("http://", "https://", "HTTP", "mailto:")) or rest.lower().startswith("http")


@given(ANY_TEXT, st.integers(20, 120))
def test_pieces_are_under_the_limit_and_lose_only_white_space(text: str, limit: int) -> None:
    text = text.replace("`", "'")
    pieces = split_text(text, limit)
    assert all(len(piece) <= limit for piece in pieces)
    assert re.sub(r"\s", "", "".join(pieces)) == re.sub(r"\s", "", text)


def test_long_text_is_cut_at_the_end_of_a_sentence() -> None:
    pieces = split_text("One is here. Two is here! Is three here? " * 40, 300)
    assert all(piece.endswith((".", "!", "?")) for piece in pieces)


def test_code_that_is_cut_is_closed_and_opened_again() -> None:
    pieces = split_text("```\n" + "line of code\n" * 100 + "```", 300)
    assert all(piece.count("```") == 2 for piece in pieces) and all(len(piece) <= 300 for piece in pieces)


@given(ANY_TEXT)
def test_any_text_makes_blocks_that_slack_takes(text: str) -> None:
    for piece in render.pieces(text * 12):
        check_blocks(render.words(piece))


def test_the_lines_of_a_summary_become_fields() -> None:
    text = "This is noted:\n• Problem: it <crashes>\n• Version: 12.2\n• Contact: kim@a.example\nIs that right?"
    before, fields, after = render.words(text)
    assert before["text"]["text"] == "This is noted:" and after["text"]["text"] == "Is that right?"
    assert [field["text"] for field in fields["fields"]][:2] == ["*Problem*\nit &lt;crashes&gt;", "*Version*\n12.2"]


def test_text_is_verbatim_so_that_slack_looks_for_no_names_in_it() -> None:
    (section,) = render.words("ask @channel or #general")
    assert section["text"]["verbatim"] is True
