"""Text compared in its canonical form inside the database: whatever the case, the accents' spelling and the spaces, and
telephone numbers whatever stands between their digits.
"""

import re
from typing import Any

from sqlalchemy import Boolean
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from bot.triage.text.plain_text import canonical

CANONICAL, JOINED = "techref_canonical", "techref_joined_digits"
# What people put between the digits of a telephone number; the same in Python and in PostgreSQL.
_BETWEEN_DIGITS = r"(\d)[\s().\-/]{1,3}(?=\d)"
_between_digits = re.compile(_BETWEEN_DIGITS, re.ASCII)


class holds(FunctionElement[bool]):
    """``holds(column, words)``: whether the column's text has the words in it, both in canonical form."""

    type = Boolean()
    inherit_cache = True
    name = "holds"


class holds_digits(FunctionElement[bool]):
    """``holds_digits(column, digits)``: whether the digits stand in the column's text, whatever is between them."""

    type = Boolean()
    inherit_cache = True
    name = "holds_digits"


def joined_or_null(value: Any) -> str | None:
    """Return a column's value with the digits of each number joined, as SQLite is to call it."""
    return _between_digits.sub(r"\1", value) if isinstance(value, str) else None


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


@compiles(holds_digits, "sqlite")
def _digits_on_sqlite(element: holds_digits, compiler: SQLCompiler, **how: Any) -> str:
    text, digits = (compiler.process(clause, **how) for clause in element.clauses)
    return f"instr({JOINED}({text}), {digits}) > 0"


@compiles(holds_digits, "postgresql")
def _digits_on_postgresql(element: holds_digits, compiler: SQLCompiler, **how: Any) -> str:
    text, digits = (compiler.process(clause, **how) for clause in element.clauses)
    return f"strpos(regexp_replace({text}, '{_BETWEEN_DIGITS}', '\\1', 'g'), {digits}) > 0"
