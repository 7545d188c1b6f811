"""The engine's only table: a row per turn, with the turn's events and its answer."""

from typing import Any

import sqlalchemy as sa

# On PostgreSQL the engine has a schema of its own beside the business tables.
SCHEMA = "techref_dialogue"
BUSY_TIMEOUT_MS = 5000


def connect(url: str) -> tuple[sa.engine.Engine, sa.Table]:
    """Open the database at this SQLAlchemy address and create the table when it is missing.

    Raises sqlalchemy.exc.OperationalError when the database cannot be reached.
    """
    if url.startswith("sqlite"):
        engine = sa.create_engine(
            url,
            poolclass=sa.pool.QueuePool,
            connect_args={"check_same_thread": False, "timeout": BUSY_TIMEOUT_MS / 1000},
        )
        sa.event.listen(engine, "connect", _tune_sqlite)
        table = _turns(None)
    else:
        engine = sa.create_engine(url, pool_pre_ping=True)
        table = _turns(SCHEMA)
        with engine.begin() as connection:
            connection.execute(sa.text(f"CREATE SCHEMA IF NOT EXISTS {SCHEMA}"))
    table.metadata.create_all(engine)
    return engine, table


def empty_log(engine: sa.engine.Engine) -> bool:
    """Bring SQLite's log of writes into the file, which overwrites what was deleted; False while a reader keeps it.

    See https://www.sqlite.org/pragma.html#pragma_wal_checkpoint: the first column of the answer is 1 when it is in use.
    """
    if engine.dialect.name != "sqlite":
        return True
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        # Turns wait meanwhile.
        connection.exec_driver_sql("PRAGMA busy_timeout=250")
        emptied = connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)").one()[0] == 0
        connection.exec_driver_sql(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")
        return emptied


def _turns(schema: str | None) -> sa.Table:
    return sa.Table(
        "turns",
        sa.MetaData(schema=schema),
        sa.Column("sender", sa.String(200), primary_key=True),
        # Position in the dialogue of this turn's first event: two processes cannot both write the same turn.
        sa.Column("first_event", sa.Integer, primary_key=True, autoincrement=False),
        sa.Column("event_count", sa.Integer, nullable=False),
        sa.Column("message_id", sa.String(200), nullable=True),
        sa.Column("events", sa.Text, nullable=False),
        sa.Column("result", sa.Text, nullable=True),
        sa.Column("saved_at", sa.Float, nullable=False, index=True),
        sa.UniqueConstraint("sender", "message_id"),
    )


def _tune_sqlite(connection: Any, _: Any) -> None:
    """Set WAL and ``synchronous=NORMAL``: a process that dies loses nothing.

    NORMAL risks only the last turns at a power cut, and those the gateway sends again: the dialogue can always be
    rebuilt from the intake draft, so a disk flush per turn gains nothing:
    https://www.sqlite.org/pragma.html#pragma_synchronous
    """
    connection.execute("PRAGMA journal_mode=WAL")
    connection.execute("PRAGMA synchronous=NORMAL")
    connection.execute("PRAGMA secure_delete=ON")
