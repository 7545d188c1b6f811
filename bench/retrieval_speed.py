"""Time indexing and search with many sections: `.venv/bin/python bench/retrieval_speed.py [SECTIONS]`.

Besides the wall-clock time it prints the processor's time (`cpu`), which other work on the machine changes little. The
sections are made of the demo manual's sentences, shuffled (seeded), about 60 words each; the questions are customers'
questions. Needs the sentence embedding under TECHREF_HOME. ``--made-up-vectors`` gives the sections random vectors
instead of embedding them, which takes a quarter of an hour for 100,000: a question takes the same time with either.
"""

import argparse
import json
import os
import random
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import numpy as np
import psutil

from knowledge_base.cli import shown_progress
from knowledge_base.corpus import read_corpus, read_questions
from knowledge_base.embedder import DIMENSIONS, MAX_TOKENS, Embedder, Vectors
from knowledge_base.evaluation import percentile
from knowledge_base.index import build_index
from knowledge_base.pages import Page, Section
from knowledge_base.search import open_search

ROOT = Path(__file__).parents[1]
SECTIONS_A_PAGE = 10
WORDS_A_SECTION = 60


class MadeUpVectors(Embedder):
    """Gives long lists of texts random vectors of unit length, and embeds questions as ever."""

    def embed(
        self, texts: Sequence[str], progress: Callable[[int], None] | None = None, max_tokens: int = MAX_TOKENS
    ) -> Vectors:
        if len(texts) < SECTIONS_A_PAGE:
            return super().embed(texts, progress, max_tokens)
        made = np.random.default_rng(len(texts)).standard_normal((len(texts), DIMENSIONS), np.float32)
        return made / np.linalg.norm(made, axis=1, keepdims=True)


def made_up_pages(sections: int, chance: random.Random) -> list[Page]:
    sentences = [
        line
        for page in read_corpus(ROOT / "knowledge_base/manual")
        for section in page.sections
        for line in section.text.split("\n")
    ]
    titles = [page.title for page in read_corpus(ROOT / "knowledge_base/manual")]

    def section(number: int) -> Section:
        lines: list[str] = []
        while sum(len(line.split()) for line in lines) < WORDS_A_SECTION:
            lines.append(chance.choice(sentences))
        return Section(f"part-{number}", chance.choice(titles), "\n".join(lines))

    return [
        Page(f"page-{first}", chance.choice(titles), "", tuple(section(n) for n in range(SECTIONS_A_PAGE)))
        for first in range(sections // SECTIONS_A_PAGE)
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sections", type=int, nargs="?", default=10_000)
    parser.add_argument("--made-up-vectors", action="store_true")
    arguments = parser.parse_args()
    home = Path(os.environ.get("TECHREF_HOME") or "var")
    embedder = (MadeUpVectors if arguments.made_up_vectors else Embedder).load(home)
    with tempfile.TemporaryDirectory() as folder, shown_progress() as progress:
        index_dir = Path(folder)
        pages = made_up_pages(arguments.sections, random.Random(7))
        start, worked = time.perf_counter(), time.process_time()
        built = build_index(pages, index_dir, embedder, progress)
        whole, whole_cpu = time.perf_counter() - start, time.process_time() - worked
        start, worked = time.perf_counter(), time.process_time()
        again = build_index([*pages[1:], made_up_pages(SECTIONS_A_PAGE, random.Random(8))[0]], index_dir, embedder)
        changed, changed_cpu = time.perf_counter() - start, time.process_time() - worked
        print(
            json.dumps(
                {
                    "sections": built.sections,
                    "made_up_vectors": arguments.made_up_vectors,
                    "index_s": round(whole, 1),
                    "index_cpu_s": round(whole_cpu, 1),
                    "one_page_changed_s": round(changed, 1),
                    "one_page_changed_cpu_s": round(changed_cpu, 1),
                    "embedded_again": again.sections_embedded,
                    **in_a_process_of_its_own(index_dir, home),
                }
            )
        )


def in_a_process_of_its_own(index_dir: Path, home: Path) -> dict[str, float]:
    """Return the figures of the search, in a process that has not built the index, as the product's have not."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as process:
        return process.submit(search_figures, index_dir, home).result()


def search_figures(index_dir: Path, home: Path) -> dict[str, float]:
    """Time questions, short ones and such of five sentences, and measure the memory that the index takes."""
    questions = [question.text for question in read_questions(ROOT / "tests/knowledge_base/manual_questions.jsonl")]
    long = [" ".join(questions[n : n + 5]) for n in range(100)]
    embedder = Embedder.load(home)
    before = psutil.Process().memory_info()
    search = open_search(index_dir, embedder)
    figures: dict[str, float] = {}
    for name, asked in (("short", questions), ("long", long)):
        times, cpu = [], []
        search.find(asked[0])  # the first question also pays for opening files
        for question in asked:
            start, worked = time.perf_counter(), time.process_time()
            search.find(question)
            times.append((time.perf_counter() - start) * 1000)
            cpu.append((time.process_time() - worked) * 1000)
        for measured, of in ((sorted(cpu), f"{name}_cpu"), (sorted(times), name)):
            figures |= {f"{of}_p{part}_ms": round(percentile(measured, part), 1) for part in (50, 95)}
    after = psutil.Process().memory_info()
    # Files that are mapped into memory are shared by every process that searches.
    figures["own_mb"] = round((after.rss - after.shared - before.rss + before.shared) / 1e6)
    figures["mapped_mb"] = round((after.shared - before.shared) / 1e6)
    return figures


if __name__ == "__main__":
    main()
