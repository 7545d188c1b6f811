"""Time indexing and search with many sections: `.venv/bin/python bench/retrieval_speed.py [SECTIONS]`.

Besides the wall-clock time it prints the processor's time (`cpu`), which other work on the machine changes little. The
sections are made of the demo manual's sentences, shuffled (seeded), about 60 words each; the questions are customers'
questions. Needs the sentence embedding under TECHREF_HOME.
"""

import json
import os
import random
import sys
import tempfile
import time
from pathlib import Path

from knowledge_base.cli import shown_progress
from knowledge_base.corpus import read_corpus, read_questions
from knowledge_base.embedder import Embedder
from knowledge_base.evaluation import percentile
from knowledge_base.index import build_index
from knowledge_base.pages import Page, Section
from knowledge_base.search import open_search

ROOT = Path(__file__).parents[1]
SECTIONS_A_PAGE = 10
WORDS_A_SECTION = 60


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
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 10_000
    embedder = Embedder.load(Path(os.environ.get("TECHREF_HOME") or "var"))
    pages = made_up_pages(count, random.Random(7))
    questions = [question.text for question in read_questions(ROOT / "tests/knowledge_base/manual_questions.jsonl")]
    with tempfile.TemporaryDirectory() as folder, shown_progress() as progress:
        index_dir = Path(folder)
        start, worked = time.perf_counter(), time.process_time()
        built = build_index(pages, index_dir, embedder, progress)
        whole, whole_cpu = time.perf_counter() - start, time.process_time() - worked
        start = time.perf_counter()
        again = build_index([*pages[1:], made_up_pages(SECTIONS_A_PAGE, random.Random(8))[0]], index_dir, embedder)
        changed = time.perf_counter() - start
        search = open_search(index_dir, embedder)
        figures = {"sections": built.sections, "index_s": round(whole, 1), "index_cpu_s": round(whole_cpu, 1)}
        figures |= {"one_page_changed_s": round(changed, 1)}
        figures["embedded_again"] = again.sections_embedded
        for name, asked in (("short", questions), ("long", [" ".join(questions[n : n + 5]) for n in range(100)])):
            times, cpu = [], []
            search.find(asked[0])  # the first question also pays for opening files
            for question in asked:
                start, worked = time.perf_counter(), time.process_time()
                search.find(question)
                times.append((time.perf_counter() - start) * 1000)
                cpu.append((time.process_time() - worked) * 1000)
            times.sort()
            cpu.sort()
            figures |= {
                f"{name}_cpu_p50_ms": round(percentile(cpu, 50), 1),
                f"{name}_p50_ms": round(percentile(times, 50), 1),
                f"{name}_p95_ms": round(percentile(times, 95), 1),
            }
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
