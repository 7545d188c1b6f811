"""`techref kb …`: search and evaluate the knowledge base."""

import json
import logging
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, track
from rich.table import Table

from knowledge_base import versions
from knowledge_base.corpus import CorpusUnreadable, read_corpus, read_questions
from knowledge_base.embedder import Embedder, model_fault, model_folder
from knowledge_base.evaluation import DEPTH, evaluation_metrics, run_questions
from knowledge_base.index import Progress as OnProgress
from knowledge_base.index import build_index
from knowledge_base.pages import PageUnreadable
from knowledge_base.search import IndexUnavailable, Search, open_search

app = typer.Typer(help="Search, evaluate and improve the knowledge base.", no_args_is_help=True)
# Standard output is for results only, so that a program can read them.
_progress_console = Console(stderr=True)


NO_EMBEDDING = 3
"""The exit status of a command that needs the sentence embedding and cannot have it."""

WordsOnly = Annotated[bool, typer.Option("--words-only", help="Without the sentence embedding, which finds less.")]
Prepare = Callable[[Path], None]


@dataclass(frozen=True)
class Surroundings:
    """The parts of the installation that the commands need: ``prepare`` builds the sentence embedding in a home,
    ``manual_place`` returns where the manual of a product is kept, and ends the command for one that there is not.
    """

    prepare: Prepare
    manual_place: Callable[[Path, str], Path]


@app.command()
def search(
    ctx: typer.Context,
    question: str,
    limit: Annotated[int, typer.Option(min=1, max=50, help="How many passages.")] = 3,
    as_json: Annotated[bool, typer.Option("--json", help="Print one JSON object.")] = False,
    words_only: WordsOnly = False,
    product: Annotated[str | None, typer.Option(help="The id of the one of several products to search.")] = None,
) -> None:
    """Search the manual as the assistant does."""
    index = _place(ctx, product) / "index"
    try:
        # First, so that nothing is built for a manual that cannot be searched.
        versions.version_stamp(index)
        result = open_search(index, _embedder(ctx, words_only)).find(question, limit)
    except IndexUnavailable as error:
        raise _stop(error) from error
    if as_json:
        typer.echo(json.dumps(asdict(result), ensure_ascii=False))
        return
    if not result.confident:
        typer.echo("The manual most likely has no answer to this. The nearest passages:")
    table = Table("score", "page", "heading", "excerpt", show_lines=True)
    for passage in result.passages:
        table.add_row(f"{passage.score:.2f}", passage.page_title, passage.heading, passage.excerpt)
    Console().print(table)


@app.command()
def evaluate(
    ctx: typer.Context,
    corpus: Annotated[Path, typer.Option(help="A .jsonl file of pages, or a folder of Markdown.")],
    questions: Annotated[Path, typer.Option(help="A .jsonl file of questions.")],
    words_only: WordsOnly = False,
) -> None:
    """Measure the search on a corpus and its questions; the last line printed is a JSON object."""
    try:
        pages, asked = read_corpus(corpus), read_questions(questions)
        embedder = _embedder(ctx, words_only)
        with tempfile.TemporaryDirectory() as folder:
            with shown_progress() as progress:
                build_index(pages, Path(folder), embedder, progress)
            engine = open_search(Path(folder), embedder)
            answer(engine, "the first question also pays for opening files")
            shown = track(asked, "Asking", console=_progress_console, transient=True)
            answered = run_questions(lambda question: answer(engine, question), shown)
    except (CorpusUnreadable, PageUnreadable, ValueError) as error:
        raise _stop(error) from error
    typer.echo(json.dumps(evaluation_metrics(asked, answered)))


def answer(engine: Search, question: str) -> tuple[Sequence[str], bool]:
    """Adapt the search to the evaluation: return the pages of a question and whether the search was confident."""
    result = engine.find(question, DEPTH)
    return [passage.page_slug for passage in result.passages], result.confident


@contextmanager
def shown_progress() -> Iterator[OnProgress]:
    """Show a progress bar on standard error for each step of a build."""
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=_progress_console) as bars:
        tasks = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bars.add_task(what, total=total)
            bars.update(tasks[what], completed=done, total=total)

        yield show


def _embedder(ctx: typer.Context, words_only: bool) -> Embedder | None:
    surroundings: Surroundings | None = ctx.obj
    return None if words_only else embedder_or_stop(_home(), surroundings.prepare if surroundings else None)


def _place(ctx: typer.Context, product: str | None) -> Path:
    """Return where the manual of a product is kept, else that of the whole installation."""
    surroundings: Surroundings | None = ctx.obj
    if product is None or surroundings is None:
        return _home()
    return surroundings.manual_place(_home(), product)


def embedder_or_stop(home: Path, prepare: Prepare | None) -> Embedder:
    """Return the sentence embedding, built by ``prepare`` if need be; end the command when there is none."""
    fault = model_fault(model_folder(home))
    if fault and prepare is not None:
        _progress_console.print("Building the sentence embedding …")
        prepare(home)
        fault = model_fault(model_folder(home))
    embedder = None if fault else Embedder.load(home)
    if embedder is None:
        typer.echo(
            f"Error: The sentence embedding in {model_folder(home)} {fault or 'cannot be loaded'}. Nothing was done: "
            "build it with `make setup`, or add --words-only to go on without it.",
            err=True,
        )
        raise typer.Exit(NO_EMBEDDING)
    return embedder


def _home() -> Path:
    logging.basicConfig(format="%(levelname)s: %(message)s")
    return Path(os.environ.get("TECHREF_HOME") or "var")


def _stop(error: Exception) -> typer.Exit:
    typer.echo(f"Error: {error}", err=True)
    return typer.Exit(1)
