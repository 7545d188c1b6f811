"""A list of teams, questions, categories or requests replaces the product's own; a mapping changes them."""

from pathlib import Path

import pytest

from bot.settings.problems import SettingsError
from bot.settings.support.load import load_support
from bot.settings.support.own_file import DEFAULT, Order, check, edited
from bot.settings.support.support import Support

OWN = """
teams: [{id: first_line, title: First line}, {id: servers, title: Servers}]
questions:
  - {id: release, label: Release, ask: Which release?, why: It differs., tip: The release.}
  - product_version
categories:
  - {id: sign_in, title: Signing in, team: servers, keywords: [sso, "502"], questions: [release]}
  - {id: other, title: Anything else}
  - printing
requests: []
"""


def of(home: Path, text: str) -> Support:
    (home / "support.yml").write_text(text)
    return load_support(home)


def test_a_list_replaces_the_products_own_in_its_order(tmp_path: Path) -> None:
    support = of(tmp_path, OWN)
    assert [one.id for one in support.categories] == ["sign_in", "printing", "other"], "what fits nowhere comes last"
    assert list(support.questions) == ["release", "product_version"]
    assert support.requests == () and list(support.teams) == ["first_line", "servers"]
    assert support.category("other").title == "Anything else"


def test_what_the_product_ships_follows_the_lists(tmp_path: Path) -> None:
    support = of(tmp_path, OWN)
    assert support.category("printing").team == "first_line", "its own team is gone"
    assert {one.id for one in support.category("printing").questions} <= {"release", "product_version"}


def test_empty_lists_leave_one_category_that_asks_nothing(tmp_path: Path) -> None:
    support = of(tmp_path, "categories: []\nquestions: []\nrequests: []\n")
    assert [(one.id, one.questions) for one in support.categories] == [("other", ())]


def test_the_last_resort_is_last_without_a_list_too(tmp_path: Path) -> None:
    new = "categories: {delivery: {title: Delivery, team: systems, questions: []}}"
    assert [one.id for one in of(tmp_path, new).categories][-2:] == ["delivery", "other"]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "categories: [printng]",
            "categories.printng: the product ships none of this id, so write its fields. Did you",
        ),
        ("categories: [{title: X}]", "categories: entry 1: write its id"),
        ("categories: [printing, printing]", 'categories: "printing" is in the list twice'),
        ("teams: []", "teams: write at least 1 of them"),
        (
            "categories: [{id: x, title: X, team: nobody, questions: []}]",
            'categories.x.team: there is no team "nobody"',
        ),
        (
            "categories: [{id: x, title: X, team: data, questions: [no]}]",
            "categories.x.questions: there is no question",
        ),
        (
            "categories: [{id: x, title: X, team: data, questions: [], keywords: [502]}]",
            'goes into quotes, such as "502"',
        ),
        ("categories: {printing: {title: ''}}", "categories.printing.title: this must not be empty"),
    ],
)
def test_what_is_wrong_in_a_list_is_named(tmp_path: Path, text: str, said: str) -> None:
    with pytest.raises(SettingsError) as refused:
        of(tmp_path, text)
    assert said in str(refused.value)


def test_a_mapping_becomes_a_list_that_keeps_what_it_says(tmp_path: Path) -> None:
    text = "categories:\n  # ours\n  printing: {team: systems}\n  delivery: {title: D, team: data, questions: []}\n"
    after = edited(text, {"categories": Order(("delivery", "printing", "performance"))})
    support = check(after, tmp_path)
    assert [one.id for one in support.categories] == ["delivery", "printing", "performance", "other"]
    assert support.category("printing").team == "systems"
    assert check(edited(after, {"categories": DEFAULT}), tmp_path).categories == load_support(tmp_path).categories


def test_fields_of_an_entry_in_a_list_are_set_reset_and_added(tmp_path: Path) -> None:
    text = edited("", {"categories": Order(("printing", "performance"))})
    text = edited(text, {"categories.performance.title": "Signing in", "categories.new.title": "New"})
    text = edited(text, {"categories.new.team": "data", "categories.new.questions": []})
    support = check(text, tmp_path)
    assert [one.title for one in support.categories][:3] == ["Printing", "Signing in", "New"]
    text = edited(text, {"categories.performance.title": DEFAULT, "categories.new": DEFAULT})
    assert [one.id for one in check(text, tmp_path).categories] == ["printing", "performance", "other"]
