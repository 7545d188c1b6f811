"""Alembic's entry: runs on the connection that bot.store.schema opened."""

from typing import Any, Literal

from alembic import context

from bot.store.columns import UtcDateTime
from bot.store.tables import Base


def render_item(kind: str, item: Any, _autogen: Any) -> str | Literal[False]:
    """Write our column types as plain SQLAlchemy ones: a migration must not change when our code does."""
    if kind == "type" and isinstance(item, UtcDateTime):
        return "sa.DateTime(timezone=True)"
    return False


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=Base.metadata,
    render_as_batch=True,
    render_item=render_item,
    # SQLite can; Alembic assumes that it cannot. What began the transaction is bot.store.schema.
    transactional_ddl=True,
)
with context.begin_transaction():
    context.run_migrations()
