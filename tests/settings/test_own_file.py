"""The operator's file is changed key by key: what a person wrote around it stays."""

from pathlib import Path

import pytest

from bot.settings.problems import SettingsError
from bot.settings.support.own_file import DEFAULT, HEADING, check, difference, edited, write

WRITTEN = """\
# ours since 2024
company: Example Ltd   # with a capital L
hours:
  week:
    monday: "09:00-16:00"
# asked every year
charges: {hourly_rate: 140.00}
"""


def test_comments_order_and_quotes_stay() -> None:
    after = edited(WRITTEN, {"hours.week.friday": "08:00-12:00", "phone": "555-010-2030"})
    lines = [line for line in difference(WRITTEN, after).splitlines()[3:] if line[0] in "+-"]
    assert lines == ["+    friday: 08:00-12:00", "+phone: 555-010-2030"]


def test_a_key_that_goes_back_to_its_default_leaves_no_empty_parents() -> None:
    after = edited(WRITTEN, {"hours.week.monday": DEFAULT})
    assert "hours" not in after and "week" not in after
    assert "company: Example Ltd   # with a capital L" in after


def test_the_first_change_begins_a_file_that_says_what_it_is() -> None:
    assert edited("", {"company": "Example"}) == f"{HEADING}company: Example\n"


def test_what_cannot_be_used_is_reported_with_its_key_before_anything_is_written(tmp_path: Path) -> None:
    with pytest.raises(SettingsError) as raised:
        check(edited("", {"colour": "blue", "hours.week.monday": "17:00-08:00"}), tmp_path)
    told = "\n".join(raised.value.problems)
    assert "colour" in told and "hours.week.monday" in told
    assert not (tmp_path / "support.yml").exists()


def test_an_own_sentence_of_the_assistant_is_held_to_what_it_can_be_filled_with(tmp_path: Path) -> None:
    good = check("sentences: {utter_hello_issue: '{reference} is {status}.'}", tmp_path)
    assert good.sentences.own == {"utter_hello_issue": ("{reference} is {status}.",)}
    for wrong in ("{utter_hallo: Hi}", "{utter_goodbye: 'Bye {name}'}", "{utter_goodbye: 'Bye }'}"):
        with pytest.raises(SettingsError, match="sentences"):
            check(f"sentences: {wrong}", tmp_path)


def test_an_empty_file_is_removed(tmp_path: Path) -> None:
    write(tmp_path, "company: X\n")
    write(tmp_path, "")
    assert list(tmp_path.iterdir()) == []
