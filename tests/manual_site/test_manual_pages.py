"""The manual's own files keep what docs/manual-style.md asks of them."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from ruamel.yaml import YAML

MANUAL = Path("knowledge_base/manual")
QUESTIONS = Path("tests/knowledge_base/manual_questions.jsonl")
CODE = re.compile(r"QB-\d{4}")


@dataclass(frozen=True)
class Source:
    """One file of the manual, its front matter and its text."""

    path: Path
    about: dict[str, object]
    text: str

    @property
    def slug(self) -> str:
        return self.path.stem


def _read(path: Path) -> Source:
    opening, front, text = path.read_text(encoding="utf-8").split("---\n", 2)
    assert opening == ""
    return Source(path, dict(YAML(typ="safe").load(front)), text)


SOURCES = [_read(path) for path in sorted(MANUAL.rglob("*.md"))]
each_page = pytest.mark.parametrize("source", SOURCES, ids=lambda source: source.slug)


@each_page
def test_page_has_title_chapter_and_order_and_nothing_else(source: Source) -> None:
    assert set(source.about) == {"title", "chapter", "order"}
    assert isinstance(source.about["title"], str) and isinstance(source.about["chapter"], str)
    assert isinstance(source.about["order"], int)


@each_page
def test_page_has_a_readable_length_and_three_to_seven_sections(source: Source) -> None:
    assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", source.slug)
    assert 250 <= len(re.findall(r"[\w'’-]+", source.text)) <= 600
    assert 3 <= len(re.findall(r"^## ", source.text, re.MULTILINE)) <= 7
    assert not re.search(r"^# ", source.text, re.MULTILINE)


@each_page
def test_page_begins_with_what_it_is_about(source: Source) -> None:
    first = source.text.strip().splitlines()[0]
    assert first[0] not in "#>-|" and not first[0].isdigit()


@each_page
def test_every_quoted_block_is_a_do_not_line_that_gives_its_reason(source: Source) -> None:
    for block in re.findall(r"(?:^>.*\n?)+", source.text, re.MULTILINE):
        assert block.startswith("> **Do not** ")
        assert len(block.split()) >= 12


@each_page
def test_headings_of_a_page_differ(source: Source) -> None:
    headings = re.findall(r"^#{2,3} (.+)$", source.text, re.MULTILINE)
    assert [heading for heading, times in Counter(headings).items() if times > 1] == []


def test_there_are_pages_enough_in_chapters_that_stay_together() -> None:
    assert len(SOURCES) >= 32
    assert len({source.slug for source in SOURCES}) == len(SOURCES)
    assert len({source.about["order"] for source in SOURCES}) == len(SOURCES)
    hundreds: dict[object, set[int]] = {}
    for source in SOURCES:
        order = source.about["order"]
        assert isinstance(order, int)
        hundreds.setdefault(source.about["chapter"], set()).add(order // 100)
    assert len(hundreds) >= 10
    assert [chapter for chapter, numbers in hundreds.items() if len(numbers) != 1] == []
    assert len(set.union(*hundreds.values())) == len(hundreds)


def test_every_error_code_mentioned_has_one_entry_on_its_groups_page() -> None:
    entries: dict[str, list[str]] = {}
    for source in SOURCES:
        for code in re.findall(r"^### (QB-\d{4}) \w", source.text, re.MULTILINE):
            entries.setdefault(code, []).append(source.slug)
    mentioned = {code for source in SOURCES for code in CODE.findall(source.text)}
    assert mentioned == set(entries)
    assert [code for code, places in entries.items() if len(places) > 1] == []
    groups: dict[str, set[str]] = {}
    for code, places in entries.items():
        groups.setdefault(places[0], set()).add(code[3])
    assert [page for page, figures in groups.items() if len(figures) > 1] == []


@pytest.mark.parametrize(
    "slug",
    ["back-up-your-company", "restore-a-backup", "company-file-damaged", "update-quillbook", "close-the-year",
     "import-a-bank-statement", "quillbook-closes-when-printing", "record-locked-by-another-user"],
)  # fmt: skip
def test_pages_on_data_and_running_jobs_say_what_not_to_do(slug: str) -> None:
    [source] = [source for source in SOURCES if source.slug == slug]
    assert "\n> **Do not** " in source.text


def test_questions_name_real_pages_and_reach_every_page() -> None:
    lines = [json.loads(line) for line in QUESTIONS.read_text(encoding="utf-8").splitlines()]
    slugs = {source.slug for source in SOURCES}
    answerable = [line for line in lines if line["doc_ids"]]
    assert len(answerable) >= 120 and len(lines) - len(answerable) >= 40
    assert {slug for line in lines for slug in line["doc_ids"]} == slugs
    assert len({line["question"].lower() for line in lines}) == len(lines)


def test_questions_are_in_customers_words_and_not_the_headings() -> None:
    headings = {str(source.about["title"]).lower() for source in SOURCES}
    headings |= {h.lower() for s in SOURCES for h in re.findall(r"^#{2,3} (.+)$", s.text, re.MULTILINE)}
    lines = QUESTIONS.read_text(encoding="utf-8").splitlines()
    asked = [json.loads(line)["question"].lower().strip(" ?!.") for line in lines]
    assert [question for question in asked if question in headings] == []
