"""Share SQLAlchemy's compiled statements among the databases of a run: a test opens its own, and would compile all."""

from typing import Any

from sqlalchemy import Engine
from sqlalchemy.engine.default import DefaultDialect
from sqlalchemy.util import LRUCache

STATEMENTS = 2000


def install() -> None:
    """Give all engines one cache, in which dialects of one class are the same: they speak to servers of one version."""
    cache: LRUCache[Any, Any] = LRUCache(STATEMENTS)
    Engine._compiled_cache = property(lambda self: cache, lambda self, value: None)  # type: ignore[assignment]
    DefaultDialect.__eq__ = lambda self, other: type(self) is type(other)  # type: ignore[method-assign]
    DefaultDialect.__hash__ = lambda self: hash(type(self))  # type: ignore[method-assign]
