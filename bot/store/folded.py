"""Text compared in its canonical form inside the database: whatever the case, the accents' spelling and the spaces."""

from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.triage.text.plain_text import canonical

CANONICAL = "techref_canonical"


class holds(FunctionElement[bool]):
    """``holds(column, words)``: whether the column's text has the words in it, both in canonical form."""

    type = Boolean()
    inherit_cache = True
    name = "holds"


def canonical_or_null(value: Any) -> str | None:
    """Return the canonical form of a column's value, as SQLite is to call it."""
    return canonical(value) if isinstance(value, str) else None


@compiles(holds, "sqlite")
def _on_sqlite(element: holds, compiler: SQLCompiler, **how: Any) -> str:
    text, words = (compiler.process(clause, **how) for clause in element.clauses)
    return f"instr({CANONICAL}({text}), {CANONICAL}({words})) > 0"


@compiles(holds, "postgresql")
def _on_postgresql(element: holds, compiler: SQLCompiler, **how: Any) -> str:
    # normalize() is for databases in UTF-8, as ours are: https://www.postgresql.org/docs/current/functions-string.html
    text, words = (compiler.process(clause, **how) for clause in element.clauses)
    return f"strpos(lower(normalize({text}, NFKC)), lower(normalize({words}, NFKC))) > 0"
