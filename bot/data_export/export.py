"""Export everything into a folder or a ZIP file, while the product runs; the final name appears only when complete."""

import os
import shutil
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import text

from bot.data_export import files, pages, rows
from bot.data_export.tables import GIVEN, STAYS
from bot.services.core import audit
from bot.services.core.context import Context
from knowledge_base.pages import PageUnreadable
from knowledge_base.sources import SourceError

ZIP = ".zip"
ACTION = "export.all"
# The part being written, the number of items done, the total.
Progress = Callable[[str, int, int], None]


class ExportFailed(Exception):
    """The message says what happened and that nothing was left."""


async def export(ctx: Context, target: Path, progress: Progress) -> dict[str, int]:
    """Export everything and return the counts. A target ending in .zip becomes one file. Raises ExportFailed."""
    _check(target)
    try:
        with _private(), tempfile.TemporaryDirectory(dir=_existing(target.parent), prefix=".export-") as unfinished:
            folder = Path(unfinished) / (target.name.removesuffix(ZIP) or "export")
            written = await _write(ctx, folder, progress)
            _finish(folder, target, progress)
    except (OSError, PageUnreadable, SourceError) as error:
        raise ExportFailed(f"{target} could not be written; nothing was left there. {error}") from error
    async with ctx.db.write() as session:
        audit.record(session, "operator", ACTION, ctx.clock())
    return written


def _check(target: Path) -> None:
    if target.exists() and (not target.is_dir() or any(target.iterdir())):
        raise ExportFailed(f"{target} is there already; nothing was written. Name a new folder, or a new file.zip.")


def _finish(folder: Path, target: Path, progress: Progress) -> None:
    if target.suffix == ZIP:
        folder = _packed(folder, progress)
    elif target.exists():
        target.rmdir()
    folder.replace(target)


async def _write(ctx: Context, folder: Path, progress: Progress) -> dict[str, int]:
    places = {name: folder / name for name in ("data", "issues", "files", "manual", "settings")}
    for place in places.values():
        place.mkdir(parents=True)
    async with ctx.db.read(long=True) as session:
        if not ctx.db.is_sqlite:  # there a transaction is a snapshot anyway
            await session.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        counts = await rows.count(session)
        each = _counting(progress, "rows", sum(counts.values()))
        for name in GIVEN:
            await rows.write(session, name, places["data"] / f"{name}.jsonl", each)
        written = await pages.count(session)
        await pages.write(session, ctx, places["issues"], _counting(progress, "pages", written))
        gone = await files.write_files(
            session, ctx, places["files"], _counting(progress, "files", counts["attachments"])
        )
    manual = files.write_manuals(ctx, places["manual"])
    files.write_settings(ctx, places["settings"])
    (folder / "README.md").write_text(_readme(ctx, counts, gone), encoding="utf-8")
    total = sum(counts.values())
    return {"rows": total, "pages": written, "files": counts["attachments"] - len(gone), "manual pages": manual}


def _readme(ctx: Context, counts: dict[str, int], gone: list[str]) -> str:
    given = []
    for name, one in GIVEN.items():
        without = f" Left out: {', '.join(one.without)}." if one.without else ""
        given.append(f"- `data/{name}.jsonl`, {counts[name]:,} lines: {one.about}.{without}")
    stays = [f"- {name}: {why}." for name, why in STAYS.items()]
    missing = ["", "These files were removed before, so only their names are left:", "", *(f"- {one}" for one in gone)]
    return "\n".join(
        [
            f"# Everything of {ctx.support.company}'s support department",
            "",
            f"Written {ctx.clock():%Y-%m-%d %H:%M} UTC. It holds what customers wrote: keep it safe.",
            "",
            "- `issues/index.html`: begin here. A page for each issue, with what was said, notes and files; those of",
            "  conversations without an issue are in `issues/without-issue`.",
            "- `files`: what customers and technicians attached.",
            "- `manual`: the manual, a page a file, in Markdown.",
            "- `settings`: your `support.yml`, the defaults it lies on, sentences the assistant has learned, the logo.",
            "- `data`: every table, a line of JSON for each row. All moments are UTC. A column `x_id` names the row of",
            "  the table of x's with that id.",
            "",
            "## The tables",
            "",
            *given,
            "",
            "## What is not in it",
            "",
            "Columns that are left out are secrets or the program's own bookkeeping. So are whole tables:",
            "",
            *stays,
            *(missing if gone else []),
            "",
        ]
    )


def _packed(folder: Path, progress: Progress) -> Path:
    paths = sorted(path for path in folder.rglob("*") if path.is_file())
    packed = folder.with_name(f"{folder.name}{ZIP}")
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, path in enumerate(paths, 1):
            archive.write(path, path.relative_to(folder.parent))
            progress("packing", number, len(paths))
    shutil.rmtree(folder)
    return packed


def _counting(progress: Progress, what: str, total: int) -> Callable[[], None]:
    done = 0

    def each() -> None:
        nonlocal done
        done += 1
        progress(what, done, total)

    return each


@contextmanager
def _private() -> Iterator[None]:
    """Create files inside the block readable by their owner only."""
    before = os.umask(0o077)
    try:
        yield
    finally:
        os.umask(before)


def _existing(folder: Path) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    return folder
