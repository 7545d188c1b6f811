"""The one notation: what is a mark, what a character, and that a printed tree is parsed as the same tree."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.triage.text.content import content_of
from bot.triage.text.markup import Block, Blocks, Inline, Inlines, Link, List, Paragraph, Quote, Text, words_of
from bot.triage.text.parse_markup import parse_markup
from bot.triage.text.print_lines import plain, to_notation
from tests.support.notation_cases import CASES, Case

# What marks are made of, and some words.
PIECES = st.sampled_from(
    [*"*_~`[]()<>|-.:/\\\n 1a", "**", "~~", "```", "- ", "1. ", "> ", "word", "https://x.example/a", "kim@a.example"]
)
MARKED = st.lists(PIECES, max_size=40).map("".join)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_plain_text_has_the_words_and_no_marks(case: Case) -> None:
    assert plain(case.text) == case.plain


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_a_printed_tree_is_parsed_as_the_same_tree(case: Case) -> None:
    blocks = parse_markup(case.text)
    assert parse_markup(to_notation(blocks)) == blocks


@given(MARKED)
def test_text_without_form_is_left_as_it_was_typed(text: str) -> None:
    if content_of(text, by_customer=False) is None:
        assert to_notation(parse_markup(text)) == text


@given(MARKED)
def test_plain_text_holds_no_link_that_shows_other_words(text: str) -> None:
    assert all(link.shows_its_target for link in links(parse_markup(plain(text))))


@given(MARKED)
def test_every_link_of_a_customer_shows_where_it_leads(text: str) -> None:
    for link in content_links(content_of(text, by_customer=True)):
        assert link["parts"] == [link["target"].removeprefix("mailto:")]


@given(MARKED)
def test_no_character_of_a_word_is_lost(text: str) -> None:
    def letters(one: str) -> str:
        return "".join(filter(str.isalnum, one))

    assert letters(plain(text)) == letters(text)


@pytest.mark.parametrize("mark", ["**a ", "*a ", "_a ", "~a ", "> ", "[a", "- a\n   ", "1. a\n", "***a ", "(", "`a"])
def test_marks_without_end_make_no_tree_too_deep_to_print(mark: str) -> None:
    text = mark * 3_000
    assert "a" not in mark or "a" in plain(text)


def links(blocks: Blocks) -> list[Link]:
    return [one for block in blocks for line in lines_of(block) for one in inline_links(line)]


def lines_of(block: Block) -> list[Inlines]:
    if isinstance(block, Paragraph):
        return list(block.lines)
    if isinstance(block, Quote):
        return [line for inner in block.blocks for line in lines_of(inner)]
    if isinstance(block, List):
        own = [line for item in block.items for line in item.lines]
        return own + [line for item in block.items for inner in item.lists for line in lines_of(inner)]
    return []


def inline_links(parts: Inlines) -> list[Link]:
    return [found for one in parts for found in _links_in(one)]


def _links_in(one: Inline) -> list[Link]:
    if isinstance(one, Link):
        return [one]
    return [] if isinstance(one, Text) or not hasattr(one, "parts") else inline_links(one.parts)


def content_links(content: object) -> list[dict[str, Any]]:
    if isinstance(content, list):
        return [link for one in content for link in content_links(one)]
    if not isinstance(content, dict):
        return []
    here = [content] if content.get("kind") == "link" else []
    return here + [link for value in content.values() for link in content_links(value)]


def test_the_words_of_a_form_are_those_it_shows() -> None:
    (paragraph,) = parse_markup("a **b _c_** `d`")
    assert isinstance(paragraph, Paragraph) and words_of(paragraph.lines[0]) == "a b c d"
