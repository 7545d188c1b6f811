import json
import math
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from knowledge_base.cli import app, embedder_or_stop
from knowledge_base.corpus import Question
from knowledge_base.embedder import Embedder, model_folder
from knowledge_base.evaluation import Answered, evaluation_metrics, percentile, run_questions
from knowledge_base.index import build_index
from knowledge_base.pages import page_from_markdown

CORPUS = [
    {"doc_id": "print", "title": "Print again", "text": "Choose Print Again to print an invoice a second time."},
    {"doc_id": "backup", "title": "Backups", "text": "A backup is a copy of the company file on another disk."},
    {"doc_id": "user", "title": "Colleagues", "text": "Give each colleague an account with a password."},
]


def question(*doc_ids: str) -> Question:
    return Question("q", frozenset(doc_ids))


def test_figures_are_those_worked_out_by_hand() -> None:
    questions = [question("a"), question("b"), question("c", "d"), question("e"), question(), question()]
    answered = [
        Answered(["a", "x", "y"], True, 1.0),  # first
        Answered(["x", "y", "b"], False, 2.0),  # third
        Answered(["x", "d", "y", "c"], True, 3.0),  # second and fourth of two
        Answered(["x"], True, 4.0),  # not at all
        Answered(["x"], False, 5.0),
        Answered(["x"], True, 60.0),
    ]
    third = 1 / math.log2(4)
    two_of_two = (1 / math.log2(3) + 1 / math.log2(5)) / (1 + 1 / math.log2(3))
    assert evaluation_metrics(questions, answered) == {
        "recall@1": 0.25,
        "recall@3": 0.75,
        "mrr@10": round((1 + 1 / 3 + 1 / 2) / 4, 4),
        "ndcg@10": round((1 + third + two_of_two) / 4, 4),
        "p50_ms": 3.0,
        "p95_ms": 60.0,
        "questions": 6,
        "abstained_answerable": 0.25,
        "abstained_unanswerable": 0.5,
    }


def test_only_the_first_ten_pages_count() -> None:
    answered = run_questions(lambda _question: ([f"x{n}" for n in range(10)] + ["a"], True), [question("a")])
    assert len(answered[0].pages) == 10 and evaluation_metrics([question("a")], answered)["mrr@10"] == 0


def test_no_questions_give_zeros() -> None:
    assert set(evaluation_metrics([], []).values()) == {0}


@pytest.mark.parametrize(("percent", "value"), [(50, 10), (95, 19), (100, 20), (1, 1)])
def test_percentile_is_the_nearest_rank(percent: int, value: float) -> None:
    assert percentile([float(n) for n in range(1, 21)], percent) == value


def write_lines(path: Path, records: list[dict[str, object]]) -> Path:
    path.write_text("\n".join(json.dumps(record) for record in records))
    return path


def evaluate(home: Path, corpus: Path, questions: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[int, str, str]:
    monkeypatch.setenv("TECHREF_HOME", str(home))
    result = CliRunner().invoke(app, ["evaluate", "--corpus", str(corpus), "--questions", str(questions)])
    return result.exit_code, result.stdout, result.stderr


def test_evaluate_prints_the_contract_on_its_last_line(
    tmp_path: Path, model_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_lines(tmp_path / "corpus.jsonl", [dict(record) for record in CORPUS])
    asked: list[dict[str, object]] = [
        {"question": "how do I print the invoice again?", "doc_ids": ["print"]},
        {"question": "copy of the company file", "doc_ids": ["backup"]},
        {"question": "best hiking trails near Salzburg", "doc_ids": []},
    ]
    code, output, _ = evaluate(model_home, corpus, write_lines(tmp_path / "q.jsonl", asked), monkeypatch)
    assert code == 0
    printed = json.loads(output.strip().splitlines()[-1])
    assert list(printed) == [
        "recall@1", "recall@3", "mrr@10", "ndcg@10", "p50_ms", "p95_ms", "questions",
        "abstained_answerable", "abstained_unanswerable",
    ]  # fmt: skip
    assert printed["recall@1"] == printed["mrr@10"] == 1 and printed["questions"] == 3
    assert printed["abstained_answerable"] == 0 and printed["abstained_unanswerable"] == 1
    assert 0 < printed["p50_ms"] <= printed["p95_ms"]


def test_a_command_that_needs_the_embedding_stops_without_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    built: list[Path] = []
    with pytest.raises(typer.Exit) as stopped:
        embedder_or_stop(tmp_path, built.append)
    assert stopped.value.exit_code == 3 and built == [tmp_path]
    assert "has not been built" in capsys.readouterr().err
    corpus = write_lines(tmp_path / "corpus.jsonl", [dict(record) for record in CORPUS])
    asked = write_lines(tmp_path / "q.jsonl", [{"question": "print an invoice again", "doc_ids": ["print"]}])
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    arguments = ["evaluate", "--corpus", str(corpus), "--questions", str(asked), "--words-only"]
    words_only = CliRunner().invoke(app, arguments)
    assert words_only.exit_code == 0 and json.loads(words_only.stdout.splitlines()[-1])["recall@1"] == 1


def test_evaluate_takes_a_folder_of_markdown(tmp_path: Path, model_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "manual").mkdir()
    for record in CORPUS:
        (tmp_path / "manual" / f"{record['doc_id']}.md").write_text(f"# {record['title']}\n\n{record['text']}\n")
    asked = write_lines(tmp_path / "q.jsonl", [{"question": "print an invoice again", "doc_ids": ["print"]}])
    code, output, _ = evaluate(model_home, tmp_path / "manual", asked, monkeypatch)
    assert code == 0 and json.loads(output.strip().splitlines()[-1])["recall@1"] == 1


def test_bad_file_is_named_without_a_traceback(
    tmp_path: Path, model_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    corpus = write_lines(tmp_path / "corpus.jsonl", [dict(record) for record in CORPUS])
    (tmp_path / "q.jsonl").write_text('{"question": 5}')
    code, _, errors = evaluate(model_home, corpus, tmp_path / "q.jsonl", monkeypatch)
    assert code == 1 and "q.jsonl line 1" in errors and "Traceback" not in errors


def test_search_from_the_command_line(
    tmp_path: Path, model_home: Path, embedder: Embedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TECHREF_HOME", str(tmp_path))
    missing = CliRunner().invoke(app, ["search", "invoice"])
    assert missing.exit_code == 1 and "techref index" in missing.stderr

    model_folder(tmp_path).symlink_to(model_folder(model_home))
    build_index([page_from_markdown("own", "# Our own page\n\nThe operator's manual.")], tmp_path / "index", embedder)
    found = CliRunner().invoke(app, ["search", "the operator's manual", "--json"])
    result = json.loads(found.stdout)
    assert result["passages"][0]["page_slug"] == "own" and result["confident"] is True
