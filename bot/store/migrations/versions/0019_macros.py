"""Macros of the desk"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019_macros"
down_revision = "0018_mentions"
branch_labels = None
depends_on = None

BIG = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")


def upgrade() -> None:
    op.create_table(
        "macros",
        sa.Column("id", BIG, autoincrement=True, nullable=False),
        sa.Column("team", sa.String(length=40), nullable=True),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("status", sa.String(length=30), nullable=True),
        sa.Column("to_team", sa.String(length=40), nullable=True),
        sa.Column("tags", JSON, nullable=False),
        sa.Column("technician_id", BIG, nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["technician_id"], ["technicians.id"], name="fk_macros_technician_id"),
        sa.PrimaryKeyConstraint("id", name="pk_macros"),
    )
