"""Renew a part of docs/performance.md: what a benchmark measured, between the marks with its name."""

from pathlib import Path

DOCS = Path(__file__).parents[1] / "docs"
PAGE, PICTURES = DOCS / "performance.md", DOCS / "pictures"


def begin_mark(name: str) -> str:
    """Return the line before the part that ``make NAME WRITE=1`` writes."""
    return f"<!-- {name}: written by `make {name} WRITE=1` -->"


def end_mark(name: str) -> str:
    return f"<!-- {name}: end -->"


def renewed(page: str, name: str, part: str) -> str:
    """Return the page with another part between the marks of this name; raise ValueError when it lacks them."""
    before, found, rest = page.partition(begin_mark(name))
    _, ended, after = rest.partition(end_mark(name))
    if not (found and ended):
        raise ValueError(f"{PAGE.name} has no marks of {name}")
    return f"{before}{found}\n\n{part.strip()}\n\n{ended}{after}"


def renew(name: str, part: str) -> None:
    """Write the part into the page."""
    PAGE.write_text(renewed(PAGE.read_text(encoding="utf-8"), name, part), encoding="utf-8")


def table(rows: list[list[str]]) -> str:
    """Return a Markdown table; the first row is its head."""
    head, *body = rows
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, ["---"] * len(head), *body))
