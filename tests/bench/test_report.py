"""What the benchmarks write: the page between its marks, the charts, and stock's project. They measure elsewhere."""

import xml.etree.ElementTree as ElementTree
from pathlib import Path

import pytest
from ruamel.yaml import YAML

from bench import charts, page
from bench.rasa import Figure, Target, last_line, part_of_page
from bench.stock import project
from bench.turns import DIALOGUE

ROWS = [
    Figure("processor_ms", "processor time of a turn, ms", 20.0, 50.0, Target(times=1.7)),
    Figure("turns_per_second", "turns a second", 60.0, 20.0, Target(times=2), more=True),
    Figure("memory_mb", "memory, MB", 650.0, 1300.0, Target(most=700)),
]


def test_only_the_part_between_the_marks_is_renewed() -> None:
    written = f"before\n{page.begin_mark('x')}\nold\n{page.end_mark('x')}\nafter\n"
    once = page.renewed(written, "x", "new")
    assert once == f"before\n{page.begin_mark('x')}\n\nnew\n\n{page.end_mark('x')}\nafter\n"
    assert page.renewed(once, "x", "new") == once


def test_a_page_without_the_marks_is_refused() -> None:
    with pytest.raises(ValueError, match="no marks of x"):
        page.renewed("before", "x", "new")


def test_page_has_the_marks_of_every_benchmark_that_writes() -> None:
    written = page.PAGE.read_text(encoding="utf-8")
    for name in ("bench-rasa",):
        assert page.begin_mark(name) in written and page.end_mark(name) in written


def test_more_turns_and_less_of_anything_else_count_as_better() -> None:
    assert [one.times for one in ROWS] == [2.5, 3.0, 2.0]
    assert '"times_better": {"processor_ms": 2.5, "turns_per_second": 3.0, "memory_mb": 2.0}' in last_line(ROWS)
    assert "| memory, MB | 650 | 1,300 | 2.00 | 700 |" in part_of_page(ROWS, 4, 1.0)


def test_longest_bar_of_each_group_has_the_whole_width() -> None:
    groups = [charts.Group(one.label, (one.ours, one.stock)) for one in ROWS]
    drawn = ElementTree.fromstring(charts.bars("Both", ("ours", "stock"), groups))
    widths = [float(one.get("width", 0)) for one in drawn.iter() if one.tag.endswith("rect")]
    assert widths[2:] == [152.0, 380.0, 380.0, 126.7, 190.0, 380.0]


def test_stock_project_answers_every_intent_and_knows_every_line(tmp_path: Path) -> None:
    project.write(tmp_path, epochs=1)
    domain = YAML(typ="safe").load((tmp_path / "domain.yml").read_text())
    rules = YAML(typ="safe").load((tmp_path / "data" / "rules.yml").read_text())["rules"]
    answered = {step["intent"] for rule in rules for step in rule["steps"] if "intent" in step}
    assert answered == set(domain["intents"]) and "greet" in answered
    assert list(project.UNDERSTOOD) == list(DIALOGUE)
