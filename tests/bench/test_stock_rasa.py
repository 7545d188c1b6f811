"""The comparison with stock Rasa: its project is whole, chart and page can be drawn. Measuring takes too long here."""

import runpy
import sqlite3
import sys
import xml.etree.ElementTree as ElementTree
from contextlib import closing
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from ruamel.yaml import YAML

from bench import stock_rasa
from bench.charts import HEIGHT, TOP, lines
from bench.stock import project
from bench.stock.actions import SLOTS
from bench.stock.environment import WANTED
from bench.stock.report import ASKED, BEGIN, END, PAGE, Comparison, Figures, section
from bench.stock_rasa import SPOKEN
from bench.turns import DIALOGUE

SVG = "{http://www.w3.org/2000/svg}"
READ = YAML(typ="safe").load


def a_side(name: str, turn: float, late: float) -> Figures:
    return Figures(
        name=name,
        start_s=(5.0, 4.0),
        engine_mb=300.0,
        all_mb=600.0,
        alone_ms=(turn, turn * 2),
        places_ms=(turn,) * 6,
        ten_ms=(turn * 9, turn * 12),
        turns_per_second=1000 / turn,
        processor_ms=turn,
        first_ms=turn,
        last_ms=late,
        long_processor_ms=(turn, late),
    )


@pytest.fixture
def laid(tmp_path: Path) -> Path:
    project.write(tmp_path, epochs=1)
    return tmp_path


@pytest.fixture
def actions(laid: Path) -> dict[str, Any]:
    """The actions as the project has them, by name, each made as the action server makes it."""
    module = runpy.run_path(str(laid / "actions.py"))
    made = [module[name]() for name in ("SearchManual", "ValidateIssueForm", "StoreIssue")]
    return {action.name(): action for action in made}


def a_tracker(text: str, **slots: str) -> Tracker:
    return Tracker("customer", slots, {"text": text}, [], False, None, {}, "action_listen")


def test_the_project_answers_every_intent_that_is_trained(laid: Path) -> None:
    domain, flows = READ(laid / "domain.yml"), READ(laid / "data" / "rules.yml")
    trained = {one["intent"] for file in (laid / "data" / "nlu").glob("*.yml") for one in READ(file)["nlu"]}
    answering = [rule["steps"] for rule in flows["rules"] if "condition" not in rule]
    answered = {first["intent"]: second["action"] for first, second, *_ in answering}
    assert trained <= set(answered) & set(domain["intents"])
    known = {*domain["responses"], *domain["actions"], *domain["forms"]}
    steps = [step for flow in (*flows["rules"], *flows["stories"]) for step in flow["steps"]]
    assert {step["action"] for step in steps if "action" in step} <= known
    for story in flows["stories"]:
        for step, following in pairwise(story["steps"]):
            if "intent" in step:
                assert following == {"action": answered[step["intent"]]}


def test_every_action_of_the_domain_exists_and_every_slot_of_the_form_is_asked_and_stored(
    laid: Path, actions: dict[str, Any]
) -> None:
    domain = READ(laid / "domain.yml")
    assert set(domain["actions"]) == set(actions)
    assert domain["forms"] == {"issue_form": {"required_slots": list(SLOTS)}}
    asked = {f"utter_ask_issue_form_{slot}" for slot in domain["slots"]}
    assert asked <= set(domain["responses"]) and set(domain["slots"]) == set(SLOTS)


def test_every_line_that_is_compared_has_an_answer_to_be_checked(laid: Path) -> None:
    assert {*DIALOGUE, *SPOKEN} == set(project.UNDERSTOOD)
    responses = READ(laid / "domain.yml")["responses"]
    said = [response["text"] for texts in responses.values() for response in texts]
    for answer in project.UNDERSTOOD.values():
        assert answer == "The manual says:" or any(text.startswith(answer) for text in said)


def test_stock_searches_the_same_manual(actions: dict[str, Any]) -> None:
    told = CollectingDispatcher()
    actions["action_search_manual"].run(told, a_tracker("How do I add a new customer?"), {})
    assert told.messages[0]["text"].startswith("The manual says:\n\nAdd a customer, Add a new customer\n")


def test_stock_finds_the_address_in_the_problem_and_stores_the_issue(laid: Path, actions: dict[str, Any]) -> None:
    told = CollectingDispatcher()
    form, store = actions["validate_issue_form"], actions["action_store_issue"]
    problem = DIALOGUE[2].format(address="ann@bench.example")
    assert form.extract_address(told, a_tracker(problem), {}) == {"address": "ann@bench.example"}
    assert form.validate_version("4.2", told, a_tracker(""), {}) == {"version": "4.2"}
    filled = {slot: f"the {slot}" for slot in SLOTS}
    store.run(told, a_tracker("", **filled), {})
    with closing(sqlite3.connect(laid / "issues.db")) as database:
        (reference, *stored), *others = database.execute("SELECT * FROM issues")
    assert not others and stored == ["customer", *filled.values()]
    assert told.messages[-1]["reference"] == reference


def test_stock_searches_with_the_version_of_whoosh_that_ours_is_locked_to() -> None:
    locked = (project.ROOT / "requirements" / "techref.txt").read_text(encoding="utf-8")
    assert any(f"{wanted} ;" in locked for wanted in WANTED if wanted.startswith("whoosh"))


def test_where_stock_is_not_installed_that_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["stock_rasa.py", "--if-installed", "--folder", str(tmp_path)])
    stock_rasa.main()
    assert "NOT COMPARED WITH STOCK RASA" in (said := capsys.readouterr().out) and "make bench-rasa" in said


def test_a_chart_has_a_line_for_each_curve_and_stays_in_its_frame() -> None:
    drawn = ElementTree.fromstring(lines({"a & b": [1.0, 99.0], "c": [150.0, 3.0]}, "messages", "ms", step=10))
    curves = [line.attrib["points"] for line in drawn.iter(f"{SVG}polyline")]
    heights = [float(point.split(",")[1]) for curve in curves for point in curve.split()]
    assert len(curves) == 2 and min(heights) >= TOP and max(heights) < HEIGHT
    assert {"a & b", "c", "200", "20"} <= {text.text for text in drawn.iter(f"{SVG}text")}


def test_what_is_written_compares_with_the_stock_that_stores_its_dialogues() -> None:
    sides = [a_side("ours", 50, 50), a_side("stock, memory", 20, 80), a_side("stock, SQLite", 25, 200)]
    comparison = Comparison(sides, (12.0, 20.0), (100.0, 400.0), epochs=4)
    assert comparison.ratios()["median turn, one conversation"] == 0.5
    assert comparison.ratios()["median turn at the end of 500 messages"] == 4
    assert set(ASKED) <= set(comparison.ratios())
    written = section(comparison)
    assert "400 (4 epochs)" in written and "ours 1.0, stock, memory 4.0, stock, SQLite 8.0" in written


def test_the_page_has_the_place_for_it() -> None:
    page = PAGE.read_text(encoding="utf-8")
    assert page.index(BEGIN) < page.index(END)
