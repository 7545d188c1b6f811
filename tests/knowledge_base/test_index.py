import json
import multiprocessing
import os
import shutil
import signal
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from whoosh.query.compound import Or
from whoosh.query.terms import Term

from knowledge_base import lexicon, versions
from knowledge_base.embedder import Embedder
from knowledge_base.index import build_index, open_index
from knowledge_base.pages import Page, page_from_markdown
from knowledge_base.search import IndexUnavailable, open_search
from knowledge_base.versions import AnotherBuilder
from knowledge_base.words import synonym_groups, tokenise
from tests.knowledge_base.samples import changed, pages

SPAWN = multiprocessing.get_context("spawn")


def version_folders(index_dir: Path) -> list[str]:
    return sorted(path.name for path in index_dir.glob("v-*"))


def test_word_scores_are_whooshs_own_bm25f(tmp_path: Path) -> None:
    build_index(pages(), tmp_path, None)
    index = open_index(tmp_path)
    words = tokenise("print the invoice again after the printer stopped, restore backup")
    ours = index.words.scores(words)
    expected = np.zeros(len(index.pieces))
    with index.whoosh.searcher(weighting=lexicon.weighting()) as searcher:
        for field, weight in lexicon.FIELD_WEIGHTS.items():
            for hit in searcher.search(Or([Term(field, word) for word in words]), limit=None):
                expected[hit.docnum] += weight * hit.score
    assert expected.max() > 0
    assert np.allclose(ours, expected, atol=1e-4)


def test_unchanged_manual_is_not_built_again(tmp_path: Path, embedder: Embedder) -> None:
    build_index(pages(), tmp_path, embedder)
    before = version_folders(tmp_path)
    again = build_index(pages(), tmp_path, embedder)
    assert version_folders(tmp_path) == before
    assert (again.pages_changed, again.sections_embedded) == (0, 0)


def test_only_what_changed_is_worked_on_and_the_result_is_that_of_a_fresh_build(
    tmp_path: Path, embedder: Embedder
) -> None:
    first = pages()
    build_index(first, tmp_path / "grown", embedder)
    second = [changed(first[0], "Print Again", "Print a Duplicate"), first[1], first[3]]
    built = build_index(second, tmp_path / "grown", embedder)
    assert (built.pages_changed, built.pages_removed, built.sections_embedded) == (1, 1, 1)

    build_index(second, tmp_path / "fresh", embedder)
    grown, fresh = open_index(tmp_path / "grown"), open_index(tmp_path / "fresh")
    assert set(grown.pieces) == set(fresh.pieces)
    question = tokenise("print a duplicate invoice")
    for piece in fresh.pieces:
        a, b = grown.pieces.index(piece), fresh.pieces.index(piece)
        assert grown.words.scores(question)[a] == pytest.approx(fresh.words.scores(question)[b])
        assert grown.vectors is not None and fresh.vectors is not None
        assert np.allclose(grown.vectors[a], fresh.vectors[b], atol=1e-5)
    assert open_search(tmp_path / "grown", embedder).find("add a colleague").passages[0].page_slug != "users"


def test_model_that_comes_later_is_used_without_indexing_words_again(tmp_path: Path, embedder: Embedder) -> None:
    build_index(pages(), tmp_path, None)
    assert open_index(tmp_path).vectors is None
    built = build_index(pages(), tmp_path, embedder)
    assert (built.pages_changed, built.sections_embedded) == (0, built.sections)


def test_two_pages_of_one_name_are_refused_and_the_index_is_kept(tmp_path: Path) -> None:
    build_index(pages(), tmp_path, None)
    before = version_folders(tmp_path)
    with pytest.raises(ValueError, match="reprint"):
        build_index([*pages(), pages()[0]], tmp_path, None)
    assert version_folders(tmp_path) == before


