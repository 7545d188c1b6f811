"""The operator's own sentences are taught, but for the few that measure what teaching brought."""

from pathlib import Path

from bot.installation.taught_share import split, write_held_out_share, write_taught_share
from bot.services.understanding.learned_examples import add_example, learned_examples, own_file

SENTENCES = [
    f"the {thing} shows nothing since the {when}" for thing in ("map", "list", "plan") for when in "abcdefghij"
]


def test_one_of_five_is_held_out_and_each_stands_on_one_side() -> None:
    taught, held_out = split({"report_issue": SENTENCES})
    assert sorted(taught["report_issue"] + held_out["report_issue"]) == sorted(SENTENCES)
    assert 0 < len(held_out["report_issue"]) < len(SENTENCES) / 3


def test_a_sentence_keeps_its_side_when_others_are_added() -> None:
    before, after = split({"how_to": SENTENCES[:20]})[1]["how_to"], split({"how_to": SENTENCES})[1]["how_to"]
    assert before == [one for one in after if one in SENTENCES[:20]]


def test_an_intent_with_few_sentences_keeps_all() -> None:
    few = SENTENCES[:9]
    assert split({"how_to": few}) == ({"how_to": few}, {"how_to": []})


def test_both_shares_are_written_as_training_data(tmp_path: Path) -> None:
    for sentence in SENTENCES:
        add_example(own_file(tmp_path), "report_issue", sentence)
    folder = tmp_path / "made"
    folder.mkdir()
    write_taught_share(tmp_path, folder)
    (held_out,) = write_held_out_share(tmp_path, folder)
    taught, away = split(learned_examples(tmp_path))
    written = (folder / "learned.yml").read_text()
    assert all(f"    - {one}\n" in written for one in taught["report_issue"])
    assert "said_last: first" in held_out.read_text()
    assert [line.strip("- ") for line in held_out.read_text().splitlines() if line.startswith("    - ")] == away[
        "report_issue"
    ]


def test_without_own_sentences_nothing_is_written(tmp_path: Path) -> None:
    write_taught_share(tmp_path, tmp_path)
    assert write_held_out_share(tmp_path, tmp_path) == [] and list(tmp_path.iterdir()) == []


def test_a_file_of_the_operators_own_is_taught_whole(tmp_path: Path) -> None:
    (tmp_path / "nlu").mkdir()
    (tmp_path / "nlu" / "more.yml").write_text("nlu: []\n")
    write_taught_share(tmp_path, tmp_path)
    assert (tmp_path / "own_more.yml").read_text() == "nlu: []\n"