def test_synonym_finds_what_the_manual_calls_otherwise_and_is_marked(tmp_path: Path) -> None:
    build_index(pages(), tmp_path / "index", None)
    assert not open_search(tmp_path / "index", None).find("bill").passages
    build_index(pages(), tmp_path / "index", None, synonyms=synonym_groups(["bill, invoice", "the, seat"]))
    passage = open_search(tmp_path / "index", None).find("bill").passages[0]
    assert passage.page_slug == "reprint" and "<mark>invoice</mark>" in passage.excerpt_html


def test_progress_reaches_its_total(tmp_path: Path, embedder: Embedder) -> None:
    seen: list[tuple[str, int, int]] = []
    build_index(pages(), tmp_path, embedder, lambda *step: seen.append(step))
    last = {what: (done, total) for what, done, total in seen}
    assert len(last) == 3 and all(done == total > 0 for done, total in last.values())


def _build_slowly(index_dir: str, ready: str) -> None:
    """Starts a build of other pages and stops in the middle of it, for ever."""

    def stall(*_step: object) -> None:
        Path(ready).touch()
        time.sleep(600)

    build_index(pages()[:1], Path(index_dir), None, stall)


def _stalled_builder(index_dir: Path, ready: Path) -> multiprocessing.process.BaseProcess:
    process = SPAWN.Process(target=_build_slowly, args=(str(index_dir), str(ready)), daemon=True)
    process.start()
    for _ in range(600):
        if ready.exists():
            return process
        time.sleep(0.05)
    raise AssertionError("the builder did not start")


def test_second_builder_is_refused_and_a_killed_one_leaves_the_old_index(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    build_index(pages(), index_dir, None)
    current = (index_dir / versions.POINTER).read_text()
    builder = _stalled_builder(index_dir, tmp_path / "ready")
    try:
        with pytest.raises(AnotherBuilder):
            build_index(pages(), index_dir, None)
        assert len(version_folders(index_dir)) == 2
    finally:
        assert builder.pid is not None
        os.kill(builder.pid, signal.SIGKILL)
        builder.join()
    assert (index_dir / versions.POINTER).read_text() == current
    assert open_search(index_dir, None).find("restore a backup").passages[0].page_slug == "backup"
    # The next build takes the dead one's place and removes what it left.
    build_index([*pages(), page_from_markdown("new", "# New\n\nSomething else.")], index_dir, None)
    assert len(version_folders(index_dir)) == 1


def _ask_until(index_dir: str, stop: str, report: str) -> None:
    """A reading process: asks on and on, and counts answers that are not of one whole version."""
    search, asked, wrong, states = open_search(Path(index_dir), None), 0, 0, set()
    Path(report).with_suffix(".started").touch()
    while not Path(stop).exists():
        result = search.find("version marker", limit=50)
        marks = {passage.excerpt.split()[-1] for passage in result.passages}
        asked, wrong = asked + 1, wrong + (len(marks) != 1 or len(result.passages) != 5)
        states |= marks
    Path(report).write_text(json.dumps({"asked": asked, "wrong": wrong, "states": len(states)}))


def _has_started(report: Path) -> bool:
    return report.with_suffix(".started").exists()


def marked_pages(mark: int) -> list[Page]:
    return [page_from_markdown(f"p{n}", f"# Page {n}\n\nThe version marker reads {mark}") for n in range(5)]


def test_readers_in_threads_and_processes_never_see_a_half_built_index(tmp_path: Path) -> None:
    index_dir, stop = tmp_path / "index", tmp_path / "stop"
    build_index(marked_pages(0), index_dir, None)
    reports = [tmp_path / f"report{n}" for n in range(3)]
    arguments = [(str(index_dir), str(stop), str(report)) for report in reports]
    process = SPAWN.Process(target=_ask_until, args=arguments[0], daemon=True)
    threads = [threading.Thread(target=_ask_until, args=args) for args in arguments[1:]]
    process.start()
    for thread in threads:
        thread.start()
    try:
        mark, deadline = 0, 0.0
        while mark < 12 or time.monotonic() < deadline or not all(map(_has_started, reports)):
            if not all(map(_has_started, reports)):
                deadline = time.monotonic() + 3
            mark += 1
            build_index(marked_pages(mark), index_dir, None)
    finally:
        stop.touch()
        process.join(60)
        for thread in threads:
            thread.join(60)
    for report in reports:
        result = json.loads(report.read_text())
        assert result["asked"] > 10 and result["wrong"] == 0 and result["states"] > 1, result
    build_index(marked_pages(99), index_dir, None)
    assert len(version_folders(index_dir)) == 1


def test_version_that_is_read_is_kept_until_its_reader_closes(tmp_path: Path) -> None:
    build_index(marked_pages(0), tmp_path, None)
    held = open_index(tmp_path)
    build_index(marked_pages(1), tmp_path, None)
    build_index(marked_pages(2), tmp_path, None)
    assert held.reader.folder.name in version_folders(tmp_path) and len(version_folders(tmp_path)) == 2
    held.reader.close()
    build_index(marked_pages(3), tmp_path, None)
    assert len(version_folders(tmp_path)) == 1


def test_search_notices_a_new_index_and_survives_the_loss_of_it(tmp_path: Path) -> None:
    index_dir = tmp_path / "index"
    build_index(marked_pages(1), index_dir, None)
    search = open_search(index_dir, None)
    assert search.find("marker").passages[0].excerpt.endswith("1")
    build_index(marked_pages(2), index_dir, None)
    assert search.find("marker").passages[0].excerpt.endswith("2")
    shutil.rmtree(index_dir)
    with pytest.raises(IndexUnavailable, match="techref index"):
        search.find("marker")
    build_index(marked_pages(3), index_dir, None)
    assert search.find("marker").passages[0].excerpt.endswith("3")


@pytest.mark.parametrize("damage", ["pointer", "words.json", "whoosh", "shares.npy", "vectors.npy"])
def test_damaged_index_is_a_named_error_and_the_next_build_repairs_it(
    tmp_path: Path, embedder: Embedder, damage: str
) -> None:
    build_index(pages(), tmp_path, embedder)
    version = tmp_path / (tmp_path / versions.POINTER).read_text()
    if damage == "pointer":
        (tmp_path / versions.POINTER).write_text("v-nowhere")
    elif damage == "whoosh":
        shutil.rmtree(version / "whoosh")
    else:
        (version / damage).write_bytes(b"\x93NUMPY rubbish")
    with pytest.raises(IndexUnavailable, match="techref index"):
        open_search(tmp_path, embedder)
    build_index(pages(), tmp_path, embedder)
    assert open_search(tmp_path, embedder).find("restore a backup").passages[0].page_slug == "backup"


@pytest.mark.parametrize(
    "cut",
    [
        "rarity.npy",
        "record.json",
        "sections.json",
        "sentence_vectors.npy",
        "vectors.npy",
        "vectors.npy.keys.json",
        "words.json",
        "whoosh/*.seg",
        "whoosh/*.toc",
    ],
)
def test_an_index_of_which_a_file_was_cut_short_is_a_named_error_and_is_built_again(
    tmp_path: Path, embedder: Embedder, cut: str
) -> None:
    build_index(pages(), tmp_path, embedder)
    version = tmp_path / (tmp_path / versions.POINTER).read_text()
    (file,) = version.glob(cut)
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    with pytest.raises(IndexUnavailable, match="techref index"):
        open_search(tmp_path, embedder)
    build_index(pages(), tmp_path, embedder)
    assert open_search(tmp_path, embedder).find("restore a backup").passages[0].page_slug == "backup"
    assert build_index(pages(), tmp_path, embedder).pages_changed == 0, "what is whole is not built again"


def test_no_index_yet_is_a_named_error(tmp_path: Path) -> None:
    with pytest.raises(IndexUnavailable, match="techref index"):
        open_search(tmp_path / "index", None)
